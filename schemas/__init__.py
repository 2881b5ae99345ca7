"""What things are: frozen, keyword-only values. Imports nothing of ours."""
