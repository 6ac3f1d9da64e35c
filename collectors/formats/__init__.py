"""Files that researchers already have: exports of press databases, wire formats, lists and saved pages."""
