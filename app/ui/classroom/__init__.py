"""The classroom: what the real threads, sockets and bytes of a server do, on display.

========  ==================================================================
desk      what the pieces share, and how they tell each other what was chosen
exhibit   the server that is on display: the user's own, or another
piece     what pieces with tools and a view have in common
========  ==================================================================

Each piece is a folder of its own; app.ui.stage says where it stands. Nothing here is imported
before it is first shown.
"""
