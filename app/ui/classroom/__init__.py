"""The classroom: what the real threads, sockets and bytes of this server do, on display.

========  ==================================================================
desk      what the pieces share, and how they tell each other what was chosen
pieces    the table of the pieces
dock      the frame of each: it records calls while a piece is visible
room      arranges them for a class, and puts the window back afterwards
========  ==================================================================

Each piece is a folder of its own. Nothing here is imported before it is first shown.
"""
