"""The Delta table of articles: its files, its commits, and where they lie."""
