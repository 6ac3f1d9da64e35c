"""Timings as ratios: each bench module gives rows that set our figure beside what a user would write instead."""
