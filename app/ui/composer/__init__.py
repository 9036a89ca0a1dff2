"""The composer: typed text, hex or escapes to all, some or one of the clients."""
