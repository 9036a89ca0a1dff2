"""`--replay JOURNAL --client N --to ADDRESS`: a client's run once more, without a window.

Exit codes: 0 all was sent; 1 it was not; 2 a call that was not understood; 130 Ctrl+C.
"""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING

from app.cli.exporting import INTERRUPTED, Progress, ended_in_order, speak
from app.cli.output import Output, OutputClosed, complain
from app.journal.entry import Endpoint
from app.journal.errors import JournalUnreadable
from app.journal.reader import Reader
from app.teaching.replay import Carrier, Replay, Target, carrier_of
from app.wording import tr
from app.wording.amounts import size_text
from app.wording.sentences import journal_error_sentence
from app.wording.terms import without_stop

if TYPE_CHECKING:
    from app.arguments import Arguments, ReplayCall
    from app.teaching.replay import Replayed


def run_replay(arguments: Arguments, call: ReplayCall) -> int:
    """Send it all again; return the exit code. Main thread."""
    speak(arguments)
    try:
        with ended_in_order(), closing(Reader(call.journal)) as reader:
            if reader.client(call.client) is None:
                complain(tr("console.replay_nobody", client=call.client))
                return 1
            carrier = Carrier(call.carrier) if call.carrier else carrier_of(reader, call.client)
            replay = Replay(Target(carrier, Endpoint(*call.target)), call.speed)
            return _tell(replay.run(reader, call.client, Progress()))
    except KeyboardInterrupt:
        return INTERRUPTED
    except JournalUnreadable as error:
        complain(journal_error_sentence(error))
    except OSError as error:
        reason = without_stop(error.strerror or str(error) or tr("replay.no_answer"))
        complain(tr("replay.failed", where=str(Endpoint(*call.target)), reason=reason))
    return 1


def _tell(done: Replayed) -> int:
    key = "replay.done" if done.whole else "replay.cut_off"
    try:
        Output().lines([tr(key, n=done.chunks, size=size_text(done.size_bytes), sha=done.sha256)])
    except OutputClosed:
        Output().give_up()
    return 0 if done.whole else 1
