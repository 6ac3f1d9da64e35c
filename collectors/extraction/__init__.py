"""Reading what was fetched: pages, feeds, sitemaps. Pure: bytes in, plain values out; one subject a file."""
