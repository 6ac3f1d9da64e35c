"""Decision trees learnt from judged pages, and what they are asked about a page, in numbers."""
