"""What a person touches: the `pressgauge` command and the Panel app."""
