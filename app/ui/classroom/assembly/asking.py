"""The poll: first what is asked, then what is answered."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QFormLayout,
    QLineEdit,
    QPushButton,
    QStackedLayout,
    QVBoxLayout,
    QWidget,
)

from app.teaching.roll.poll import LETTERS, letter_choices
from app.ui.classroom.assembly.bars import Bars
from app.ui.classroom.assembly.big import BigText
from app.ui.theme import set_role, theme
from app.ui.widgets import OverflowBar, PlainLabel
from app.ui.widgets.worded import Worded
from app.wording import tr

if TYPE_CHECKING:
    from app.settings import Settings
    from app.teaching.roll.poll import Choice, Poll

TOOLS = {"poll_stop": "stop", "poll_again": "undo", "poll_copy": "copy"}
KINDS = (2, 3, 4, 5, 6, 0)  # how many letters; 0: any text
LONGEST_QUESTION = 120
_MOST_NAMES = 30


class AskingPage(Worded, QWidget):
    """Tells what is wanted of the poll. GUI thread."""

    started = Signal()
    wanted = Signal(str)  # one of TOOLS
    changed = Signal(str, object)  # a setting, its value

    def __init__(self) -> None:
        super().__init__()
        self.question, self.words, self.kind = QLineEdit(), QLineEdit(), QComboBox()
        self.first_counts, self.hides = QCheckBox(), QCheckBox()
        self.start = QPushButton()
        self.asked, self.count, self.bars = BigText(34, 22), BigText(38, 24), Bars()
        self.missing = PlainLabel(role="secondary")
        self.tools: dict[str, QAction] = {}
        self._labels = {name: PlainLabel() for name in ("question", "kind", "words")}
        self._hint = PlainLabel(role="secondary")
        self._bar = OverflowBar()
        self._lay_out()
        self._connect()
        self.dress()

    def _lay_out(self) -> None:
        self.question.setMaxLength(LONGEST_QUESTION)
        set_role(self.start, "primary")
        for label in (self.missing, self._hint):
            label.setWordWrap(True)
        self._form, self._result = QWidget(), QWidget()
        self._fields = QFormLayout(self._form)
        for name, field in (
            ("question", self.question),
            ("kind", self.kind),
            ("words", self.words),
        ):
            self._labels[name].setBuddy(field)
            self._fields.addRow(self._labels[name], field)
        for widget in (self.first_counts, self._hint, self.start):
            self._fields.addRow(widget)
        column = self._column = QVBoxLayout(self._result)
        column.setContentsMargins(0, 0, 0, 0)
        for name, icon in TOOLS.items():
            action = QAction(theme().icon(icon), "", self)
            action.triggered.connect(lambda _on, name=name: self.wanted.emit(name))
            self.tools[name] = action
            self._bar.add_action(action)
        for part in (self._bar, self.asked, self.count):
            column.addWidget(part)
        column.addWidget(self.bars, 1)
        column.addWidget(self.missing)
        around = QVBoxLayout(self)
        around.setContentsMargins(0, 0, 0, 0)
        self._stack = QStackedLayout()
        around.addLayout(self._stack, 1)  # first: what has no parent yet would be a window
        self._stack.addWidget(self._form)
        self._stack.addWidget(self._result)
        around.addWidget(self.hides)

    def _connect(self) -> None:
        self.start.clicked.connect(self.started)
        for field in (self.question, self.words):
            field.returnPressed.connect(self.started)
        self.kind.activated.connect(lambda at: self.changed.emit("poll_choices", KINDS[at]))
        self.first_counts.clicked.connect(lambda on: self.changed.emit("poll_first_counts", on))
        self.hides.clicked.connect(lambda on: self.changed.emit("poll_hides", on))

    def show_values(self, settings: Settings) -> None:
        """Show what is in force, telling nobody."""
        known = settings.poll_choices if settings.poll_choices in KINDS else len(LETTERS)
        self.kind.setCurrentIndex(KINDS.index(known))
        self.first_counts.setChecked(settings.poll_first_counts)
        self.hides.setChecked(settings.poll_hides)
        self.words.setEnabled(bool(known))

    def choices(self) -> tuple[Choice, ...]:
        """Return the answers that can be given; none: any text."""
        return letter_choices(KINDS[self.kind.currentIndex()], self.words.text())

    def show_poll(self, poll: Poll | None, missing: list[str]) -> None:
        """Show a poll; None: ask for one. `missing` are here and have not answered."""
        self._stack.setCurrentWidget(self._form if poll is None else self._result)
        if poll is None:
            return
        self.tools["poll_stop"].setEnabled(poll.is_running)
        self.asked.setVisible(bool(poll.question))
        self.asked.set_text(poll.question)
        given = len(poll.answers)
        key = "answered" if poll.is_running else "answered_over"
        self.count.set_text(tr(f"assembly.{key}", n=given, of=given + len(missing)))
        hidden = poll.is_running and self.hides.isChecked()
        self.bars.show_shares([] if hidden else poll.shares())
        self.missing.setText(self._missing_words(poll, missing, hidden=hidden))

    def _missing_words(self, poll: Poll, missing: list[str], *, hidden: bool) -> str:
        told = [tr("assembly.hidden")] if hidden else []
        if poll.is_running and not poll.answers:
            told.append(tr("assembly.how_free" if poll.is_free else "assembly.how"))
        if missing:
            names = tr("assembly.comma").join(missing[:_MOST_NAMES])
            more = len(missing) - _MOST_NAMES
            names += tr("assembly.more", n=more) if more > 0 else ""
            told.append(tr("assembly.missing", names=names))
        return "\n".join(told)

    def restyle(self) -> None:
        """Take over the sizes of the moment."""
        px = theme().px
        self._column.setSpacing(px(4))
        self._fields.setSpacing(px(6))
        self.missing.setMaximumHeight(4 * self.missing.fontMetrics().lineSpacing())

    def retranslate(self) -> None:
        """Fetch the words of the current language."""
        for name, label in self._labels.items():
            label.setText(tr(f"assembly.{name}"))
        for widget, name in (
            (self.question, "question"), (self.words, "words"), (self.kind, "kind"),
            (self.first_counts, "first_counts"), (self.hides, "hides"), (self.start, "start"),
        ):  # fmt: skip
            widget.setToolTip(tr(f"assembly.{name}_tip"))
            widget.setAccessibleName(tr(f"assembly.{name}").replace("&", ""))
        for button, name in (
            (self.first_counts, "first_counts"), (self.hides, "hides"), (self.start, "start"),
        ):  # fmt: skip
            button.setText(tr(f"assembly.{name}"))
        self.question.setPlaceholderText(tr("assembly.question_empty"))
        self.words.setPlaceholderText(tr("assembly.words_empty"))
        self._hint.setText(tr("assembly.start_hint"))
        self.bars.setAccessibleName(tr("assembly.tab_poll"))
        chosen = max(self.kind.currentIndex(), 0)
        self.kind.clear()
        self.kind.addItems(
            [f"A – {LETTERS[n - 1]}" if n else tr("assembly.kind_free") for n in KINDS]
        )
        self.kind.setCurrentIndex(chosen)
        for name, action in self.tools.items():
            action.setText(tr(f"assembly.{name}"))
            action.setToolTip(tr(f"assembly.{name}_tip"))
