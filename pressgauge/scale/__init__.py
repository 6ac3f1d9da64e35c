"""Datasets larger than memory: daily counts and an index a month."""
