"""What the client table's visible rows show, and which of their cells have changed since."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING

from app.models.client_texts import Shown, differing, facts_of, shown

if TYPE_CHECKING:
    from app.journal.refs import ClientRef
    from app.models.client_columns import Column
    from app.models.client_row import Client

SECOND_NS = 1_000_000_000
# A timer of a second is sometimes a little early; waiting for the next would skip a second.
CLOCK_STEP_NS = SECOND_NS - 50_000_000


class ClientScreen:
    """Remembers rows as they were painted. GUI thread; knows nothing of Qt.

    Its clock moves in steps of a second, for all rows at once: so all idle times change together,
    in one repaint a second, however often somebody looks.
    """

    def __init__(self, clock: Callable[[], int]) -> None:
        """`clock` is time.monotonic_ns, or a test's."""
        self._clock = clock
        self._shown: dict[ClientRef, Shown] = {}
        self.now_ns = clock()

    def advance(self) -> bool:
        """Let a second pass if it has passed."""
        now_ns = self._clock()
        if now_ns - self.now_ns < CLOCK_STEP_NS:
            return False
        self.now_ns = now_ns
        return True

    def row(self, client: Client) -> Shown:
        """Return what the row shows, made when it first comes to the screen."""
        found = self._shown.get(client.ref)
        if found is None:
            found = self._shown[client.ref] = shown(client, self.now_ns)
        return found

    def changes(self, clients: Sequence[Client]) -> dict[Column, list[int]]:
        """Return the changed cells of the visible `clients`: column -> positions in `clients`.

        What is known of rows that are no longer visible is forgotten.
        """
        visible: dict[ClientRef, Shown] = {}
        changed: dict[Column, list[int]] = {}
        for at, client in enumerate(clients):
            row = self._shown.get(client.ref)
            if row is None:
                continue  # not painted yet
            if row.facts != facts_of(client, self.now_ns):
                now = shown(client, self.now_ns)
                for column in differing(row, now):
                    changed.setdefault(column, []).append(at)
                row = now
            visible[client.ref] = row
        self._shown = visible
        return changed

    def forget(self, clients: Iterable[ClientRef]) -> None:
        """These rows are gone, or must be made anew."""
        for client in clients:
            self._shown.pop(client, None)

    def forget_all(self) -> None:
        """The words have changed, or all rows."""
        self._shown.clear()
