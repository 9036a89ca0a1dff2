"""The only door between the network and the window (QtCore, no widgets).

`controller` is what the window talks to; it owns the server, the journal and the settings.
`listener` is the background QThread that runs the server's accept loop. `feed` brings news from
the network's threads to the GUI thread, at most once a frame: never a Qt signal per chunk, for a
queued signal per chunk carries some 14,000 chunks a second and its queue grows without bound.
"""
