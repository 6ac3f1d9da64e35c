"""What a site offers to collect from, found by its address, and whether sources still give anything."""
