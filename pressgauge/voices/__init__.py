"""Who speaks in articles: quotations, their speakers, and the people and organisations named."""
