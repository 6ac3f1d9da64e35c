"""What becomes of a row on its way in: cleaned cell by cell, and joined with the one that is there."""
