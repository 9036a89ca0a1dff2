"""The bridge room."""
