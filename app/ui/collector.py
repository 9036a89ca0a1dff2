"""Python's cycle collector, fitted to a program with a window and many threads.

Left to itself it runs in whichever thread makes the next object, mostly a client's. What it finds
there may be Qt's: a timer that dies in a foreign thread stays in the event loop's list, and the
loop then calls what is no more (SIGSEGV). So it runs in the GUI thread, and nowhere else.
"""

from __future__ import annotations

import gc

from PySide6.QtCore import QObject, QTimer

# A full collection looks at every object there is, with the interpreter held: with ten thousand
# clients a tenth of a second, and Python's own thresholds ask for one again and again while they
# come. What the server makes by the thousand (rows, sessions) has no cycles.
THRESHOLDS = (10_000, 20, 100)
LOOK_MS = 250


class Collector(QObject):
    """Collects cycles in the thread of its owner, from now to the owner's end. GUI thread."""

    def __init__(self, owner: QObject) -> None:
        super().__init__(owner)
        gc.disable()
        self._timer = QTimer(self, interval=LOOK_MS)
        self._timer.timeout.connect(self._look)
        self._timer.start()

    def _look(self) -> None:
        """Collect the oldest generation that is due, as Python would."""
        due = [made > most for made, most in zip(gc.get_count(), THRESHOLDS, strict=True)]
        if any(due):
            gc.collect(max(at for at, is_due in enumerate(due) if is_due))


def calm_collector(owner: QObject) -> None:
    """Leave alone what was made at the start; look at the rest in the GUI thread."""
    gc.freeze()
    Collector(owner)
