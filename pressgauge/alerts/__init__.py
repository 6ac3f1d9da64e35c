"""Alerts, evaluated and put into words: plain values in, notices and texts out."""
