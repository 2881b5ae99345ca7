"""One step: each function here is one retried thing, carried out once per case and recorded with what it changes."""
