"""The bench: bytes that did not come, and what the rules would do about them."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QPlainTextEdit, QVBoxLayout, QWidget

from app.models.task import Task, TaskSlot
from app.net.answers import Answer, Deed
from app.reply.book import BenchClient, RuleBook, try_out
from app.text.compose import ComposeFault, ComposeMode, ComposeOptions, compose
from app.text.decoder import EncodeFault, decode
from app.text.hexa import format_hex
from app.text.visible import escaped
from app.ui.setup.controls import SteadyCombo
from app.ui.theme import theme
from app.ui.widgets import FieldError, HeadingLabel
from app.ui.widgets.worded import Worded
from app.wording import tr
from app.wording.sentences import compose_fault_sentence

if TYPE_CHECKING:
    from collections.abc import Callable

TYPING_PAUSE_MS = 200
MOST_BYTES = 4096  # of an answer that are shown


class RuleBench(Worded, QWidget):
    """Typed or picked bytes; which rule takes them, and its answer. GUI thread.

    They are tried in a thread of their own: a pattern may take its time.
    """

    def __init__(self, new_book: Callable[[], RuleBook | None], parent: QWidget) -> None:
        """`new_book` compiles the rules of the moment."""
        super().__init__(parent)
        self._new_book = new_book
        self._encoding = "gbk"
        self._heading = HeadingLabel()
        self.mode = SteadyCombo()
        for mode in ("text", "hex"):
            self.mode.addItem(mode, mode)
        self.line = QLineEdit()
        self.error = FieldError(self)
        self.result = QPlainTextEdit()
        self.result.setReadOnly(True)
        self._slot = TaskSlot(self)
        self._slot.done.connect(self._show)
        self._slot.failed.connect(self.result.setPlainText)
        self._pause = QTimer(self, singleShot=True, interval=TYPING_PAUSE_MS)
        self._pause.timeout.connect(self.try_now)
        self.line.textChanged.connect(lambda: self._pause.start())
        self.mode.activated.connect(lambda: self.try_now())
        row = QHBoxLayout()
        row.addWidget(self.mode)
        row.addWidget(self.line, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._heading)
        column.addLayout(row)
        column.addWidget(self.error)
        column.addWidget(self.result)
        self.dress()

    def set_encoding(self, encoding: str) -> None:
        """New clients have this one, and so has the one that is not there."""
        self._encoding = encoding
        self.try_later()

    def pick(self, data: bytes) -> None:
        """Take the bytes of a row."""
        self.mode.setCurrentIndex(self.mode.findData("hex"))
        self.line.setText(format_hex(data))
        self.try_now()

    def try_later(self) -> None:
        """The rules have changed."""
        self._pause.start()

    def try_now(self) -> None:
        """Ask the rules."""
        self._pause.stop()
        text = self.line.text()
        mode: ComposeMode = "hex" if self.mode.currentData() == "hex" else "text"
        self.error.clear_error(self.line)
        if not text:
            self.result.clear()
            return
        try:
            data = compose(text, ComposeOptions(self._encoding, mode, escapes=True))
        except ComposeFault as fault:
            self.error.show_error(compose_fault_sentence(fault, text), self.line)
            return
        book = self._new_book()
        if book is not None:
            client = BenchClient(self._encoding)
            self._slot.start(Task("rules-bench", partial(_tried, book, data, client)))

    def shut_down(self) -> None:
        """Try no more."""
        self._slot.stop()

    def _show(self, lines: list[str]) -> None:
        self.result.setPlainText("\n".join(lines) if lines else tr("rules.bench_nothing"))

    def retranslate(self) -> None:
        """Fetch the words of the current language."""
        self._heading.setText(tr("rules.bench"))
        self.line.setPlaceholderText(tr("rules.bench_hint"))
        self.line.setAccessibleName(tr("rules.bench"))
        self.result.setAccessibleName(tr("rules.bench_result"))
        for at, mode in enumerate(("text", "hex")):
            self.mode.setItemText(at, tr(f"rules.mode_{mode}"))
        self.mode.setAccessibleName(tr("rules.field_reading"))
        self.try_later()

    def restyle(self) -> None:
        """Take over the sizes and colours of the moment."""
        self.result.setFixedHeight(theme().px(72))


def _tried(book: RuleBook, data: bytes, client: BenchClient, _task: Task) -> list[str]:
    try:
        answers = try_out(book, data, client)
    except EncodeFault as fault:
        return [tr("rules.bench_unencodable", character=fault.character)]
    return [_line(answer, client.encoding) for answer in answers]


def _line(answer: Answer, encoding: str) -> str:
    if answer.deed is not Deed.SEND:
        what = answer.text or tr(f"rules.do_{answer.deed.value}")
        known = answer.deed is not Deed.PAUSED
        key = "rules.bench_does" if known else "rules.bench_slow"
        return tr(key, rule=answer.rule, what=what)
    data = answer.data[:MOST_BYTES]
    shown = escaped(decode(data, encoding))
    return tr("rules.bench_answers", rule=answer.rule, hex=format_hex(data), text=shown)
