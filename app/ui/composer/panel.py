"""The composer panel: bar, editor, Send, and the line that says what became of it."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, cast

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QWidget

from app.settings import Settings
from app.text.compose import ComposeFault, ComposeMode, ComposeOptions, LineEnding
from app.ui.composer.bar import ComposerBar
from app.ui.composer.check import Check, is_half_typed
from app.ui.composer.conversion import CannotConvert, convert
from app.ui.composer.editor import ComposeEditor
from app.ui.composer.history import Draft, History, HistoryWalk, options_as_kept, options_of
from app.ui.composer.live_check import LiveCheck, Question
from app.ui.composer.message_line import MessageLine, Tone
from app.ui.composer.options_trail import OptionsTrail
from app.ui.composer.send_button import SendButton
from app.ui.composer.target import Obstacle
from app.ui.composer.words import (
    fault_note,
    size_words,
    unexpected_words,
    what_to_do,
    why_not,
)
from app.ui.theme import theme
from app.ui.widgets.worded import Worded
from app.wording import tr
from app.wording.sentences import compose_fault_sentence

if TYPE_CHECKING:
    from collections.abc import Callable, Collection
    from pathlib import Path

    from app.journal.refs import ClientRef, JournalKey
    from app.net.facts import SendReport
    from app.ui.composer.history_popup import HistoryPopup


class ComposerPanel(Worded, QWidget):
    """Where the user writes what is sent. It sends nothing itself: `send_requested` asks.

    What was typed is never changed or dropped, whatever goes wrong. GUI thread.
    """

    # text, ComposeOptions (an empty encoding: each client's own), tuple[ClientRef, ...] or
    # Destination. The slot calls `show_fault` or `refuse` before it returns if that cannot be.
    send_requested = Signal(str, object, object)
    setting_changed = Signal(str, object)  # the name of a Settings field and its new value

    def __init__(
        self,
        history_path: Path | None,
        settings: Settings | None = None,
        *,
        encoding_of: Callable[[ClientRef], str] | None = None,
        address_of: Callable[[ClientRef], str] | None = None,
        parent: QWidget | None = None,
    ) -> None:
        """`encoding_of` and `address_of` tell a client's encoding and its `host:port`."""
        super().__init__(parent)
        settings = settings or Settings()
        self._default_encoding = settings.server.encoding
        self._encoding_of = encoding_of or (lambda _: self._default_encoding)
        self._address_of = address_of or (lambda _: "")
        self._is_open = False
        self._faulted = False  # the send that is being asked for was refused
        self._size_words = self._notes_tip = ""
        self._notes: list[str] = []  # what goes out otherwise than it may look
        self._history = History(history_path)
        self._walk = HistoryWalk(self._history)
        self._build()
        self._options = options_of(settings)
        self.bar.set_options(self._options)
        self.target.set_addresses(settings.compose_addresses)
        self._connect()
        self.dress()

    # -- building --------------------------------------------------------------------------

    def _build(self) -> None:
        self.bar = ComposerBar(self._address_of, self)
        self.target = self.bar.picker
        self.editor = ComposeEditor(self)
        self.send_button = SendButton(self)
        self.message = MessageLine(self._address_of, self)
        self._trail = OptionsTrail(self.editor.document(), self)
        self._live = LiveCheck(self._question, self)
        grid = QGridLayout(self)
        grid.addWidget(self.bar, 0, 0, 1, 2)
        grid.addWidget(self.editor, 1, 0)
        grid.addWidget(self.send_button, 1, 1)
        grid.addWidget(self.message, 2, 0, 1, 2)
        grid.setColumnStretch(0, 1)
        grid.setRowStretch(1, 1)

    def _connect(self) -> None:
        self.send_button.listen_in(self, self.send)
        self.editor.textChanged.connect(self._on_typed)
        self.editor.step_requested.connect(self._on_step)
        self.editor.refused.connect(lambda words: self.message.tell(words, Tone.WARNING))
        self.target.changed.connect(self._on_target)
        self.target.number_entered.connect(self.focus_editor)
        self.target.setting_changed.connect(self.setting_changed)
        self.bar.options_changed.connect(lambda: self._set_options(self.bar.options))
        self.bar.mode_chosen.connect(self._on_mode_chosen)
        self.bar.history.clicked.connect(lambda: self.history_popup.open_over(self.bar.history))
        self._trail.passed.connect(self._set_options)
        self._live.done.connect(self._on_checked)

    @cached_property
    def history_popup(self) -> HistoryPopup:
        """The list of what was sent; made when it is first opened."""
        from app.ui.composer.history_popup import HistoryPopup

        popup = HistoryPopup(self._history, self)
        popup.chosen.connect(self.recall)
        popup.edited.connect(self._walk.stop)
        return popup

    # -- what the window tells -------------------------------------------------------------

    def set_open(self, is_open: bool) -> None:
        """Whether the port is open."""
        self._is_open = is_open
        self._refresh_send()

    def set_journal(self, journal: JournalKey) -> None:
        """Another live journal: its clients are meant, and what was sent before is no news."""
        self.target.set_journal(journal)
        self.message.set_journal(journal)

    def set_default_encoding(self, name: str) -> None:
        """The encoding of clients to come, in which text is measured while nobody is online."""
        self._default_encoding = name
        self._live.nudge()

    def recheck(self) -> None:
        """A client's encoding changed: the text may mean other bytes now."""
        self._live.nudge()

    def shut_down(self) -> None:
        """The program ends: cancel what is at work."""
        self._live.stop()

    def focus_editor(self) -> None:
        """Let the user type."""
        self.editor.setFocus(Qt.FocusReason.OtherFocusReason)

    # -- sending ---------------------------------------------------------------------------

    def send(self) -> None:
        """Ask for what is typed to be sent, or say what is in the way."""
        obstacle = self.obstacle()
        if obstacle is not None:
            self.message.tell(what_to_do(obstacle, self._one), Tone.WARNING)
            return
        self._faulted, draft = False, self.draft
        self.editor.clear_mark()
        self.message.forget_report()
        self.send_requested.emit(draft.text, draft.options, self.target.whom())
        if not self._faulted:
            self.target.remember()
            if not self._is_nothing():
                self._history.add(draft)
            self._walk.stop()

    @property
    def draft(self) -> Draft:
        """What is typed, and how it is read."""
        return Draft(self.editor.text(), self._options)

    def show_fault(self, fault: ComposeFault) -> None:
        """Mark what cannot be sent and say why; the text stays as it is."""
        text = self.editor.text()
        if fault.kind != "empty":
            self.editor.mark(fault.position, fault.length, go_there=True)
        self.refuse(compose_fault_sentence(fault, text))

    def refuse(self, sentence: str) -> None:
        """Say why what is typed cannot be sent; it stays as it is."""
        self._faulted = True
        self.message.tell(sentence, Tone.ERROR)

    def show_sent(self, report: SendReport) -> None:
        """A send has begun; its outcome comes with `show_report`."""
        self.message.show_sent(report)

    def show_report(self, report: SendReport) -> None:
        """Say what became of a send, client by client; a later report of the same one corrects."""
        self.message.show_report(report)

    def _text_is_new(self) -> None:
        """What was said about the text, or how it is read, no longer holds."""
        self.editor.clear_mark()
        self.message.settle()

    def obstacle(self) -> Obstacle | None:
        """Why Send is disabled, or None."""
        if not self._is_open:
            return Obstacle.PORT_CLOSED
        if (obstacle := self.target.obstacle()) is not None:
            return obstacle
        may_be_empty = self._options.seal is None and self.target.takes_nothing()
        return Obstacle.NOTHING_TYPED if self._is_nothing() and not may_be_empty else None

    def _is_nothing(self) -> bool:
        appends = self._options.mode == "text" and self._options.line_ending is not LineEnding.NONE
        return self.editor.document().isEmpty() and not appends

    @property
    def _one(self) -> int | None:
        """The number of the one client that is meant, for words."""
        one = self.target.one
        return one.number if one is not None else None

    def _refresh_send(self) -> None:
        obstacle = self.obstacle()
        one = self._one
        self.send_button.show_obstacle(obstacle, one)
        why = why_not(obstacle, one) if obstacle else ""
        tip = what_to_do(obstacle, one) if obstacle else self._size_words
        size = self._size_words if obstacle or not self._is_nothing() else tr("composer.empty")
        hint = " · ".join(filter(None, (*self._notes, size, why)))
        self.message.set_hint(hint, self._notes_tip or tip)

    # -- typing ----------------------------------------------------------------------------

    def _on_typed(self) -> None:
        self._text_is_new()
        self._live.poke()
        self._refresh_send()

    def _on_target(self) -> None:
        if not self.editor.document().isEmpty():
            self._live.nudge()
        self._refresh_send()

    def _encodings(self, options: ComposeOptions) -> Collection[str]:
        """In which encodings the text would be sent."""
        if options.encoding:
            return (options.encoding,)
        used = {self._encoding_of(client) for client in self.target.clients()}
        return used or (self._default_encoding,)

    def _question(self) -> Question:
        return Question(self.editor.text(), self._options, self._encodings(self._options))

    def _on_checked(self, outcome: Check) -> None:
        fault = outcome.fault
        self._size_words = "" if fault else size_words(outcome)
        self._notes = unexpected_words(outcome)
        self._notes_tip = " ".join(unexpected_words(outcome, "_tip"))
        if fault is None or is_half_typed(fault, self.editor.text()):
            self.editor.clear_mark()
            self.message.note("")
        elif not self.message.tells:
            self.editor.mark(fault.position, fault.length, go_there=False)
            self.message.note(fault_note(fault))
        self._refresh_send()

    # -- options, conversion, history ------------------------------------------------------

    def _set_options(self, options: ComposeOptions) -> None:
        before, self._options = self._options, options
        self.bar.set_options(options)
        known = options_as_kept(before)
        for name, value in options_as_kept(options).items():
            if value != known[name]:
                self.setting_changed.emit(f"compose_{name}", value)
        self._text_is_new()
        self._live.nudge()
        self._refresh_send()

    def _on_mode_chosen(self, mode: str) -> None:
        before, after = self._options, self.bar.options
        text = self.editor.text()
        try:
            converted = convert(text, before, cast(ComposeMode, mode), self._encodings(before))
        except CannotConvert as reason:
            self._set_options(after)
            self.message.tell(tr(f"composer.kept_{reason.hindrance.value}"), Tone.WARNING)
        else:
            self._replace(Draft(converted, after))

    def _on_step(self, step: int) -> None:
        found = self._walk.step(step, self.draft)
        if found is not None:
            self._replace(found)

    def recall(self, draft: Draft) -> None:
        """Put this in the place of what is typed; Ctrl+Z takes it back."""
        self._walk.stop()
        self._replace(draft)
        self.focus_editor()

    def _replace(self, draft: Draft) -> None:
        """Put text and options in place of what there is; one Ctrl+Z takes both back."""
        before = self._options
        steps = self.editor.document().availableUndoSteps()
        if draft.text != self.editor.text():
            self.editor.replace_text(draft.text)
            self._trail.record(steps, before, draft.options)
        self._set_options(draft.options)

    # -- words and looks -------------------------------------------------------------------

    def retranslate(self) -> None:
        """Fetch the words of the current language."""
        self.send_button.retranslate()
        self.editor.setPlaceholderText(tr("composer.placeholder"))
        self.editor.setAccessibleName(tr("composer.editor"))
        self._size_words = ""
        self._text_is_new()
        self._live.nudge()
        self._refresh_send()

    def restyle(self) -> None:
        """Take over the sizes and colours of the moment."""
        px = theme().px
        grid = cast(QGridLayout, self.layout())
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(px(8))
        grid.setVerticalSpacing(px(4))
        self.editor.setMinimumHeight(px(44))
