"""The status bar: state, threads, clients, totals and rates, size of the journal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QToolButton, QWidget

from app.ui.theme import theme
from app.ui.widgets import ElidedLabel
from app.ui.widgets.worded import Worded
from app.wording import tr
from app.wording.sentences import rate_text, size_text

if TYPE_CHECKING:
    from collections.abc import Iterable

    from app.bridge.controller import Controller
    from app.net.reception import Reception
    from app.ui.actions import Actions


class StatusStrip(Worded, QWidget):
    """One line of facts below the window, and the button that counts from zero."""

    def __init__(self, controller: Controller, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._controller = controller
        self._dot = QLabel("●")
        self._facts = ElidedLabel()
        self._dot.setTextFormat(Qt.TextFormat.PlainText)
        self._reset = QToolButton()
        self._reset.setAutoRaise(True)
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 2, 12, 2)
        row.addWidget(self._dot)
        row.addWidget(self._facts, 1)
        row.addWidget(self._reset)
        theme().changed.connect(self.refresh)
        self.dress()

    def take_commands(self, commands: Actions) -> None:
        """Offer the one that counts from zero."""
        self._reset.setDefaultAction(commands["reset_traffic"])

    @property
    def facts(self) -> str:
        """What is said."""
        return self._facts.text()

    def refresh(self) -> None:
        """Read the facts of now."""
        controller = self._controller
        traffic = controller.traffic
        posts = controller.fleet.posts.values()
        opened = sum(post.is_open for post in posts)
        state = "open" if opened else controller.state.name.lower()
        token = {"open": "received", "closing": "warning"}.get(state, "secondary")
        colour = f"color: {theme().colour(token).name()}"
        if self._dot.styleSheet() != colour:  # a style sheet costs more than all the rest
            self._dot.setStyleSheet(colour)
        where = ", ".join(str(endpoint) for endpoint in controller.endpoints)
        online = controller.fleet.client_count
        size = controller.journal.size_bytes if controller.journal else 0
        facts = [
            tr("servers.status", n=opened, all=len(posts))
            if len(posts) > 1
            else tr(f"window.state_{state}", where=where),
            tr("window.status_threads", n=controller.thread_count),
            tr("window.status_clients", n=online),
            *_refused(controller.server),
            *_dropped(controller.fleet.servers),
            *_concurrency(controller.server),
            _flow("RX", traffic.bytes_in, traffic.rate_in),
            _flow("TX", traffic.bytes_out, traffic.rate_out),
            tr("window.status_journal", size=size_text(size)),
        ]
        self._facts.setText("  ·  ".join(facts))
        exact = tr(
            "window.status_tip", received=f"{traffic.bytes_in:,}", sent=f"{traffic.bytes_out:,}"
        )
        self._facts.setToolTip("\n".join((*facts, exact)))

    def retranslate(self) -> None:
        """Fetch the words of the current language."""
        self._facts.setAccessibleName(tr("window.status_name"))
        self.refresh()


def _refused(server: Reception | None) -> list[str]:
    """How many the server would not let in; nothing where it was none."""
    refused = server.admission.refused if server is not None else 0
    return [tr("window.status_refused", n=refused)] if refused else []


def _dropped(servers: Iterable[Reception]) -> list[str]:
    """How many datagrams came too fast for any of them; nothing where it was none."""
    dropped = sum(server.dropped for server in servers)
    return [tr("window.status_dropped", n=dropped)] if dropped else []


def _concurrency(server: Reception | None) -> list[str]:
    """In single-threaded mode: who is served, and how many wait for that in the backlog."""
    session = server.served_here if server is not None else None
    if server is None or not (server.single_threaded or session):
        return []
    # Until the one that is served leaves, it stays so, whatever was chosen meanwhile.
    facts = [tr("window.status_single")]
    if session is not None:
        facts.append(tr("window.status_served", client=f"#{session.client_id}"))
    if waiting := server.waiting_clients:
        facts.append(tr("window.status_backlog", n=waiting))
    return facts


def _flow(name: str, total_bytes: int, rate_bytes: int) -> str:
    return f"{name} {size_text(total_bytes)} ({rate_text(rate_bytes)})"
