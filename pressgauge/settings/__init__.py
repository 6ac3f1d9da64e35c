"""What a person writes by hand: TOML files of topics, events and outlets, and where they lie."""
