"""Counting by bitmaps: sets of articles as a bit each, ordered so that what is counted lies together."""
