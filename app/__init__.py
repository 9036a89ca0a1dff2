"""Portside: a network debugging assistant, server side.

The rooms, from the street up; imports go downwards only, and import-linter checks it:

==========  ==========================================================================
paths       where the program's resources and the user's data are
settings    one frozen dataclass: every default, its range, and how it is stored
text        encodings, stream decoders, hex, escapes, typed text to bytes
journal     every chunk and event on disk: one writer, many readers, find, export
net         sockets and threads: the server, its sessions, their outboxes
reply       automatic replies
teaching    demo clients
wording     facts to sentences, in Chinese and English
models      the client table's model, the log's rows (QtCore)
bridge      the only door between net and ui: listener QThread, feed, controller (QtCore)
cli, ui     the two faces: console and window
self_test   the program tries itself out, all of the above
==========  ==========================================================================
"""

__version__ = "0.1.0"
APP_NAME = "Portside"
