"""Filters and colours of the log: their list beside the window."""
