"""Pressgauge: measure how the press covers a subject."""

__version__ = "0.1.0"
