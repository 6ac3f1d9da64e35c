"""What several kinds of sources need."""
