"""The net room: sockets and threads, without Qt, without words.

Reading matter: who knows the thirty-line tutorial reads `server.py` (socket, bind, listen, accept,
thread) and then `session.py` (recv, reply, close) from top to bottom. The rest stands beside them:

============== ==================================================================
facts          plain values the server reports
listening      one listening socket, and why it could not be opened
server         the listener: one loop around accept
session        one client: its worker's loop around recv
farewell       the end of all clients, when the port is closed
outlet         the way out to one client: send, wait, end, close
outbox         bytes waiting to be sent to one client
shared         what all sessions of one server have in common
sender         the thread that writes for everybody else
readiness      which sockets take bytes again
tally          what became of one send, client by client
wire           one client's socket: how Windows differs is said here and nowhere else
turns          clients that flood take turns
turnstile      lets the workers of a crowd through, some at a time
herd           many threads that wake at once
futexes        and the kernel's part in that
wakeup         interrupts a thread that waits for sockets
oserrors       what the system's errors mean
signals        are for the main thread
limits         how many descriptors this process may have
holder         which program holds a port
addresses      this machine's addresses
watcher        who wants to know what the server does
trace          and who wants to see its every call
traced_socket  a socket that tells such a one (its recv and send: wire)
============== ==================================================================

Who closes: only a client's worker closes its socket. Everybody else sends or shuts down, under
the session's lock, while the session is open. Otherwise a stale socket object would reach the
stranger whose connection was given the same descriptor number.

Each send and its journal entry, and each received chunk's entry, are made under that same lock:
otherwise an answer could be journalled before its question.
"""
