"""Dow Jones Factiva: HTML and text, and its XML."""
