"""The page of a dataset too large for memory."""
