"""The net room: sockets and threads, without Qt, without words.

Reading matter: who knows the thirty-line tutorial reads `server.py` (socket, bind, listen, accept,
thread) and then `session.py` (recv, reply, close) from top to bottom. The rest stands beside them:

============== ==================================================================
facts          plain values the server reports, and to whom
kinds          what kinds of servers there are, and what each can do
listening      one listening socket, and why it could not be opened
server         the listener: one loop around accept
admission      who may come in, and who is ended for being silent
tls_server     the same for clients that speak TLS
tls_context    with which certificates and rules
tls_wire       TLS around a client's wire
certificate    the program's own certificates
udp_server     a server without connections: one loop around recvfrom
peer           one who sends datagrams, or gets them
multicast      joining a group
forward_server a server that dials a target for each client
relayed        one side of a forwarded connection
dialling       reaching a target, but not oneself
targets        HOST:PORT as people write it
wire_around    a wire around another one
proxied        who is behind a proxy: the PROXY protocol's header
records        what the journal keeps of a client
reception      what any thread may ask of a server
session        one client: its worker's loop around recv
first_bytes    what a stream's first bytes tell
answering      what a client is answered automatically
outlet         the way out to one client: send, wait, end, close
outbox         bytes waiting to be sent to one client
shared         what all sessions of one server have in common
engine         what all servers of this process have in common
crowd          a turnstile: two workers at once receive, however many want to
poll           which of many sockets have something to receive
sender         the thread that writes for everybody else
in_flight      what is on its way to a client, and whether it has vanished
last_word      whether a client that has finished sending still listens
readiness      which sockets take bytes again
answers        the seam to whoever knows what to answer
answering      does for one client what is answered, now or later
pump           sends piece after piece, as one client reads them
timetable      the thread that does things at their time
tally          what became of one send, client by client
tasks          a room of its own: what sends by itself
wire           one client's socket: how Windows differs is said here and nowhere else
wakeup         interrupts a thread that waits for sockets
oserrors       what the system's errors mean
process        what this process asks of its system: descriptors, signals, turns of threads
holder         who is in the way of a port
addresses      this machine's addresses, and where one dials
trace          who wants to see its every call
traced_socket  a socket that tells such a one (its recv and send: wire)
============== ==================================================================

The walls stand so because there is one mechanism for crowds. There were five, each right when it
came: turns for clients that flood, a turnstile for those that come by the thousand, a switch
interval that grew with them, and batches for those who wait for the disk and for those who are cut
off. Together they fell over each other: from 1,500 clients that flood on, three to eleven times
slower than with none of them. Now there is one turnstile, and the others are not missed.
So `server` and `session` need not speak of crowds, and what a process has once is opened by its
first server and closed by its last.

Who closes: only a client's worker closes its socket. Everybody else sends or shuts down, under
the session's lock, while the session is open. Otherwise a stale socket object would reach the
stranger whose connection was given the same descriptor number.

Each send and its journal entry, and each received chunk's entry, are made under that same lock:
otherwise an answer could be journalled before its question.

What holds everything up (the listener, the turnstile's thread, the sender) does not die of what it
does not know: it reports a SERVER_ERROR, and goes on or closes in order.

What rests on the interpreter lock, and must be looked at before Python runs without it: a copy of a
dictionary that others change (`roster`, `threads`), a look at a flag or a number that another
thread writes (`Crowd.is_full`, `Outlet.waiting_bytes`, `Session`'s counters; `Intake.append` and
`Loose` in the journal), append and popleft of one deque (`Sender`; `Inbox` in the bridge).
"""
