"""What `--receive-to` asks for: bytes in files, while the console serves."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from app.cli.bad_option import BadOption
from app.cli.output import complain
from app.paths import make_folder
from app.wording import tr
from app.wording.terms import without_stop

if TYPE_CHECKING:
    from app.arguments import Arguments
    from app.journal.journal import Journal

_LAST_WRITE_S = 5.0  # a network drive may be gone
_SIZE = re.compile(r"([0-9]{1,15})([kKmMgG]?)[bB]?")
_UNITS = {"": 1, "k": 1024, "m": 1024**2, "g": 1024**3}


def read_size(option: str, text: str) -> int:
    """Return the bytes of `500K`, `64M`, `2G`. Raises BadOption."""
    found = _SIZE.fullmatch(text.strip())
    size_bytes = int(found[1]) * _UNITS[found[2].lower()] if found else 0
    if not size_bytes:
        raise BadOption(tr("receive.bad_size", option=option, value=text))
    return size_bytes


def make_receive_folder(arguments: Arguments) -> bool:
    """See that the folder is there, or say why it cannot be."""
    folder = arguments.receive_to
    try:
        if folder is not None:
            make_folder(folder)
    except (OSError, ValueError) as error:
        reason = without_stop(getattr(error, "strerror", None) or str(error))
        complain(tr("receive.bad_folder", folder=folder, reason=reason))
        return False
    return True


@contextmanager
def receiving_to_files(arguments: Arguments, journal: Journal) -> Iterator[None]:
    """Write what clients send into files meanwhile, if that is wanted."""
    folder = arguments.receive_to
    if folder is None:
        yield
        return
    from app.evidence.receiving import ReceiveOrder, Receiving

    def on_problem(words: str) -> None:
        key = "receive.console_problem" if words else "receive.console_again"
        complain(tr(key, folder=folder, reason=without_stop(words)))

    order = ReceiveOrder(folder, rotate_bytes=arguments.rotate_bytes)
    receiving = Receiving(journal, order, on_problem)
    receiving.start()
    try:
        yield
    finally:
        receiving.finish()
        receiving.join(_LAST_WRITE_S)
        state = receiving.state
        if state.unwritten or not state.is_over:
            reason = without_stop(state.problem)
            complain(tr("receive.console_unwritten", folder=folder, reason=reason))
