"""The protocol kits in the window: their list, and the watch over the user's own."""
