"""What is kept unpacked beside the articles, as it is asked for so often; made anew where it is missing."""
