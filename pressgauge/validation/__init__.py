"""Is the query right? Samples judged by people, and what follows from them."""
