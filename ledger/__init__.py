"""What is remembered: an append-only, hash-chained history of every case, and the tables derived from it."""
