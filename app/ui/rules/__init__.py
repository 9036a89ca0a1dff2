"""The rules' window: a table of them, a form for the selected one, and a bench to try them on."""
