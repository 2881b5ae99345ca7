"""The weekly peak on our engine and on others, side by side: `python -m benchmarks.compare`."""
