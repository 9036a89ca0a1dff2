"""Between the log's frames, the settings that keep what was chosen, and the kits' files."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

if TYPE_CHECKING:
    from collections.abc import Callable

    from app.bridge.controller import Controller
    from app.frames.kits import Kit, KitFault
    from app.frames.shelf import KitShelf
    from app.journal.refs import ClientRef
    from app.paths import Places
    from app.settings import Settings
    from app.ui.archive import Archive
    from app.ui.classroom.lessons.watch import FolderWatch
    from app.ui.log import LogPanel
    from app.ui.notices import Notices


class FramingDesk(QObject):
    """Keeps framings, columns, filters, kits; says whose frames bytes look like. GUI thread."""

    _kits_changed = Signal()

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
        self._told: list[KitFault] = []
        self._watch: FolderWatch | None = None  # over the user's own kits, from the first need on
        framing = log.framing
        framing.framings.set_kits(self._make_kits)
        framing.default_changed.connect(self._keep)
        framing.columns_changed.connect(lambda kept: controller.change(columns=kept))
        log.filters.chosen.connect(lambda kept: controller.change(row_filters=kept))
        framing.guessed.connect(self._say_guess)
        framing.framings.changed.connect(notices.hide_kit_hint)
        controller.sampled.connect(self._judge)

    def handlers(self) -> dict[str, Callable[..., object]]:
        """What the commands over kits do."""
        return {"kits": self.show_kits}

    def show_kits(self) -> None:
        """The list of the kits."""
        from app.ui.kits.dialog import KitsDialog

        shelf = self._log.framing.framings.kits
        if shelf is None:
            return
        dialog = KitsDialog(shelf, self._log.window())
        dialog.changed.connect(self._on_kits)
        self._kits_changed.connect(dialog.refresh)
        dialog.exec()
        dialog.deleteLater()

    def _on_kits(self) -> None:
        """Other kits may run, or their files have changed: what they cut is cut anew."""
        shelf = self._log.framing.framings.kits
        if shelf is not None and shelf.choices != self._controller.settings.kits:
            self._controller.change(kits=shelf.choices)
        if self._watch is not None:
            self._watch.refresh()
        self._log.framing.reload()
        self._say_faults(shelf)
        self._kits_changed.emit()

    def _say_faults(self, shelf: KitShelf | None) -> None:
        """Say what is wrong with what was saved just now."""
        from app.wording.frames import kit_fault_sentence

        faults = [item.fault for item in shelf.items() if item.fault] if shelf is not None else []
        for fault in faults:
            if fault not in self._told:
                self._notices.say_warning(partial(kit_fault_sentence, fault))
        self._told = faults

    def show_settings(self, settings: Settings) -> None:
        """The settings are these now."""
        specs = {server.server_id: server.framing for server in settings.servers}
        self._log.framing.framings.set_servers(specs, settings.server.server_id)
        self._log.framing.set_columns(settings.columns)
        self._log.filters.set_filters(settings.row_filters)

    def _keep(self, server_id: int, spec: str) -> None:
        """The user chose how the clients of this server are read."""
        servers = [
            replace(server, framing=spec) if server.server_id == server_id else server
            for server in self._controller.settings.servers
        ]
        self._controller.change(servers=tuple(servers))

    def _make_kits(self) -> KitShelf:
        from app.frames.shelf import KitShelf
        from app.paths import resource
        from app.ui.classroom.lessons.watch import FolderWatch

        self._watch = FolderWatch(self._places.kits_dir, self, ".py")
        self._watch.changed.connect(self._on_kits)
        self._watch.refresh()
        return KitShelf(resource("kits"), self._places.kits_dir, self._controller.settings.kits)

    def _judge(self, client: ClientRef, sample: bytes) -> None:
        if not self._archive.shown:
            self._log.framing.judge(client, sample)

    def _say_guess(self, client: ClientRef, kit: Kit) -> None:
        take = partial(self._log.framing.take_guess, client, kit)
        self._notices.show_kit_hint(client.number, kit.name, take)
