"""The left column: network, new clients, log, advanced."""
