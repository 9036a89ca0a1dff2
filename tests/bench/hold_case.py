"""Clients by the thousand: they come, stay, leave at once, come again, and the port is closed."""

from __future__ import annotations

import contextlib
import time

from tests.bench.clients import crowd
from tests.bench.damage import repaints
from tests.bench.driven import Driven, bare_server
from tests.bench.figures import Figure, Peers, Values, at_least, at_most
from tests.bench.pinging import pinged
from tests.bench.sizes import Size
from tests.bench.stage import Stage
from tests.bench.watching import TookTooLong, wait_for

BACKLOG = 128  # of both servers
LEFT_S = 30.0

FIGURES = (
    Figure("held", "clients held", peers=Peers("1,229 (5,000)", "2,900 (5,000)", "10,000")),
    Figure("accepted_percent", "of those that came", "%", at_least(100)),
    Figure("threads_each", "threads per client", "", at_most(1.01)),
    Figure("descriptors_each", "descriptors per client", "", at_most(1.01)),
    Figure("connects_per_s", "connect rate, paced", "/s", None, "bare_connects_per_s",
           at_least(0.5), Peers("985 /s (500)", "838 /s (1,000)", "2,976 /s")),
    Figure("kib_each", "memory per client", "KiB", None, "bare_kib_each", at_most(1.5),
           Peers("1,550 KiB", "23 KiB", "20 KiB")),
    Figure("ping_p99_ms", "window answers a ping meanwhile, p99", "ms", at_most(50),
           peers=Peers("", "", "473 ms")),
    Figure("ping_max_ms", "the same, longest", "ms", at_most(400), peers=Peers("", "", "492 ms")),
    Figure("idle_cpu_percent", "processor while all are idle", "%", at_most(1),
           peers=Peers("", "137 % (2,716)", "36 %")),
    Figure("idle_repaints_per_s", "repaints a second while all are idle", "", at_most(1.2)),
    Figure("leave_s", "all leave at once: every row says offline after", "s", at_most(2),
           "bare_leave_s", peers=Peers("", "", "1.2 s")),
    Figure("left_behind", "threads and descriptors left then", "", at_most(0)),
    Figure("close_s", "port closed under all of them after", "s", at_most(3)),
    Figure("close_ping_max_ms", "window answers a ping meanwhile, longest", "ms", at_most(400)),
)  # fmt: skip


def run(stage: Stage, size: Size) -> Values:
    """Measure the bare server, then the program, with the same pacing."""
    values = _bare(size)
    with stage.window(backlog=BACKLOG) as window:
        window.watched.settle()
        values |= _hold(window, size)
        window.watched.settle()
        values |= _close_under_them(window, size)
    return values


def hello(number: int) -> bytes:
    """What each client says when it comes."""
    return b"Hello Neo %d" % number


def _bare(size: Size) -> Values:
    with bare_server("--backlog", str(BACKLOG)) as bare, crowd(bare.port) as clients:
        watched = bare.watched
        memory_bytes, threads = watched.memory_bytes, watched.threads
        took_s = clients.connect(size.clients, hello)
        clients.wait_read(60)
        grown_bytes = watched.memory_bytes - memory_bytes
        values = {
            "bare_connects_per_s": size.clients / took_s,
            "bare_kib_each": grown_bytes / 1024 / size.clients,
        }
        from_s = clients.leave()
        with contextlib.suppress(TookTooLong):  # then there is no figure
            gone_s = wait_for(
                lambda: watched.threads <= threads, size.patience_s, "the bare server"
            )
            values["bare_leave_s"] = gone_s - from_s
        return values


def _hold(window: Driven, size: Size) -> Values:
    watched, count = window.watched, size.clients
    threads, descriptors = watched.threads, watched.descriptors
    memory_bytes = watched.memory_bytes
    with (
        pinged(window.window) as ping,
        repaints(window.window) as painted,
        crowd(window.port) as clients,
    ):
        took_s = clients.connect(count, hello)
        window.do("await_online", count=count)
        clients.wait_read(60)
        values = {
            "connects_per_s": count / took_s,
            "kib_each": (watched.memory_bytes - memory_bytes) / 1024 / count,
            "threads_each": (watched.threads - threads) / count,
            "descriptors_each": (watched.descriptors - descriptors) / count,
        }
        watched.settle()
        values["idle_cpu_percent"] = watched.cpu_percent(size.idle_s)
        values["idle_repaints_per_s"] = painted.count(size.idle_s) / size.idle_s
        online = window.do("report")["online"]
        values["held"] = min(online, count - clients.hung_up())
        values["accepted_percent"] = values["held"] / count * 100
        from_s = clients.leave()
        values["leave_s"] = window.do("await_offline")["at_s"] - from_s
    values["left_behind"] = _left(window, threads, descriptors)
    return values | ping.values


def _left(window: Driven, threads: int, descriptors: int) -> int:
    """Wait for the last to go; return how many threads and descriptors there are too many."""
    watched = window.watched

    def left() -> int:
        return max(0, watched.threads - threads) + max(0, watched.descriptors - descriptors)

    with contextlib.suppress(TookTooLong):
        wait_for(lambda: not left(), LEFT_S, "no thread and no descriptor is left")
    return left()


def _close_under_them(window: Driven, size: Size) -> Values:
    with crowd(window.port) as clients:
        clients.connect(size.clients, hello)
        window.do("await_online", count=size.clients)
        clients.wait_read(60)
        window.watched.settle()
        with pinged(window.window) as ping:
            closed = window.do("close_port")
            time.sleep(0.5)  # what it does afterwards counts too
    return {
        "close_s": closed["at_s"] - closed["from_s"],
        "close_ping_max_ms": ping.values["ping_max_ms"],
    }
