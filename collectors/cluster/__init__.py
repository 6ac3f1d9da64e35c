"""Reading archives on the workers of a Dask cluster."""
