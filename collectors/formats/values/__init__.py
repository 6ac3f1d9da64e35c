"""What databases write into a field: persons, dates, languages, outlets, wrapped lines."""
