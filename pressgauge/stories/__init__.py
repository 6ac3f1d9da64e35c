"""Which articles are copies of one text, and whose text it was."""
