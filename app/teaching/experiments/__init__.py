"""The experiments: small plays with real sockets and threads, whose outcome is measured.

===========  =======================================================================
facts        what an experiment tells: steps, and what was expected and measured
lab          what it works with: it waits, can be cancelled, and leaves nothing behind
bench        a server and clients of its own, on 127.0.0.1
stranger     somebody between a client and a server, who reads what passes
samples      what is said in them
catalogue    all of them, in the order of the lessons
performance  one run of one of them in a thread of its own, at the audience's pace
===========  =======================================================================

Every other module is one experiment: a function that plays it in a `Lab` and returns a `Result`.
None touches the user's port, journal or clients; each has a show of its own (see `app.net.trace`).
A step is told when what it tells has happened, never because some time has passed. There are no
words here: a step and a row have keys, and stand in the catalogue `experiments`.
"""
