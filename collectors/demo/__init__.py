"""A synthetic press: invented outlets that write about real, dated events, and what is true about it."""
