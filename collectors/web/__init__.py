"""The one door to the web: requests, their limits, and whom they may ask."""
