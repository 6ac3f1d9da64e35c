"""When an article was published: of all dates that a page holds, the one, in the page's own zone."""
