"""The only door between the network and the window (QtCore, no widgets).

`controller` is what the window talks to: it owns the settings, and ties together the `keeper` of
the journal, the `fleet` of servers with a `post` for each, and the `orders` to their clients.
`listener` is the background QThread that runs the server's accept loop. `feed` brings news from
the network's threads to the GUI thread, at most once a frame: never a Qt signal per chunk, for a
queued signal per chunk carries some 14,000 chunks a second and its queue grows without bound.
"""
