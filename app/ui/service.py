"""What the Server menu does: open and close the port, disconnect clients, start demo clients."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.bridge.controller import Controller, ServerState
from app.ui import dialogs
from app.ui.demos import Demos
from app.wording import tr

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from app.bridge.post import Post
    from app.journal.refs import ClientRef
    from app.teaching.habits import Habit
    from app.ui.notices import Notices
    from app.ui.window import MainWindow


class Service:
    """Orders to the server, with the questions that come before them. GUI thread."""

    def __init__(
        self,
        window: MainWindow,
        controller: Controller,
        notices: Notices,
        fields_fit: Callable[[], bool],
    ) -> None:
        """`fields_fit` takes what is typed in the settings column, or says there what is wrong."""
        self._window = window
        self._controller = controller
        self._notices = notices
        self._fields_fit = fields_fit
        self.demos = Demos(controller)

    def handlers(self) -> dict[str, Callable[..., object]]:
        """What the commands of the Server menu do."""
        return {
            "toggle_server": self.toggle,
            "start_demo": self.start_demo,
            "stop_demos": self.demos.stop,
            "reset_traffic": self._controller.reset_traffic,
        }

    def why_not(self) -> dict[str, str]:
        """For each command, the key of why it can do nothing now; "" where it can."""
        closing = self._controller.state is ServerState.CLOSING
        traffic = self._controller.traffic
        counted = traffic.bytes_in or traffic.bytes_out
        return {
            "toggle_server": "window.why_closing" if closing else "",
            "start_demo": "window.why_closing" if closing else "",
            "stop_demos": "" if self.demos.count else "window.why_no_demos",
            "reset_traffic": "" if counted else "window.why_zero",
        }

    @property
    def online(self) -> tuple[ClientRef, ...]:
        """The clients that are connected now."""
        return tuple(session.ref for session in self._controller.fleet.roster)

    def try_journal(self) -> bool:
        """Make the live journal; say where it went wrong, if it did."""
        from app.journal.errors import JournalError

        try:
            self._controller.ensure_journal()
        except (JournalError, OSError) as error:
            self._notices.show_journal_failure(error)
            return False
        return True

    def open(self) -> None:
        """Open the port; what prevents it is said under its field."""
        if self._fields_fit() and self.try_journal():
            self._controller.open_server()

    def open_all(self, server_ids: Iterable[int]) -> None:
        """Open these; what prevents one is said where its settings are."""
        if self._fields_fit() and self.try_journal():
            for server_id in list(server_ids):
                self._controller.fleet.open(server_id)

    def close(self) -> None:
        """Close the port; ask first while clients are online."""
        server = self._controller.server
        online = len(server.sessions) if server else 0
        if not online or dialogs.confirm(self._window, "close", online):
            self._controller.close_server()

    def toggle(self) -> None:
        """F5."""
        if self._controller.state is ServerState.OPEN:
            self.close()
        else:
            self.open()

    def disconnect(self, clients: Sequence[ClientRef]) -> None:
        """Disconnect these, as far as they are online; ask first if they are several."""
        online = set(self.online).intersection(clients)
        if len(online) > 1 and not dialogs.confirm(self._window, "disconnect", len(online)):
            return
        self._controller.orders.disconnect_clients(clients)

    def disconnect_all(self) -> None:
        """Disconnect everybody; ask first if they are several."""
        self.disconnect(self.online)

    def start_demo(self, kind: Habit | None = None, number: int = 1) -> None:
        """More demo clients of a kind, or talkative ones; the port is opened if need be."""
        post = self._controller.post
        if not post.is_open:
            self.open()
        post.when_open(lambda is_open: self._start_demo(post, kind, number) if is_open else None)

    def _start_demo(self, post: Post, kind: Habit | None, number: int) -> None:
        try:
            self.demos.start(post, kind, number)
        except OSError as error:
            where, reason = post.endpoints[0], error.strerror or str(error)
            self._notices.say_error(lambda: tr("window.demo_failed", where=where, reason=reason))

    def replay(self, client: ClientRef) -> None:
        """Offer to send again what a client sent."""
        from app.ui.replay.desk import show_replay

        show_replay(self._window, self._controller, client)

    def compare(self, clients: list[ClientRef]) -> None:
        """Show two clients' runs side by side."""
        from app.ui.replay.desk import show_comparison

        show_comparison(self._window, self._controller, clients)

    def may_quit(self) -> bool:
        """Ask while others than our own demo clients are online."""
        online = len(self.online) - self.demos.count
        return online < 1 or dialogs.confirm(self._window, "quit", online)
