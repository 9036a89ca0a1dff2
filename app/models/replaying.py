"""A replay in a thread of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.models.log_task import LogTask
from app.teaching.replay import Control, Replay, Replayed, Stopped, Target

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtCore import QObject

    from app.journal.entry import Endpoint
    from app.journal.reader import Reader


class Replaying(LogTask):
    """Emits `done` with a Replayed; with None where `control` stopped it."""

    def __init__(
        self,
        new_reader: Callable[[], Reader],
        client_id: int,
        target: Target,
        speed: float,
        on_socket: Callable[[Endpoint], None],
        parent: QObject | None = None,
    ) -> None:
        """`on_socket` is told in the thread where it comes from, before it dials."""
        super().__init__("replay", new_reader, self._replay, parent)
        self._client_id, self._target, self._speed = client_id, target, speed
        self._on_socket = on_socket
        self.control = Control()

    def cancel(self) -> None:
        """Ask it to end; returns at once."""
        super().cancel()
        self.control.stop()

    def _replay(self, reader: Reader, _task: LogTask) -> Replayed | None:
        replay = Replay(self._target, self._speed, self.control)
        try:
            self._on_socket(replay.own_endpoint)
            return replay.run(reader, self._client_id, self.report)
        except Stopped:
            return None
        finally:
            replay.close()
