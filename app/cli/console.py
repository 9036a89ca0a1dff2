"""The server with lines for a face: entries go to stdout, typed lines go to clients.

The listener, the workers, the sender and the journal's writer are the same as under the window.
The main thread waits for messages, prints and sends; a daemon reads stdin. Whatever happens
reaches the main thread through one queue, which is safe to fill from threads and signal handlers.
"""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Callable
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING, Final

from app.cli.ending import EndingSignals
from app.cli.frames import FrameLines, WrittenFraming, written_framing
from app.cli.output import Interrupted, Output, OutputClosed, complain
from app.cli.replies import console_reply
from app.cli.typed import is_text, read_typed, watch_stdin
from app.journal.errors import JournalError
from app.journal.shelf import Shelf
from app.net.facts import ListenError, ListenFault, SendReport, SendResult, ServerOptions
from app.net.holder import explained
from app.net.kinds import make_server
from app.paths import find_places
from app.report.crash import die, reported
from app.report.hooks import Hooks
from app.report.log import begin_log
from app.start import begin
from app.text.compose import ComposeFault, ComposeMode, ComposeOptions, LineEnding, compose
from app.wording import tr
from app.wording.sentences import (
    compose_fault_sentence,
    journal_error_sentence,
    journal_problem_sentence,
    listen_error_sentence,
    send_summary,
)
from app.wording.terms import encoding_label, quoted_text

if TYPE_CHECKING:
    from app.arguments import Arguments
    from app.journal.journal import Journal
    from app.journal.reader import Reader
    from app.net.answers import Reply
    from app.net.session import Session
    from app.paths import Places
    from app.settings_file import SettingsProblem
    from app.start import Run

BATCH_ENTRIES = 256
_UNSENT = {SendResult.REFUSED, SendResult.GONE, SendResult.FAILED}
TYPED_AHEAD = 256  # lines of stdin that may wait: a piped file is read no faster than it is sent
AGAIN_S = 1.0  # between two attempts to open a port that old connections hold
LAST_LINES_S = 2.0  # for printing what is left at the end; less than ending.PATIENCE_S
JOURNAL_DEADLINE_S = 5.0
# On Windows a wait without a limit cannot be interrupted by Ctrl+C.
WAIT_S: Final = 0.5 if sys.platform == "win32" else None


def settings_problem_sentence(problem: SettingsProblem) -> str:
    """Say what was wrong with the stored settings, and what became of it."""
    return tr(
        f"console.settings_{problem.fault}",
        name=problem.name,
        value=problem.value,
        file=problem.path,
        kept=problem.kept_as or "",
        reason=problem.system_text,
    )


class News:
    """There may be new entries."""


class End:
    """The program shall end."""


Message = News | End | SendReport | str  # str: a typed line


def run_console(arguments: Arguments) -> int:
    """Serve until a signal, or the end of a terminal's input; return the exit code. Main thread."""
    places = find_places(portable=arguments.portable)
    with reported(places.reports_dir, arguments.log_level) as report:
        begin_log(places.reports_dir, arguments.log_level)
        if report is not None:
            report.hold()
        hooks = Hooks(report, lambda _words: None)  # Python prints them
        try:
            return die() if arguments.crash else _run(arguments, places)
        finally:
            hooks.close()


def _run(arguments: Arguments, places: Places) -> int:
    messages: SimpleQueue[Message] = SimpleQueue()
    output = Output()
    with EndingSignals(output, lambda: messages.put(End())) as signals:
        run = begin(arguments, places)
        for problem in run.problems:
            complain(settings_problem_sentence(problem))
        written = written_framing(arguments.framing, run.places)
        reply = console_reply(run)
        if written is None or reply is None:
            return 2
        try:
            if arguments.journal is None:  # the oldest of many go
                Shelf(run.places.journal_dir).prune()
            journal = run.open_journal(
                lambda: messages.put(News()), run.settings.journal_limit_bytes
            )
        except (JournalError, OSError) as error:
            complain(journal_error_sentence(error))
            return 1
        try:
            return Console(run, journal, messages, output, signals, written, reply[0]).serve()
        finally:
            lost = journal.close(JOURNAL_DEADLINE_S)
            if lost:
                complain(tr("console.entries_lost", n=lost))


