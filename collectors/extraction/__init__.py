"""Reading a page: what its title, text, authors and date are. Pure: bytes in, plain values out."""
