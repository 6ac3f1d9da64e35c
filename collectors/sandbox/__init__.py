"""Disposable processes in which everything that came from outside is parsed."""
