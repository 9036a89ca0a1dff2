"""A client's run once more, and two runs side by side."""
