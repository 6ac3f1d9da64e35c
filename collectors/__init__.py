"""From the web to articles: sources, fetching, extraction and the refresh that joins them."""
