"""Gives away the certificate of the selected server: to a file, or as source for a device."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtGui import QGuiApplication

from app.ui.widgets import FootBanner
from app.wording import tr

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtWidgets import QWidget

    from app.bridge.controller import Controller


class Certificates(QObject):
    """The certificates alone, never a key. GUI thread."""

    def __init__(self, controller: Controller, host: QWidget) -> None:
        """Dialogs belong to `host`, and over its foot it is said what came of it."""
        super().__init__(host)
        self._controller, self._host = controller, host
        self._toast = FootBanner(host)

    def handlers(self) -> dict[str, Callable[..., object]]:
        """What the commands do."""
        return {"save_certificate": self.save, "copy_certificate": self.copy}

    def why_not(self) -> dict[str, str]:
        """For each command, the key of why it can do nothing now; "" where it can."""
        return dict.fromkeys(
            ("save_certificate", "copy_certificate"), "" if self._texts else "servers.why_no_tls"
        )

    @property
    def _texts(self) -> tuple[str, ...]:
        server = self._controller.server
        return server.certificates if server is not None else ()

    def save(self) -> None:
        """Write them to a file that the user chooses: a few kilobytes."""
        from app.evidence.whole import whole_file
        from app.ui.files import file_to_save

        texts = self._texts
        chosen = file_to_save(
            self._host, tr("servers.save_certificate"), "portside.crt", "PEM (*.crt *.pem)"
        )
        if not chosen or not texts:
            return
        path = chosen[0]
        try:
            with whole_file(path) as file:
                file.write("".join(texts).encode("ascii"))
        except OSError as error:
            reason = error.strerror or str(error)
            self._toast.say_error(
                lambda: tr("servers.certificate_failed", path=path, reason=reason)
            )
            return
        self._toast.say(lambda: tr("servers.certificate_saved", path=path))

    def copy(self) -> None:
        """Put them on the clipboard, as a C string for the device that is to trust them."""
        from app.net.tls_context import as_c_string

        if texts := self._texts:
            QGuiApplication.clipboard().setText(as_c_string(list(texts)))
            self._toast.say(lambda: tr("servers.certificate_copied"))