class Console:
    """One run of the server without a window. Main thread, except where said otherwise."""

    def __init__(
        self,
        run: Run,
        journal: Journal,
        messages: SimpleQueue[Message],
        output: Output,
        signals: EndingSignals,
        framing: WrittenFraming,
        reply: Reply | None,
    ) -> None:
        settings = self._settings = run.settings
        self._input_encoding = run.arguments.input_encoding
        self._journal = journal
        self._messages = messages
        self._output = output
        self._signals = signals
        self._framing = framing
        options = ServerOptions.of(settings.server)
        self._server = make_server(options, journal, watcher=self, reply=reply)
        self._next_id = journal.last_id + 1
        self._fault: str | None = None
        self._told_send_id = 0
        self._typing_room = threading.Semaphore(TYPED_AHEAD)

    def serve(self) -> int:
        """Open the port, serve, close it; return the exit code."""
        try:
            self._open()
        except ListenError as error:
            complain(listen_error_sentence(error))
            return 1
        listener = threading.Thread(target=self._server.serve, name="listener")
        listener.start()
        reader = self._journal.reader()
        try:
            lines = FrameLines(reader, self._encoding_of, self._framing)
            return self._face(reader, lines, listener)
        finally:
            self._stop(listener)
            reader.close()

    def _open(self) -> None:
        """Open the port; while old connections hold it, try again. Raises ListenError."""
        waits = False
        while True:
            try:
                self._server.open()
                return
            except ListenError as error:
                found = explained(error)
                if found.fault is not ListenFault.OLD_CONNECTIONS or self._signals.came:
                    raise found from error
            if not waits:
                waits = True
                complain(listen_error_sentence(found))
            time.sleep(AGAIN_S)

    def _face(self, reader: Reader, lines: FrameLines, listener: threading.Thread) -> int:
        """Print and send until the end is asked for, or nobody reads what is printed."""
        try:
            self._output.lines(f"listening on {place}" for place in self._server.endpoints)
            watch_stdin(self._on_typed, lambda: self._messages.put(End()), self._input_encoding)
            self._follow(
                lambda: self._print_new(reader, lines, lambda: self._signals.came),
                lambda: self._print_overdue(lines),
            )
            self._stop(listener)
            until_s = time.monotonic() + LAST_LINES_S
            self._print_new(reader, lines, lambda: time.monotonic() > until_s)
            self._output.lines(lines.end())
            self._tell_unprinted()
        except Interrupted:
            self._output.give_up()
            self._tell_unprinted()
        except OutputClosed:
            self._output.give_up()
            complain(tr("console.output_closed"))
            return 1
        return 0

    def _stop(self, listener: threading.Thread) -> None:
        self._server.stop()
        listener.join()

    def _follow(
        self, print_new: Callable[[], None], print_overdue: Callable[[], float | None]
    ) -> None:
        """Deal with one message after the other until the one that ends it."""
        print_new()
        while True:
            try:
                message = self._messages.get(timeout=print_overdue())
            except Empty:
                continue
            if isinstance(message, End):
                return
            if isinstance(message, News):
                self._tell_health()
                print_new()
            elif isinstance(message, SendReport):
                self._tell_report(message)
            else:
                self._send(message)

    # -- entries out -----------------------------------------------------------------------

    def _print_new(self, reader: Reader, lines: FrameLines, stop: Callable[[], bool]) -> None:
        """Print what was appended since the last time, or a part of it if `stop()` says so."""
        last_id = self._journal.rearm_news()
        while self._next_id <= last_id and not stop():
            # The journal's limit may have taken entries before they were printed.
            first_id = max(self._next_id, reader.first_id)
            entries = reader.entries(first_id, BATCH_ENTRIES)
            self._output.lines(line for entry in entries for line in lines.lines(entry))
            self._next_id = first_id + len(entries)

    def _print_overdue(self, lines: FrameLines) -> float | None:
        """Print what has waited too long for its rest; return how long to wait for news, s."""
        self._output.lines(lines.overdue(time.monotonic_ns()))
        patience_s = lines.patience_s
        return min(filter(None, (WAIT_S, patience_s)), default=None)

    def _tell_unprinted(self) -> None:
        count = self._journal.last_id + 1 - self._next_id
        if count > 0:
            complain(tr("console.unprinted", n=count))

    def _tell_health(self) -> None:
        health = self._journal.health
        if health.fault != self._fault:
            self._fault = health.fault
            complain(journal_problem_sentence(health) or tr("console.journal_recovered"))

    def _encoding_of(self, client_id: int) -> str:
        """Every client of this run has the same: there is no way here to change it."""
        return self._settings.server.encoding

    # -- typed lines in --------------------------------------------------------------------

    def _on_typed(self, line: str) -> None:
        """Pass a line on, once there is room for it (stdin's thread)."""
        self._typing_room.acquire()
        self._messages.put(line)

    def _send(self, line: str) -> None:
        self._typing_room.release()
        if not is_text(line):
            encoding = encoding_label(self._input_encoding or sys.stdin.encoding)
            complain(tr("console.not_text", line=quoted_text(line), encoding=encoding))
            return
        typed = read_typed(line)
        everybody = {session.client_id: session.ref for session in self._server.roster()}
        if typed.client_id is not None and typed.client_id not in everybody:
            complain(tr("console.no_such_client", client=typed.client_id))
            return
        chosen = [c for number, c in everybody.items() if typed.client_id in (None, number)]
        try:
            data = self._composed(typed.text)
        except ComposeFault as fault:
            complain(compose_fault_sentence(fault, typed.text))
            return
        if not chosen:
            complain(tr("events.send_nobody"))
            return
        self._server.send([(client, data, self._settings.server.encoding) for client in chosen])

    def _composed(self, text: str) -> bytes:
        """Read a typed line as the window's send field would with the same settings."""
        settings = self._settings
        mode: ComposeMode = "hex" if settings.compose_mode == "hex" else "text"
        return compose(
            text,
            ComposeOptions(
                settings.server.encoding,
                mode,
                settings.compose_escapes,
                LineEnding(settings.compose_line_ending),
            ),
        )

    def _tell_report(self, report: SendReport) -> None:
        """What was sent stands in the log; say what was not."""
        if report.send_id <= self._told_send_id:
            return  # only the rest of a send that was told already
        self._told_send_id = report.send_id
        if not _UNSENT.isdisjoint(report.results.values()):
            complain(send_summary(report))

    # -- what the server tells (its threads) -----------------------------------------------

    def joined(self, session: Session) -> None:
        """The journal has said so already."""

    def left(self, session: Session) -> None:
        """The journal has said so already."""

    def sent(self, report: SendReport) -> None:
        """Hand the report to the main thread."""
        self._messages.put(report)
