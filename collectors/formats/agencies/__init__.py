"""Wire formats of news agencies: one file a format."""
