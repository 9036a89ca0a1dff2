"""Chunks or frames: the switch of the log, and how frames are cut."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from app.frames.places import entry_of
from app.journal.entry import Kind
from app.journal.errors import JournalError
from app.models.framings import Framings
from app.models.task import Task, TaskSlot
from app.wording import tr

if TYPE_CHECKING:
    from app.frames.kits import Kit
    from app.journal.entry import Entry
    from app.journal.refs import ClientRef, JournalKey
    from app.models.framing_plan import FramingPlan
    from app.models.log_rows import LogRows
    from app.ui.log.plot_window import PlotWindow
    from app.ui.log.tools import LogTools
    from app.ui.log.view import LogView

_SAMPLE_CHUNKS = 48
_MOST_COLUMNS = 8  # of a kit


class LogFraming(QObject):
    """Keeps the log's rows as the framings and the switch have them. GUI thread."""

    default_changed = Signal(int, str)  # a server's number and its framing, by the user
    guessed = Signal(object, object)  # ClientRef, Kit: its bytes look like this kit's frames
    columns_changed = Signal(str)  # which fields have a column, as it is kept, by the user
    unit_changed = Signal(bool)  # rows are frames now, or chunks

    def __init__(self, rows: LogRows, view: LogView, tools: LogTools, parent: QObject) -> None:
        super().__init__(parent)
        self.framings = Framings(self)
        self._rows, self._view, self._tools = rows, view, tools
        self._frames = True  # what the user wants to see where something is cut
        self._preparing, self._guessing = TaskSlot(self), TaskSlot(self)
        self._preparing.done.connect(self._guess)
        self._guessing.done.connect(self._on_guessed)
        self._suggested: set[str] = set()  # kits
        self._plots: list[PlotWindow] = []
        self._columns: dict[str, list[str]] = {}  # names of fields, by kit
        self._wanted_entry: int | None = None  # to be shown once its frames are there
        self.framings.changed.connect(self._on_changed)
        tools.units.changed.connect(lambda unit: self.show_frames(unit == "frames"))
        tools.framing.clicked.connect(self.choose)
        rows.altered.connect(self._show_wanted)
        rows.fill_progressed.connect(self._show_progress)
        rows.filling_changed.connect(lambda _: tools.name_framing(self._name()))
        self._show_tools()

    def judge(self, client: ClientRef, sample: bytes) -> None:
        """Look in the background whose frames these bytes are, unless the user said it."""
        if self.framings.is_used or self._guessing.is_busy or self._preparing.is_busy:
            return

        def prepare(_task: Task) -> tuple[ClientRef, bytes]:
            # Imported here: while the first client floods, the window would wait for it.
            from app.frames import guess, shelf  # noqa: F401

            return client, sample

        self._preparing.start(Task("log-guess", prepare))

    def _guess(self, asked: tuple[ClientRef, bytes]) -> None:
        client, sample = asked
        kits = self.framings.kits
        if kits is None or self.framings.is_used:
            return

        def work(_task: Task) -> tuple[ClientRef, Kit | None]:
            from app.frames.guess import guess_kit

            return client, guess_kit(kits.usable(), sample)

        self._guessing.start(Task("log-guess", work))

    def _on_guessed(self, guess: tuple[ClientRef, Kit | None]) -> None:
        client, kit = guess
        if kit is not None and kit.id not in self._suggested and not self.framings.is_used:
            self._suggested.add(kit.id)  # once: who does not want it is not asked again
            self.guessed.emit(client, kit)

    def take_guess(self, client: ClientRef, kit: Kit) -> None:
        """Show the bytes of this client's server as frames of this kit."""
        spec = f"kit:{kit.id}"
        self.default_changed.emit(self.framings.set_servers_of(client.number, spec), spec)

    def plot(self, field: str) -> None:
        """Show a field's values over time: of all frames, and of those to come."""
        from app.ui.log.plot_window import PlotWindow

        plot = PlotWindow(self._rows, field, self._view.window())
        self._plots.append(plot)
        plot.finished.connect(lambda _: self._plots.remove(plot))
        plot.show()

    def close_plots(self) -> None:
        """The journal is about to be another one."""
        for plot in list(self._plots):
            plot.reject()

    def shut_down(self) -> None:
        """Cancel what is at work."""
        self.close_plots()
        self._preparing.stop()
        self._guessing.stop()

    def handlers(self) -> dict[str, Callable[..., object]]:
        """What the commands over frames do."""
        return {"framing": self.choose, "frames": self.show_frames}

    def why_not(self) -> dict[str, str]:
        """For each command, the key of why it can do nothing now; "" where it can."""
        return {"frames": "" if self.framings.is_used else "log.why_no_framing"}

    def set_journal(self, journal: JournalKey) -> None:
        """Another journal is about to be shown: its clients have framings of their own."""
        self.framings.set_journal(journal)
        self._wanted_entry = None
        self._set_plan(self.shows_frames)
        self._show_tools()

    @property
    def shows_frames(self) -> bool:
        """Whether rows are frames now."""
        return self._frames and self.framings.is_used

    def retranslate(self) -> None:
        """Fetch the words of the current language."""
        self._show_tools()

    def set_columns(self, kept: str) -> None:
        """These fields have a column, as `columns_changed` told it."""
        columns = _read_columns(kept)
        if columns != self._columns:
            self._columns = columns
            self._apply()

    def show_column(self, name: str, on: bool) -> None:
        """Give a field of the current row's kit a column in the log, or take it away."""
        client_id = self._client()
        kit = self.framings.read(self.framings.of(client_id)).kit
        for kit_id in [kit.id] if on and kit is not None else list(self._columns):
            names = [each for each in self._columns.get(kit_id, []) if each != name]
            self._columns[kit_id] = [*names, name] if on else names
        self._apply()
        self.columns_changed.emit(json.dumps(self._columns, ensure_ascii=False, sort_keys=True))

    def _shown_columns(self, plan: FramingPlan) -> tuple[str, ...]:
        """The fields of the kits in use that have a column."""
        used = (plan.default, *plan.servers.values(), *plan.own.values())
        kits = [read_by.kit for read_by in used]
        names = [name for kit in kits if kit for name in self._columns.get(kit.id, [])]
        return tuple(dict.fromkeys(names))

    def reload(self) -> None:
        """Kits have changed: read everything anew."""
        if self.framings.is_used:
            self._apply()

    def show_frames(self, frames: bool) -> None:
        """Show frames, or the chunks that came; the current row stays in sight."""
        if frames != self._frames:
            self._frames = frames
            self._apply()

    def choose(self) -> None:
        """Let the user choose a framing, over the bytes of the current row's client."""
        from app.ui.log.framing_dialog import FramingDialog

        client_id = self._client()
        before = self.framings.default
        dialog = FramingDialog(self.framings, client_id, self._sample(client_id), self._view)
        dialog.exec()
        dialog.deleteLater()
        if self.framings.default != before:
            self.default_changed.emit(self.framings.selected, self.framings.default)

    def _client(self) -> int:
        """The client of the current row, or the one in sight that spoke last; 0: none."""
        current = self._view.selection.current
        row = self._rows.row(current) if current is not None else None
        if row is not None and row.client_id:
            return row.client_id
        spoken = [row.client_id for row in self._view.visible_rows if row.is_chunk]
        return spoken[-1] if spoken else 0

    def _sample(self, client_id: int) -> list[Entry]:
        from app.ui.log.framing_dialog import SAMPLE_BYTES

        reader = self._rows.reader
        if reader is None or not client_id:
            return []
        try:
            for kind in (Kind.IN, Kind.OUT):
                newest = reader.back(client_id, kind, reader.last_id + 1, _SAMPLE_CHUNKS)
                if newest:
                    break
        except JournalError:  # the log itself says so
            return []
        found: list[Entry] = []
        size = 0
        for entry in reversed(newest):
            if size >= SAMPLE_BYTES:
                break
            found.append(entry._replace(data=entry.data[: SAMPLE_BYTES - size]))
            size += len(entry.data)
        return found

    def _on_changed(self) -> None:
        self._frames = True
        self._apply()

    def _apply(self) -> None:
        frames = self.shows_frames
        current, plan = self._view.selection.current, self._rows.plan
        self._set_plan(frames)
        if self._rows.plan != plan:
            if current is not None:
                self._wanted_entry = current if plan is None else entry_of(current)
            self._view.forget_selection()
        self._show_tools()
        self._show_wanted()

    def _set_plan(self, frames: bool) -> None:
        plan = self.framings.plan() if frames else None
        columns = self._shown_columns(plan) if plan is not None else ()
        self._rows.set_plan(plan, columns)
        self._view.set_columns(columns)

    def _show_wanted(self) -> None:
        """Go to where the user was, once that has a row."""
        entry_id = self._wanted_entry
        if entry_id is None or not self._rows.count:
            return
        row_id = self._rows.id_of(entry_id)
        if self._rows.entry_of(row_id) == entry_id or not self._rows.is_filling:
            self._wanted_entry = None
            self._view.show_entry(row_id)

    def _show_tools(self) -> None:
        tools, used = self._tools, self.framings.is_used
        tools.units.set_value("frames" if self._frames else "chunks")
        tools.units.setVisible(used)
        tools.framing.setVisible(used)
        if used:
            tools.name_framing(self._name())
        self.unit_changed.emit(self.shows_frames)

    def _show_progress(self, done: int, total: int) -> None:
        """Say how much of the journal has been cut."""
        if self.shows_frames and total:
            self._tools.name_framing(self._name(), 100 * done // total)

    def _name(self) -> str:
        """What is cut how, in a word."""
        framings = self.framings
        spec = framings.default
        kit = framings.read(spec).kit
        kind = spec.partition(":")[0]
        name = kit.name if kit is not None else tr(f"framing.kind_{kind}")
        return f"{name} +" if framings.own else name


def _read_columns(kept: str) -> dict[str, list[str]]:
    try:
        found = json.loads(kept) if kept else {}
    except (ValueError, RecursionError):
        return {}
    if not isinstance(found, dict):
        return {}
    return {
        str(kit): [name for name in names if isinstance(name, str)][:_MOST_COLUMNS]
        for kit, names in found.items()
        if isinstance(names, list)
    }
