"""A Plotly figure: on the page, in a document of its own, and the part of plotly.js that draws both."""
