"""The line under the editor: what became of the last send, and what the next one needs."""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, QTimer
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QHBoxLayout, QToolButton, QToolTip, QWidget

from app.journal.refs import ClientRef
from app.ui.composer.outcome import is_smooth, report_details, report_line
from app.ui.theme import set_role, theme
from app.ui.widgets import ElidedLabel, PlainLabel
from app.ui.widgets.labels import plain_tooltip
from app.ui.widgets.worded import Worded
from app.wording import tr

if TYPE_CHECKING:
    from collections.abc import Callable

    from app.journal.refs import JournalKey
    from app.net.facts import SendReport

_SLOW_SEND_MS = 300  # a send that takes longer is said to be under way


class Tone(Enum):
    """How a sentence is meant. The values are colours of the theme."""

    CALM = "secondary"
    WARNING = "warning"
    ERROR = "error"


class MessageLine(Worded, QWidget):
    """A sentence at the left with its details behind a button, a hint at the right.

    What is told about the text as it is stands in front of the outcome of the last send.
    """

    def __init__(
        self, address_of: Callable[[ClientRef], str], parent: QWidget | None = None
    ) -> None:
        """`address_of` gives a client's `host:port`, or ""."""
        super().__init__(parent)
        self._address_of = address_of
        self._journal: JournalKey | None = None  # whose clients a report counts
        self._report: SendReport | None = None
        self._send_id = -1  # the newest send: reports of older ones come too late to show
        self._details = ""
        self.tells = False  # a sentence about the text as it is stands here
        self.tone = Tone.CALM
        self._slow = QTimer(self, singleShot=True, interval=_SLOW_SEND_MS)
        self._slow.timeout.connect(self._on_slow)
        self._lay_out()
        self.dress()

    def _lay_out(self) -> None:
        self.told = PlainLabel("", self)  # must be read whole: it may take a second line
        self.told.setWordWrap(True)
        self.told.hide()
        self.sentence = ElidedLabel("", self)
        self.hint = PlainLabel("", self, role="secondary")
        self.more = QToolButton(self)
        self.more.setAutoRaise(True)
        set_role(self.more, "inline")
        self.more.clicked.connect(self._show_details)
        self._row = row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.told, 1)
        row.addWidget(self.sentence)
        row.addWidget(self.more)
        self._space = QWidget(self)  # what a told sentence does not need
        row.addWidget(self._space, 1)
        row.addWidget(self.hint)

    # -- the text as it is -----------------------------------------------------------------

    def tell(self, sentence: str, tone: Tone) -> None:
        """Say something about the text as it is; it stands until `settle`."""
        self.tells = True
        self._say(sentence, tone)

    def settle(self) -> None:
        """The text changed: what was told about it is over."""
        self.tells = False
        self._say_report()

    def note(self, sentence: str) -> None:
        """Say something quietly, unless something is told; "" shows the last send again."""
        if self.tells:
            return
        if sentence:
            self._say(sentence, Tone.CALM)
        else:
            self._say_report()

    def set_hint(self, hint: str, tip: str) -> None:
        """Show `hint` at the right end."""
        self.hint.setText(hint)
        self.hint.setToolTip(plain_tooltip(tip))
        self.hint.setAccessibleName(hint)

    # -- the last send ---------------------------------------------------------------------

    def show_sent(self, report: SendReport) -> None:
        """A send has begun; its outcome comes with `show_report`."""
        self._send_id = report.send_id
        self._report = None
        self._slow.start()

    def show_report(self, report: SendReport) -> None:
        """Say what became of a send; a later report of the same one corrects it."""
        if report.send_id < self._send_id:
            return
        self._send_id = report.send_id
        self._slow.stop()
        self._report = report
        self.note("")

    def set_journal(self, journal: JournalKey) -> None:
        """Clients are those of this journal from now on."""
        self._journal = journal
        self.forget_report()

    def forget_report(self) -> None:
        """Another send is asked for: the outcome of the last one is no news any more."""
        self._report = None
        self.settle()

    def _on_slow(self) -> None:
        self.note(tr("composer.sending"))

    def _say_report(self) -> None:
        report = self._report
        if report is None:
            self._say("", Tone.CALM)
            return
        tone = Tone.CALM if is_smooth(report) else Tone.WARNING
        details = report_details(report, self._address) if len(report.results) > 1 else ""
        self._say(report_line(report), tone, details)

    def _address(self, number: int) -> str:
        journal = self._journal
        return self._address_of(ClientRef(journal, number)) if journal is not None else ""

    # -- showing ---------------------------------------------------------------------------

    def _say(self, sentence: str, tone: Tone, details: str = "") -> None:
        self.tone = tone
        self._details = details
        self._colour()
        shown, other = (self.told, self.sentence) if self.tells else (self.sentence, self.told)
        shown.setText(sentence)
        shown.setAccessibleName(sentence)
        other.setText("")
        self.told.setVisible(self.tells)
        self.sentence.setVisible(not self.tells)
        self._space.setVisible(not self.tells)
        self.more.setVisible(bool(details))
        self.more.setToolTip(plain_tooltip(details))
        self.more.setAccessibleDescription(details)

    def _show_details(self) -> None:
        where = self.more.mapToGlobal(QPoint(0, 0))
        QToolTip.showText(where, plain_tooltip(self._details), self.more)

    def retranslate(self) -> None:
        """Fetch the words of the current language."""
        self.more.setText(tr("composer.details"))
        self.more.setAccessibleName(tr("composer.details"))
        self.settle()

    def _colour(self) -> None:
        palette = self.sentence.palette()
        palette.setColor(QPalette.ColorRole.WindowText, theme().colour(self.tone.value))
        self.sentence.setPalette(palette)
        self.told.setPalette(palette)

    def text(self) -> str:
        """The sentence that is shown."""
        return self.told.text() or self.sentence.text()

    def restyle(self) -> None:
        """Take over the sizes and colours of the moment."""
        self._colour()
        self._row.setSpacing(theme().px(8))
        self.setMinimumHeight(theme().px(22))
