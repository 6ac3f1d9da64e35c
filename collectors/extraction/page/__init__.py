"""The page as it lies there: its bytes as text, its tree, its blocks, what it declares about itself."""
