"""The teaching room."""
