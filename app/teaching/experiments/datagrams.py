"""UDP beside TCP: no connection, each send a message of its own, and no promise to arrive."""

from __future__ import annotations

import socket
import sys
from typing import TYPE_CHECKING

from app.net.facts import Endpoint
from app.net.peer import drops
from app.teaching.calls import BARE_SERVER
from app.teaching.experiments.bench import HOST, Peer, connected
from app.teaching.experiments.facts import Result, Row, Rule, Word, yes_or_no
from app.teaching.experiments.lab import PATIENCE_S
from app.teaching.experiments.samples import ORDERS
from app.teaching.peers import DatagramSocket

if TYPE_CHECKING:
    from app.teaching.experiments.lab import Lab

STEPS = ("bound", "peers", "kept", "glued", "nobody", "flood", "lost", "order")
MANY, EACH_BYTES = 64, 512
ROOM_BYTES = 4096  # asked for; the kernel rounds it
MOST_WAIT_S = 1.0


def run(lab: Lab) -> Result:
    """Let two clients talk to one socket, then say more than it has room for."""
    server = _server(lab)
    lab.step("bound", lab.did(server, "bind"))
    where = Endpoint(*server.getsockname())
    first, second = (
        lab.belongings.enter_context(DatagramSocket(lab.name_client(where))) for _ in range(2)
    )
    first.say(b"I am A", where)
    second.say(b"I am B", where)
    heard = [server.hear() for _ in range(2)]
    peers = len({address for _, address in heard})
    lab.step("peers", lab.did(server, "recvfrom", 2), n=peers, data=tuple(d for d, _ in heard))
    messages = tuple(order.encode("gbk") for order in ORDERS)
    for message in messages:
        first.say(message, where)
    kept = tuple(server.hear()[0].decode("gbk") for _ in messages)
    lab.step("kept", lab.did(server, "recvfrom", len(kept)), n=len(kept), messages=ORDERS)
    glued = _same_by_tcp(lab, messages)
    lab.step("glued", n=glued)
    told = _speak_to_nobody(lab)
    lab.step("nobody", answer=told)
    before = drops(server)
    for number in range(MANY):
        first.say(number.to_bytes(4, "big") + bytes(EACH_BYTES - 4), where)
    lab.step("flood", lab.did(first, "sendto"), n=MANY, size=EACH_BYTES)
    arrived = _arrived(server)
    lost = drops(server) - before if sys.platform == "linux" else None
    dropped = Word("not_told") if lost is None else lost
    lab.step("lost", lab.did(server, "recvfrom"), n=len(arrived), lost=MANY - len(arrived),
             dropped=dropped)  # fmt: skip
    in_order = yes_or_no(arrived == sorted(arrived))
    lab.step("order", in_order=in_order)
    return Result(
        (
            Row("sockets", 2, peers),
            Row("kept", ORDERS, kept),
            Row("glued", 1, glued),
            Row("nobody", Word("refused"), told),
            Row("arrived", MANY - 1, len(arrived), Rule.AT_MOST),
            Row("dropped", MANY - len(arrived), lost),
        )
    )


def _server(lab: Lab) -> DatagramSocket:
    """One socket for everybody: there is no listen, and nothing to accept."""
    server = lab.belongings.enter_context(DatagramSocket(BARE_SERVER))
    server.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, ROOM_BYTES)
    server.take_a_port(HOST)
    server.settimeout(PATIENCE_S)
    return server


def _same_by_tcp(lab: Lab, messages: tuple[bytes, ...]) -> int:
    """Return how many recv it takes to get the messages from TCP, when all have arrived."""
    client, near = connected(lab, BARE_SERVER)
    for message in messages:
        client.send(message)
    size_bytes = sum(map(len, messages))
    lab.wait_until(lambda: near.has_news() and _waits_bytes(near) == size_bytes)
    count = received = 0
    while received < size_bytes:
        received += len(near.recv())
        count += 1
    return count


def _waits_bytes(peer: Peer) -> int:
    return len(peer.socket.recv(ROOM_BYTES, socket.MSG_PEEK))


def _speak_to_nobody(lab: Lab) -> Word:
    """Send to a port that nobody has; return what the sender learns of that."""
    with DatagramSocket(BARE_SERVER) as gone:
        gone.take_a_port(HOST)
        nobody = gone.getsockname()
    lonely = lab.belongings.enter_context(DatagramSocket("C"))
    # Nothing goes over the line: the kernel learns whose errors this socket wants to hear of.
    socket.socket.connect(lonely, nobody)
    lonely.settimeout(MOST_WAIT_S)
    lonely.send(b"anybody there?")  # the kernel takes it in any case
    try:
        lonely.hear()
    except ConnectionError:  # ICMP "port unreachable" came back
        return Word("refused")
    except TimeoutError:
        return Word("unanswered")
    return Word("connected")


def _arrived(server: DatagramSocket) -> list[int]:
    """Return the numbers of all datagrams that wait: on loopback, all that will ever come."""
    server.settimeout(0)
    arrived = []
    while True:
        try:
            arrived.append(int.from_bytes(server.hear()[0][:4], "big"))
        except BlockingIOError:
            return arrived
