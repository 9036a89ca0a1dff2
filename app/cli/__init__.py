"""The face without a window: the command line, the console, the self-test.

===========  =====================================================================
options      the command line to `Arguments`; help; what is wrong said in one sentence
display      whether there is a screen to show a window on
start        settings, language and journal of a run without a window
console      the server with lines for a face: entries out, sends in
exporting    a journal into a file
lines        one entry to one line
typed        lines typed on stdin
===========  =====================================================================

The console imports no Qt: it must work where Qt's libraries are missing.
"""
