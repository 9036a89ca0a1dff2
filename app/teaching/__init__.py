"""The teaching room: what the program shows, played by real sockets and threads.

Demo clients so far: `demo_client` talks to our own port for whoever has no client at hand.
"""
