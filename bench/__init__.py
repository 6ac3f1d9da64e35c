"""Timings as ratios: each bench module sets our figure beside what a user would write instead."""
