"""Where articles come from: refreshes, how each source is doing, new sources, alerts."""
