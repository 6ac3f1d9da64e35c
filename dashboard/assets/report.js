for (const div of document.querySelectorAll(".chart")) {
  const figure = JSON.parse(div.querySelector("script").textContent)
  await Plotly.newPlot(div, figure.data, figure.layout, {responsive: true, displaylogo: false})
}
