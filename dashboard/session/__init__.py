"""What a visitor sees and on which version of the data."""
