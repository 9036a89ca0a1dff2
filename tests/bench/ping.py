"""Whether a window is alive: _NET_WM_PING, asked as a window manager does. `pinging` starts it.

    python -m tests.bench.ping WINDOW

A ping goes out every 50 ms, whether or not the former ones were answered: a frozen window must
not save itself the pings it would have failed. Ends with stdin, waits for late answers, and prints
the latencies in ms as JSON.
"""

from __future__ import annotations

import json
import os
import select
import sys
import time

from Xlib import X
from Xlib.display import Display
from Xlib.protocol.event import ClientMessage

from tests.bench.pinging import LATE_S

EVERY_S = 0.05


class Pinger:
    """Pings one window and notes how long each answer took."""

    def __init__(self, window_id: int) -> None:
        self._display = Display()
        self._ping = self._display.intern_atom("_NET_WM_PING")
        self._protocols = self._display.intern_atom("WM_PROTOCOLS")
        self._window = self._display.create_resource_object("window", window_id)
        # Answers go to the root window; which of the two they are sent as depends on Qt's version.
        mask = X.SubstructureNotifyMask | X.StructureNotifyMask
        self._display.screen().root.change_attributes(event_mask=mask)
        self._display.sync()
        self._sent_s: dict[int, float] = {}
        self._number = 0
        self.latencies_ms: list[float] = []

    def run(self) -> None:
        """Ping until stdin ends, then wait for what is under way."""
        next_s, until_s = time.monotonic(), float("inf")
        while time.monotonic() < until_s and (self._sent_s or until_s == float("inf")):
            now_s = time.monotonic()
            if until_s == float("inf") and now_s >= next_s:
                self._send()
                next_s += EVERY_S
            sources = [self._display.fileno()] + ([0] if until_s == float("inf") else [])
            ready, _, _ = select.select(sources, [], [], max(0.0, min(next_s - now_s, EVERY_S)))
            if 0 in ready and not os.read(0, 64):
                until_s = time.monotonic() + LATE_S
            self._take()
        for sent_s in self._sent_s.values():  # never answered: at least this long
            self.latencies_ms.append((time.monotonic() - sent_s) * 1000)

    def _send(self) -> None:
        self._number += 1
        data = (32, [self._ping, self._number, self._window.id, 0, 0])
        self._sent_s[self._number] = time.monotonic()
        self._window.send_event(
            ClientMessage(window=self._window, client_type=self._protocols, data=data)
        )
        self._display.flush()

    def _take(self) -> None:
        while self._display.pending_events():
            event = self._display.next_event()
            if event.type != X.ClientMessage or event.client_type != self._protocols:
                continue
            atom, number, window_id = event.data[1][:3]
            if atom == self._ping and window_id == self._window.id and number in self._sent_s:
                took_s = time.monotonic() - self._sent_s.pop(number)
                self.latencies_ms.append(took_s * 1000)


def main() -> None:
    pinger = Pinger(int(sys.argv[1]))
    sys.stdout.write("pinging\n")
    sys.stdout.flush()
    pinger.run()
    sys.stdout.write(json.dumps(pinger.latencies_ms) + "\n")


if __name__ == "__main__":
    main()
