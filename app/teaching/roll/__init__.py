"""The class joins in: who is here, what they answer, and the page for those who dial in a browser.

=======  ===================================================================
lines    one client's bytes to lines, also where no line break comes
request  a browser's request, told from everything else, and its answer
hearing  what workers hear, handed on: the only part that knows sockets
naming   a line to a name, two of the same told apart
roll     who is here, since when, on which connections
poll     a question, and who answered what
=======  ===================================================================

Workers only cut streams and send pages. Whose line it is, what it is called and what its answer
counts is decided in one thread, from what `hearing` has handed on: there is no lock.
"""
