"""The stage: the whole window for a class, in place of tables and tools.

=======  ===================================================================
door     the way in and out: menu, button; the window is afterwards as it was
stage    what stands where: top bar, story, what is seen, the strip at the foot
pages    the table of all that can be on it
page     what a page of the story is
story    the pages at the left, one at a time
seen     the time line, and below it source, calls, bytes or log
place    the frame of one piece; it can be torn off to a second screen
loan     parts of the window that play a role here, and go back
top      type size, slow motion, the way out
foot     the user's own server, in one line
memory   what is found again in the next class
=======  ===================================================================

What stands on it is in app.ui.classroom, a folder a piece, and is imported when it is first shown.
The stage replaces docks: there is nothing to arrange, so nothing can be arranged badly.
"""
