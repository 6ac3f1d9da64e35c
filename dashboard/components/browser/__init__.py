"""What the browser does by modules of ours, and what these have in common."""
