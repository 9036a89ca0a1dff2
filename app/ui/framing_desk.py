"""Between the log's frames, the settings that keep what was chosen, and the kits' files."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

if TYPE_CHECKING:
    from collections.abc import Callable

    from app.bridge.controller import Controller
    from app.frames.kits import Kit
    from app.frames.shelf import KitShelf
    from app.journal.refs import ClientRef
    from app.paths import Places
    from app.settings import Settings
    from app.ui.archive import Archive
    from app.ui.log import LogPanel
    from app.ui.notices import Notices


class FramingDesk(QObject):
    """Keeps framings, columns and kits, and says whose frames some bytes look like. GUI thread."""

    def __init__(
        self,
        controller: Controller,
        log: LogPanel,
        notices: Notices,
        archive: Archive,
        places: Places,
    ) -> None:
        super().__init__(log)
        self._controller, self._log, self._notices = controller, log, notices
        self._archive, self._places = archive, places
        framing = log.framing
        framing.framings.set_kits(self._make_kits)
        framing.default_changed.connect(lambda spec: controller.change(framing=spec))
        framing.columns_changed.connect(lambda kept: controller.change(columns=kept))
        framing.guessed.connect(self._say_guess)
        controller.sampled.connect(self._judge)

    def handlers(self) -> dict[str, Callable[..., object]]:
        """What the commands over kits do."""
        return {}

    def show_settings(self, settings: Settings) -> None:
        """The settings are these now."""
        self._log.framing.framings.set_default(settings.server.framing)
        self._log.framing.set_columns(settings.columns)

    def _make_kits(self) -> KitShelf:
        from app.frames.shelf import KitShelf
        from app.paths import resource

        return KitShelf(resource("kits"), self._places.kits_dir, self._controller.settings.kits)

    def _judge(self, client: ClientRef, sample: bytes) -> None:
        if not self._archive.shown:
            self._log.framing.judge(client, sample)

    def _say_guess(self, client: ClientRef, kit: Kit) -> None:
        take = partial(self._log.framing.take_guess, kit)
        self._notices.show_kit_hint(client.number, kit.name, take)
