"""Rows of articles: tables, JSON of services, lists of references and bookmarks."""
