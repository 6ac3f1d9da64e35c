"""The dataset on disk: append, read, export and repair."""
