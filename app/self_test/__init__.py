"""The program tries itself out as a person would: with its real window, and a client from outside.

===========  =====================================================================
run          the order of the steps, the line to print, the report
steps        one step after another: how each went, and how long it took
visit        a client comes, says something, is answered and leaves
parts        icons, words, classroom, shown sources: all is there and can be used
complaints   what goes wrong unseen meanwhile: Qt's warnings, exceptions that reach nobody
===========  =====================================================================

A packaged program proves with it that it is whole. It needs no display, and leaves nothing behind.
"""
