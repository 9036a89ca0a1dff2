"""The banners above the table: what cannot be said beside a field."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.journal.errors import JournalError
from app.models.task import Task, TaskSlot, join_tasks
from app.ui.widgets import Banner
from app.wording import tr
from app.wording.amounts import size_text
from app.wording.events import trouble_sentence
from app.wording.sentences import (
    encoding_label,
    journal_error_sentence,
    journal_problem_sentence,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from app.bridge.orders import Refusal
    from app.journal.journal import JournalHealth
    from app.journal.shelf import ShelfItem


# From top to bottom.
_KINDS = (
    "health",
    "receiving",
    "archive",
    "complaint",
    "error",
    "warning",
    "firewall",
    "report",
    "crashed",
    "hint",
    "kit_hint",
)


class Notices(QWidget):
    """One banner for each kind of news; a newer one of the same kind takes its place."""

    firewall_closed = Signal()
    """The user has read of the firewall's question."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(4)
        self._made: dict[str, Banner] = {}
        self._searching = TaskSlot(self)
        self._settling = TaskSlot(self)
        self._on_closed: dict[str, Callable[[], object]] = {}  # by kind

    def _banner(self, kind: str) -> Banner:
        """Return the banner of a kind, made when there is something to say."""
        found = self._made.get(kind)
        if found is None:
            above = _KINDS[: _KINDS.index(kind)]
            place = sum(other in self._made for other in above)
            found = self._made[kind] = Banner(self)
            self._column.insertWidget(place, found)
            if kind == "firewall":
                found.closed.connect(self.firewall_closed)
            elif kind in ("report", "crashed"):
                found.closed.connect(lambda: self._on_closed[kind]())
        return found

    def _hide(self, kind: str) -> None:
        if kind in self._made:
            self._made[kind].hide()

    def say_error(self, words: Callable[[], str]) -> None:
        """Something that was asked for did not work."""
        self._banner("error").show_message("error", words)

    def show_complaint(self, words: Callable[[], str]) -> None:
        """A setting is wrong, and its field cannot be seen."""
        self._banner("complaint").show_message("error", words)

    def hide_complaint(self) -> None:
        """The settings were good enough to open the port."""
        self._hide("complaint")

    def say_warning(self, words: Callable[[], str]) -> None:
        """Something is not as it should be."""
        self._banner("warning").show_message("warning", words)

    def say_refused(self, refusal: Refusal) -> None:
        """An order was not carried out for some clients."""
        clients = refusal.clients

        def who() -> str:
            one = len(clients) == 1
            return f"#{clients[0].number}" if one else tr("window.many", n=len(clients))

        others = "_others" if refusal.others else ""
        key = f"window.refused_{refusal.hindrance}{others}"
        self.say_warning(lambda: tr(key, who=who(), n=refusal.others))

    def say_damaged(self, names: Sequence[str]) -> None:
        """Stored settings of these names could not be used."""
        if names:
            self.say_warning(lambda: tr("window.settings_damaged", names=", ".join(names)))

    def show_journal_failure(self, error: Exception) -> None:
        """The live journal could not be made."""
        self.say_error(lambda: journal_error_sentence(error))

    def show_trouble(self, detail: Mapping[str, object]) -> None:
        """Something went wrong in the server's own threads."""
        self.say_error(partial(trouble_sentence, detail))

    def show_health(self, health: JournalHealth) -> None:
        """The disk does not take what the clients send, or takes it again."""
        if health.fault is None:
            self._hide("health")
        else:
            words = partial(journal_problem_sentence, health)
            self._banner("health").show_message("error", words, closable=False)

    def show_receiving(
        self,
        words: Callable[[], str],
        *,
        is_problem: bool,
        open_: Callable[[], object],
        stop: Callable[[], object],
    ) -> None:
        """Bytes go into files, or cannot for the moment."""
        banner = self._banner("receiving")
        banner.show_message("warning" if is_problem else "info", words, closable=False)
        banner.add_action(lambda: tr("receive.open"), open_)
        banner.add_action(lambda: tr("receive.stop"), stop)

    def change_receiving(self, words: Callable[[], str]) -> None:
        """So many they are now."""
        self._banner("receiving").change_words(words)

    def hide_receiving(self) -> None:
        """None does any more."""
        self._hide("receiving")

    def show_archive(self, name: str, leave: Callable[[], object]) -> None:
        """An old journal is shown."""
        banner = self._banner("archive")
        banner.show_message("info", lambda: tr("window.archive", name=name), closable=False)
        banner.add_action(lambda: tr("window.archive_back"), leave)

    def hide_archive(self) -> None:
        """The live journal is shown."""
        self._hide("archive")

    def show_firewall(self, words: Callable[[], str], dial: Sequence[str]) -> None:
        """Windows will ask about the network, or does so now; `dial` is offered to be copied."""
        banner = self._banner("firewall")
        banner.show_message("info", words)
        for address in dial:
            copy = partial(QGuiApplication.clipboard().setText, address)
            banner.add_action(partial(tr, "window.copy_address_name", address=address), copy)

    def hide_firewall(self) -> None:
        """There is nothing to be asked, or it was answered."""
        self._hide("firewall")

    def show_hint(
        self, client_id: int, current: str, suggested: str, take: Callable[[], object]
    ) -> None:
        """A client's bytes look like another encoding; one click takes it."""
        banner = self._banner("hint")
        names = {"encoding": encoding_label(suggested), "current": encoding_label(current)}
        banner.show_message("info", lambda: tr("window.hint", id=client_id, **names))

        def switch() -> None:
            banner.hide()
            take()

        banner.add_action(lambda: tr("window.hint_take", **names), switch)

    def offer_report(
        self,
        name: str,
        copy: Callable[[], object],
        show_folder: Callable[[], object],
        closed: Callable[[], object],
    ) -> None:
        """An earlier run crashed, or outlived a trouble: what is known of it can be read."""
        banner = self._banner("report")
        banner.show_message("info", lambda: tr("window.report", name=name))
        banner.add_action(lambda: tr("window.report_copy"), copy)
        banner.add_action(lambda: tr("window.report_folder"), show_folder)
        self._on_closed["report"] = closed

    def show_kit_hint(self, client_id: int, kit: str, take: Callable[[], object]) -> None:
        """A client's bytes look like a protocol; one click shows them as its messages."""
        banner = self._banner("kit_hint")
        banner.show_message("info", lambda: tr("window.kit_hint", id=client_id, kit=kit))

        def switch() -> None:
            banner.hide()
            take()

        banner.add_action(lambda: tr("window.kit_hint_take", kit=kit), switch)

    def hide_kit_hint(self) -> None:
        """The user has said how bytes are cut."""
        self._hide("kit_hint")

    def offer_crashed(self, folder: Path, enter: Callable[[Path], object]) -> None:
        """Look for journals of crashed runs in a thread of its own, and offer them one by one."""
        task = Task("crashed-journals", lambda _task: _crashed(folder))
        task.done.connect(lambda items: self._offer(items, enter))
        self._searching.start(task)

    def _offer(self, items: list[ShelfItem], enter: Callable[[Path], object]) -> None:
        """Offer the first of `items`; the next one when the user has opened or closed it."""
        if not items:
            return
        path, size = items[0].path, size_text(items[0].size_bytes)
        banner = self._banner("crashed")
        banner.show_message("info", lambda: tr("window.crashed", name=path.name, size=size))

        offer_next = partial(self._offer, items[1:], enter)

        def open_it() -> None:
            banner.hide()
            self._settle(path, lambda: (offer_next(), enter(path)))

        banner.add_action(lambda: tr("window.crashed_open"), open_it)
        self._on_closed["crashed"] = partial(self._settle, path, offer_next)

    def _settle(self, path: Path, then: Callable[[], object]) -> None:
        """Opened or closed by the user: either way it is not offered again.

        In the background: what its program had no time for is done now.
        """
        from app.journal.shelf import Shelf

        def work(_task: Task) -> Exception | None:
            try:
                Shelf(path.parent).settle(path)
            except (JournalError, OSError) as error:
                return error
            return None

        def told(error: Exception | None) -> None:
            if error is not None:
                self.say_error(partial(journal_error_sentence, error))
            then()

        task = Task("journal-settle", work)
        task.done.connect(told)
        self._settling.start(task)

    def wait(self) -> None:
        """Wait for whatever is at work in the background (the program ends)."""
        self._searching.stop()
        self._settling.stop()
        join_tasks()


def _crashed(folder: Path) -> list[ShelfItem]:
    """Find the crashed journals, then prune the shelf; the newest first. Any thread."""
    from app.journal.shelf import Shelf

    if not folder.is_dir():
        return []
    shelf = Shelf(folder)
    crashed = shelf.crashed()
    shelf.prune()
    return crashed
