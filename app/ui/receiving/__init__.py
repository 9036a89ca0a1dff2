"""Receiving to files while the server runs: begun by a dialog, seen and stopped in a banner."""
