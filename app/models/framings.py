"""Which framings the user chose: for everybody, and for single clients of each journal."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from app.frames.framing import FramingFault, NoFraming, Split
from app.frames.written import read_framing
from app.models.framing_plan import CHUNKS, FramingPlan, ReadBy

if TYPE_CHECKING:
    from app.frames.kits import Kit
    from app.frames.shelf import KitShelf
    from app.journal.refs import JournalKey

NONE = str(NoFraming())


class Framings(QObject):
    """Framings as they are written, and what they mean with the kits of now. GUI thread."""

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._make_kits: Callable[[], KitShelf] | None = None
        self._kits: KitShelf | None = None
        self._default = NONE
        self._own: dict[JournalKey | None, dict[int, str]] = {}
        self._journal: JournalKey | None = None

    def set_kits(self, make: Callable[[], KitShelf]) -> None:
        """Make the kits in this way when the first one is needed."""
        self._make_kits = make

    @property
    def kits(self) -> KitShelf | None:
        """The kits there are; None where there are none."""
        if self._kits is None and self._make_kits is not None:
            self._kits = self._make_kits()
        return self._kits

    @property
    def default(self) -> str:
        """What holds for a client that has none of its own."""
        return self._default

    @property
    def own(self) -> Mapping[int, str]:
        """Framings of single clients of the journal that is shown."""
        return self._own.get(self._journal, {})

    @property
    def is_used(self) -> bool:
        """Whether anything is cut into frames."""
        return self._default != NONE or any(spec != NONE for spec in self.own.values())

    def of(self, client_id: int) -> str:
        """Return a client's framing as it is written."""
        return self.own.get(client_id, self._default)

    def set_journal(self, journal: JournalKey) -> None:
        """The clients of this journal are meant from now on."""
        self._journal = journal

    def set_default(self, spec: str) -> None:
        """Read everybody so who has no framing of its own."""
        if spec != self._default:
            self._default = spec
            self.changed.emit()

    def set_own(self, client_ids: Iterable[int], spec: str | None) -> None:
        """Give clients a framing of their own, or None: what holds for everybody."""
        own = self._own.setdefault(self._journal, {})
        before = dict(own)
        for client_id in client_ids:
            if spec is None:
                own.pop(client_id, None)
            else:
                own[client_id] = spec
        if own != before:
            self.changed.emit()

    def plan(self) -> FramingPlan:
        """Return how every client's bytes are read now."""
        known: dict[str, ReadBy] = {}

        def read_by(spec: str) -> ReadBy:
            if spec not in known:
                known[spec] = self.read(spec)
            return known[spec]

        own = {client_id: read_by(spec) for client_id, spec in self.own.items()}
        return FramingPlan(read_by(self._default), own)

    def read(self, spec: str) -> ReadBy:
        """Return what a framing means; one that means nothing (any more) leaves chunks alone."""
        try:
            return self.read_strictly(spec)
        except FramingFault:
            return CHUNKS

    def read_strictly(self, spec: str) -> ReadBy:
        """Return what a framing means. Raises FramingFault."""
        kits: list[Kit] = []

        def rule(name: str) -> Split | None:
            kit = self.kits.find(name) if self.kits is not None else None
            if kit is None:
                return None
            kits.append(kit)
            return kit.split

        framing = read_framing(spec, rule)
        return ReadBy(framing, kits[0] if kits else None)
