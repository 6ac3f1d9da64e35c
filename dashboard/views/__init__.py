"""One file a view. A view draws the session's state when asked to (`update`) and offers its components as
`panel`."""
