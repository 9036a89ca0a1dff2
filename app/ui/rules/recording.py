"""Rules out of a forward's traffic, for the rules' window: in the background, with a word."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from app.models.log_task import LogTask
from app.models.task import TaskSlot
from app.ui.widgets import FootBanner
from app.wording import tr
from app.wording.rules import rule_fault_sentence
from app.wording.terms import without_stop

if TYPE_CHECKING:
    from collections.abc import Callable

    from app.evidence.recorded import Recorded
    from app.journal.reader import Reader
    from app.models.log_rows import LogRows
    from app.ui.rules.dialog import RulesDialog


class RuleRecording(QObject):
    """Reads the journal that the log shows. GUI thread."""

    def __init__(self, dialog: RulesDialog, rows: LogRows) -> None:
        super().__init__(dialog)
        self._dialog, self._rows = dialog, rows
        self._notice = FootBanner(dialog.view)
        self._slot = TaskSlot(self)
        self._slot.progressed.connect(self._on_progressed)
        self._slot.done.connect(self._on_done)
        self._slot.failed.connect(self._on_failed)
        self._slot.busy_changed.connect(lambda busy: None if busy else self._notice.end_work())
        dialog.tools.actions_by_name["record"].triggered.connect(lambda: self.start())
        dialog.finished.connect(self._slot.cancel)

    def start(self) -> None:
        """Read what went through forwards: of the clients that the log shows."""
        from app.reply.rules import RuleFault

        new_reader = self._rows.new_reader
        if new_reader is None:
            self._notice.say(lambda: tr("rules.record_none"))
            return
        try:
            work = self._work()
        except RuleFault as fault:  # the framing
            words = rule_fault_sentence(fault)
            self._notice.say_error(lambda: words)
            return
        self._slot.start(LogTask("record-rules", new_reader, work, self))
        self._on_progressed(0, 1)

    def _work(self) -> Callable[[Reader, LogTask], object]:
        from app.evidence.recorded import record_rules
        from app.evidence.selection import Selection
        from app.evidence.source import Cancelled, Source

        framing, encoding = self._dialog.reading()
        selection = Selection(clients=self._rows.filter.clients)

        def work(reader: Reader, task: LogTask) -> Recorded | None:
            source = Source(reader, selection, cancelled=task.cancelled, progress=task.report)
            try:
                return record_rules(source, framing, encoding)
            except Cancelled:
                return None

        return work

    def _on_progressed(self, done: int, total: int) -> None:
        percent = done * 100 // max(total, 1)
        self._notice.show_work(
            lambda: tr("rules.recording", percent=percent),
            lambda: tr("rules.record_stop"),
            self._slot.cancel,
        )

    def _on_done(self, found: Recorded | None) -> None:
        if found is None:
            return
        before = len(self._dialog.table.rules.rules)
        self._dialog.add_all(found.rules)
        made = len(self._dialog.table.rules.rules) - before
        left_out = found.left_out + len(found.rules) - made

        def words() -> str:
            if not made:
                key = "record_no_answers" if found.found_forward else "record_none"
                return tr(f"rules.{key}")
            said = tr("rules.recorded", n=made, exchanges=found.exchanges)
            return f"{said} {tr('rules.record_left_out', n=left_out)}" if left_out else said

        self._notice.say(words)

    def _on_failed(self, reason: str) -> None:
        self._notice.say_error(lambda: tr("log.read_failed", reason=without_stop(reason)))
