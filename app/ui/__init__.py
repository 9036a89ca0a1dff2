"""The window (QtWidgets): a folder for each part of it.

`application` starts the program, `window` puts the parts together and connects them to the
controller, `actions` is the one table of everything that has a menu entry or a key. The parts know
the controller only through the signals and methods that `window` connects: setup (left column),
clients (table), log, composer; theme and widgets serve them all.
"""
