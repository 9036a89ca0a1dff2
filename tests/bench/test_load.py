"""What the load programs rely on: pacing, the kernel's queues, what is sent and what is told."""

from __future__ import annotations

import hashlib
import socket
import threading
from collections.abc import Iterator

import pytest

pytest.importorskip("fcntl")

from tests.bench.clients import PACE, crowd
from tests.bench.flood_case import payload, pour, sha256_of
from tests.bench.sockets import _by_file, _by_netlink, unread, waiting_to_be_accepted
from tests.support.wait import wait_until


@pytest.fixture
def server() -> Iterator[socket.socket]:
    with socket.create_server(("127.0.0.1", 0), backlog=128) as listening:
        yield listening


def port_of(listening: socket.socket) -> int:
    return int(listening.getsockname()[1])


def test_who_waits_to_be_accepted_is_known(server: socket.socket) -> None:
    port = port_of(server)
    with crowd(port, 3):
        wait_until(lambda: waiting_to_be_accepted(port) == 3)
        server.accept()[0].close()
        assert waiting_to_be_accepted(port) == 2


@pytest.mark.parametrize("source", [_by_netlink, _by_file])
def test_unread_bytes_are_known_both_ways(server: socket.socket, source: object) -> None:
    assert callable(source)
    port = port_of(server)
    with crowd(port, 1) as clients:
        accepted, address = server.accept()
        with accepted:
            clients.sockets[0].send(b"five!")
            wait_until(lambda: unread(port, {address[1]}) == (5, 1))
            found = [
                s for own, s in source(0xFFFFFFFF) if own == port and s.peer_port == address[1]
            ]
            assert [s.unread_bytes for s in found] == [5]


def test_nobody_dials_while_too_many_wait(server: socket.socket) -> None:
    port = port_of(server)
    most = 0
    accepted = []

    def accept() -> None:
        nonlocal most
        for _ in range(400):
            most = max(most, waiting_to_be_accepted(port))
            accepted.append(server.accept()[0])

    accepting = threading.Thread(target=accept)
    accepting.start()
    with crowd(port) as clients:
        clients.connect(400, lambda number: b"%d" % number)
        accepting.join()
        assert len(clients.sockets) == len(accepted) == 400
    # Those under way when it stops dialling still arrive.
    assert most <= PACE + 64
    for client in accepted:
        client.close()


def test_every_client_pours_its_own_bytes(server: socket.socket) -> None:
    each_bytes = 300_000
    payloads = [payload(number, 1_024) for number in range(2)]
    found = []

    def receive(client: socket.socket) -> None:
        digest = hashlib.sha256()
        with client:
            while part := client.recv(65_536):
                digest.update(part)
        found.append(digest.hexdigest())

    with crowd(port_of(server), 2) as clients:
        threads = [threading.Thread(target=receive, args=server.accept()[:1]) for _ in payloads]
        for thread in threads:
            thread.start()
        pour(clients.sockets, payloads, each_bytes, 1_024)
    for thread in threads:
        thread.join()
    assert sorted(found) == sorted(sha256_of(data, each_bytes) for data in payloads)


def test_a_payload_is_whole_chunks_and_tells_its_client() -> None:
    data = payload(7, 65_536)
    assert len(data) % 65_536 == 0
    assert b"client 007" in data[:64]
    assert data[:65_536] != data[65_536 : 2 * 65_536]
