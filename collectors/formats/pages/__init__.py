"""Saved pages: web archives, single files, plain text."""
