"""The servers with lines for a face: entries go to stdout, typed lines go to clients.

The listeners, the workers, the sender and the journal's writer are the same as under the window.
The main thread waits for messages, prints and sends; a daemon reads stdin. Whatever happens
reaches the main thread through one queue, which is safe to fill from threads and signal handlers.
"""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Callable, Mapping
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING, Final

from app.cli.ending import EndingSignals
from app.cli.faces import Face, chosen_face
from app.cli.frames import FrameLines, WrittenFraming, console_kits, written_framings
from app.cli.output import Interrupted, Output, OutputClosed, complain
from app.cli.receiving import make_receive_folder, receiving_to_files
from app.cli.replies import console_replies
from app.cli.serving import Serving
from app.cli.typed import LONGEST_LINE, is_text, read_typed, watch_stdin
from app.cli.watch import Watch
from app.evidence.source import Source
from app.journal.errors import JournalError
from app.journal.shelf import Shelf
from app.net.facts import ListenError, SendReport, SendResult
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
        shelf = console_kits(run.places, run.settings.kits, arguments)
        framings = written_framings(run.framings, shelf)
        replies = console_replies(run, shelf)
        fits = len(framings) == len(run.framings) and make_receive_folder(arguments)
        if replies is None or not fits:
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
            with receiving_to_files(arguments, journal):
                return Console(run, journal, messages, output, signals, framings, replies).serve()
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
        framings: Mapping[int, WrittenFraming],
        replies: Mapping[int, Reply | None],
    ) -> None:
        self._settings = run.settings
        self._input_encoding = run.arguments.input_encoding
        self._journal = journal
        self._messages = messages
        self._output = output
        self._signals = signals
        self._framings = framings
        self._serving = Serving(run.profiles, journal, self, replies, str(run.places.config_dir))
        self._wish = run.arguments.wish
        self._watch: Watch
        self._next_id = journal.last_id + 1
        self._fault: str | None = None
        self._told_send_id = 0
        self._typing_room = threading.Semaphore(TYPED_AHEAD)

    def serve(self) -> int:
        """Open the ports, serve, close them; return the exit code."""
        serving = self._serving
        try:
            serving.open(lambda: self._signals.came)
        except ListenError as error:
            complain(listen_error_sentence(error))
            return 1
        reader = self._journal.reader()
        try:
            profile_of = serving.profile_of(reader)
            self._watch = Watch(self._wish, lambda client_id: profile_of(client_id).encoding)
            lines = FrameLines(
                reader,
                lambda client_id: profile_of(client_id).encoding,
                lambda client_id: self._framings[profile_of(client_id).server_id],
                serving.label_of(reader),
            )
            source = Source(reader, encoding_of=lambda c: profile_of(c).encoding)
            return self._serve(reader, chosen_face(self._wish, lines, source))
        finally:
            serving.stop()
            reader.close()

    def _serve(self, reader: Reader, lines: Face) -> int:
        """Print and send until the end is asked for, or nobody reads what is printed."""
        try:
            if not self._wish.json:
                self._output.lines(self._serving.lines())
            watch_stdin(
                self._on_typed,
                lambda: self._messages.put(End()),
                lambda: complain(tr("console.line_too_long", n=f"{LONGEST_LINE:,}")),
                self._input_encoding,
            )
            self._follow(
                lambda: self._print_new(reader, lines, lambda: self._signals.came),
                lambda: self._print_overdue(lines),
            )
            self._serving.stop()
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
        return self._watch.tell()

    def _follow(
        self, print_new: Callable[[], None], print_overdue: Callable[[], float | None]
    ) -> None:
        """Deal with one message after the other until the one that ends it."""
        print_new()
        while not self._watch.is_over:
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

    def _print_new(self, reader: Reader, lines: Face, stop: Callable[[], bool]) -> None:
        """Print what was appended since the last time, or a part of it if `stop()` says so."""
        last_id = self._journal.rearm_news()
        while self._next_id <= last_id and not stop():
            # The journal's limit may have taken entries before they were printed.
            first_id = max(self._next_id, reader.first_id)
            entries = reader.entries(first_id, BATCH_ENTRIES)
            self._output.lines(line for entry in entries for line in lines.lines(entry))
            self._next_id = first_id + len(entries)
            self._watch.take(entries)

    def _print_overdue(self, lines: Face) -> float | None:
        """Print what has waited too long for its rest; return how long to wait for news, s."""
        self._output.lines(lines.overdue(time.monotonic_ns()))
        waits = (WAIT_S, lines.patience_s, self._watch.left_s)
        return min(filter(None, waits), default=None)

    def _tell_unprinted(self) -> None:
        count = self._journal.last_id + 1 - self._next_id
        if count > 0:
            complain(tr("console.unprinted", n=count))

    def _tell_health(self) -> None:
        health = self._journal.health
        if health.fault != self._fault:
            self._fault = health.fault
            complain(journal_problem_sentence(health) or tr("console.journal_recovered"))

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
        everybody = {session.client_id: session for session in self._serving.roster()}
        if typed.client_id is not None and typed.client_id not in everybody:
            complain(tr("console.no_such_client", client=typed.client_id))
            return
        chosen = [c for number, c in everybody.items() if typed.client_id in (None, number)]
        profiles = self._serving.profiles
        encodings = {client.encoding for client in chosen} or {profiles[0].encoding}
        try:
            data = {encoding: self._composed(typed.text, encoding) for encoding in encodings}
        except ComposeFault as fault:
            complain(compose_fault_sentence(fault, typed.text))
            return
        if not chosen:
            complain(tr("events.send_nobody"))
            return
        self._serving.send([(c.ref, data[c.encoding], c.encoding) for c in chosen])

    def _composed(self, text: str, encoding: str) -> bytes:
        """Read a typed line as the window's send field would with the same settings."""
        settings = self._settings
        mode: ComposeMode = "hex" if settings.compose_mode == "hex" else "text"
        return compose(
            text,
            ComposeOptions(
                encoding,
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
