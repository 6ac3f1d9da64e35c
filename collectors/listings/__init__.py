"""Reading what lists articles: feeds, sitemaps, the links of a page. Pure: bytes in, plain values out."""
