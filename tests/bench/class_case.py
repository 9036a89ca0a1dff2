"""A class in full swing: a hundred lanes, and a student's program that serves all who talk."""

from __future__ import annotations

from tests.bench.clients import crowd
from tests.bench.figures import Figure, Values, at_most
from tests.bench.pinging import pinged
from tests.bench.sizes import Size
from tests.bench.stage import Stage
from tests.bench.talk import Talk

LANES, TALKING, RATE = 100, 50, 20.0

FIGURES = (
    Figure("cpu_percent", "in class, 100 lanes, a student's program serves 50 × 20/s: processor",
           "%"),
    Figure("ping_p99_ms", "window answers a ping meanwhile, p99", "ms", at_most(33)),
)  # fmt: skip


def run(stage: Stage, size: Size) -> Values:
    """Run the first starter, and talk to it."""
    with stage.window() as window:
        window.do("host")
        with crowd(window.port, LANES) as clients:
            window.do("await_online", count=LANES)
            talk = Talk(clients.sockets[:TALKING], RATE)
            talk.run(2)
            with pinged(window.window) as ping:
                cpu_s = window.watched.cpu_s
                talk.run(size.chat_s)
                cpu_percent = (window.watched.cpu_s - cpu_s) / size.chat_s * 100
    return ping.values | {"cpu_percent": cpu_percent}
