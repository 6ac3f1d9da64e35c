"""What a refresh tells of: the outbox beside a dataset, and the channels that empty it."""
