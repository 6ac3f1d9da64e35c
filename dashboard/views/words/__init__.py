"""The words of the compared lines: topics and queries, their contexts, what tells them apart."""
