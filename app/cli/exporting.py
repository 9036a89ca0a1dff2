"""`--export FILE --from JOURNAL`: a journal's entries into a file, without a window.

Exit codes: 0 done; 1 not written; 2 a call that was not understood; 3 written, but some entries
could not be read; 130 Ctrl+C, and nothing is left of the file.
"""

from __future__ import annotations

import signal
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING, NoReturn

from app.cli.output import Output, OutputClosed, complain
from app.evidence.archive import NoArchive, verify
from app.evidence.form import Format
from app.evidence.formats import Written, export, export_to_stdout
from app.evidence.selection import Selection
from app.evidence.source import Source, total_of
from app.journal.errors import JournalUnreadable
from app.journal.reader import Reader
from app.paths import find_places
from app.settings_file import load_settings
from app.text.visible import escaped
from app.wording import set_language, tr
from app.wording.sentences import journal_error_sentence
from app.wording.terms import without_stop

if TYPE_CHECKING:
    from pathlib import Path
    from types import FrameType

    from app.arguments import Arguments, ExportCall

INCOMPLETE = 3
INTERRUPTED = 130
_SHOWN_GAPS = 5


def run_export(arguments: Arguments, call: ExportCall) -> int:
    """Write the file; return the exit code. Main thread."""
    speak(arguments)
    try:
        with ended_in_order(), closing(Reader(call.journal)) as reader:
            written = _written(reader, call, arguments.portable)
    except KeyboardInterrupt:
        return INTERRUPTED
    except JournalUnreadable as error:
        complain(journal_error_sentence(error))
        return 1
    except BrokenPipeError:  # whoever reads has seen enough
        Output().give_up()
        return 0
    except OSError as error:
        reason = without_stop(error.strerror or str(error))
        complain(tr("console.export_failed", name=call.target or "-", reason=reason))
        return 1
    return _tell(written, call)


def speak(arguments: Arguments) -> None:
    """Take the language that was asked for."""
    language = arguments.overrides.get("language")
    if isinstance(language, str):
        set_language(language)


def _written(reader: Reader, call: ExportCall, portable: bool) -> Written:
    selection = Selection(
        clients=call.clients or None, since_ns=call.since_ns, until_ns=call.until_ns
    )
    stored = load_settings(find_places(portable=portable).settings_path).settings
    source = Source(reader, selection, progress=Progress(), settings=stored)
    form = Format(call.form)
    if call.target is None:
        return export_to_stdout(source, form)
    written = export(source, form, call.target)
    assert written is not None  # nobody cancels it but by a signal
    return written


def _tell(written: Written, call: ExportCall) -> int:
    if call.target is not None:
        try:
            name = str(call.target)
            Output().lines([tr("console.export_done", n=written.entries, name=name)])
        except OutputClosed:
            Output().give_up()
    if not written.gaps:
        return 0
    shown = [f"{first}–{last}" for first, last in written.gaps[:_SHOWN_GAPS]]
    if len(written.gaps) > _SHOWN_GAPS:
        shown.append("…")
    complain(tr("console.export_gaps", n=total_of(written.gaps), which=", ".join(shown)))
    return INCOMPLETE


def run_verify(arguments: Arguments, path: Path) -> int:
    """Say whether an evidence ZIP is as it was made; return the exit code. Main thread."""
    speak(arguments)
    try:
        found = verify(path)
    except NoArchive as error:
        complain(tr("console.verify_none", name=path.name, reason=without_stop(str(error))))
        return 1
    except OSError as error:
        reason = without_stop(error.strerror or str(error))
        complain(tr("console.verify_none", name=path.name, reason=reason))
        return 1
    except KeyboardInterrupt:
        return INTERRUPTED
    output = Output()
    output.lines(tr(f"console.verify_{what}", name=escaped(name)) for name, what in found)
    if not found:
        output.lines([tr("console.verify_same", name=path.name)])
    return 1 if found else 0


class Progress:
    """Says on a terminal how far it is."""

    def __init__(self) -> None:
        self._shown = -1
        self._is_on = sys.stderr is not None and sys.stderr.isatty()

    def __call__(self, done: int, total: int) -> None:
        """Say it, if that is another percent."""
        percent = done * 100 // max(total, 1)
        if self._is_on and percent != self._shown:
            self._shown = percent
            sys.stderr.write(f"\r{percent} %" if done < total else "\r\x1b[K")
            sys.stderr.flush()


@contextmanager
def ended_in_order() -> Iterator[None]:
    """Let SIGTERM and a closed terminal end the block as Ctrl+C does: it takes its file away."""

    def end(number: int, frame: FrameType | None) -> NoReturn:
        raise KeyboardInterrupt

    before = {
        number: signal.signal(number, end)
        for name in ("SIGINT", "SIGTERM", "SIGHUP", "SIGBREAK")
        if (number := getattr(signal, name, None)) is not None
    }
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
