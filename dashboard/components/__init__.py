"""What views are built of: markup, charts, chips, the filters."""
