"""Who wrote an article, and which words of a byline are persons."""
