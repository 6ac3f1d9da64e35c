"""Exports of press databases: one file a database."""
