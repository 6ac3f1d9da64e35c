"""A refresh: what happens in which order, what is decided, what is kept."""
