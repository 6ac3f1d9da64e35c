"""What a visitor takes along: files, a report, a notebook, a citation."""
