"""The log: its rows painted by one widget, its tool bar, the detail of one entry."""
