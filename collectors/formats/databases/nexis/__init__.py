"""Nexis and LexisNexis: the blocks that all its exports print, and each of its files."""
