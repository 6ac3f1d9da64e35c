"""The query language, the index that answers it, and what of a text matches."""
