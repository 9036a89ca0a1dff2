"""Makes the program's own certificate before a port is opened with it."""

from __future__ import annotations

import threading
from contextlib import suppress
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from app.net.kinds import speaks_tls
from app.threads import begin

if TYPE_CHECKING:
    from app.net.facts import ServerOptions


class CertificateMaker(QObject):
    """Works in a thread of its own: a new key takes a third of a second. GUI thread."""

    ready = Signal()  # whoever waited may open now; not after `stop`
    _made = Signal(int)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._number = 0  # of the making that is waited for
        self._thread: threading.Thread | None = None
        self._was_tried = False  # just now, perhaps in vain: then the opening says why
        self._made.connect(self._on_made)

    @property
    def is_busy(self) -> bool:
        """Whether somebody waits for `ready`."""
        return self._thread is not None

    def needs_time(self, options: ServerOptions) -> bool:
        """Begin, if a certificate is to be made first; return whether `ready` will tell."""
        if self.is_busy:
            return True
        tried, self._was_tried = self._was_tried, False
        if tried or not speaks_tls(options) or options.cert_file:
            return False
        # The first paint needs none of it.
        from app.net.certificate import is_made, own_certificate, own_folder

        folder = own_folder(options)
        if is_made(folder):
            return False
        self._number += 1
        number, made = self._number, self._made

        def make() -> None:
            with suppress(OSError, ImportError):  # the opening says so, at its place
                own_certificate(folder)
            with suppress(RuntimeError):  # the program has ended meanwhile
                made.emit(number)

        thread = threading.Thread(target=make, name="certificate")
        try:
            begin(thread)
        except OSError:
            return False  # then it is made where it is opened
        self._thread = thread
        return True

    def stop(self) -> None:
        """Nobody waits any more."""
        self._number += 1
        self._thread = None

    def wait(self) -> None:
        """Nobody waits any more, and the thread ends first. The program ends here."""
        thread = self._thread
        self.stop()
        if thread is not None:
            thread.join()

    def _on_made(self, number: int) -> None:
        if number == self._number:
            self._thread, self._was_tried = None, True
            self.ready.emit()
