"""Protocol kits: one Python file each, loaded, checked by its own examples, and kept from harm.

A kit is a module with well-known names, all optional but `NAME`:

=================== ==================================================================
NAME                the protocol's name
EXAMPLES            pairs of a frame in hex and words that its decoding must contain
split(data)         cuts a stream into frames; see `app.frames.framing`
decode(frame)       the fields of a frame
summary(fields)     one line for the log; without it the first values stand there
check(frame)        "" or what is wrong; without it the fields say so
seal(body)          the whole frame around what the user typed: check, escapes, marks
sure(frame)         whether a frame without a fault can hardly be another protocol's: kits
                    without it are never suggested
PORTS               the ports on which the protocol is usual
=================== ==================================================================

What a kit raises never leaves here: a frame that can't be decoded has a field that says why.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from time import perf_counter_ns
from types import ModuleType
from typing import TypeVar, cast

from app.frames import facade
from app.frames.client import Stopped
from app.frames.fields import Field, Short, checked
from app.frames.framing import Split
from app.frames.limit import WATCH
from app.paths import resource

_PACKAGE = "portside"


class KitFault(Exception):
    """A kit can't be used. `detail` has the words.

    `case`: "cannot_load", "no_module", "no_name", "bad_example", "endless".
    """

    def __init__(self, path: Path, case: str, detail: str, line: int = 0) -> None:
        super().__init__(f"{path.name}: {case}: {detail}")
        self.path = path
        self.case = case
        self.detail = detail
        self.line = line  # in the kit's file, 0 where there is none


_Given = TypeVar("_Given")
_Result = TypeVar("_Result")
Decode = Callable[[bytes], Sequence[Field]]
MOST_ERRORS = 20  # in a row: then a kit is asked no more until it is loaded again


@dataclass(slots=True)
class KitHealth:
    """How a kit fares. Written by whoever decodes; read by anybody."""

    errors: int = 0  # in a row
    stuck: str = ""  # where it did not end; it is asked no more
    frames: int = 0
    spent_ns: int = 0

    @property
    def tired(self) -> bool:
        """Whether it failed too often to be asked."""
        return self.errors >= MOST_ERRORS

    @property
    def us_per_frame(self) -> float | None:
        """How long a decoding takes, µs; None before the first."""
        return self.spent_ns / self.frames / 1000 if self.frames else None


@dataclass(frozen=True, slots=True)
class Kit:
    """A kit that was loaded and whose examples are right. Any thread."""

    id: str  # the file's name: jt808
    name: str
    path: Path
    rule: Split | None
    decoder: Decode | None
    ports: tuple[int, ...] = ()
    sealer: Callable[[bytes], bytes] | None = None
    summarizer: Callable[[Sequence[Field]], str] | None = None
    checker: Callable[[bytes], str] | None = None
    surer: Callable[[bytes], bool] | None = None
    examples: tuple[tuple[bytes, str], ...] = field(default=())
    health: KitHealth = field(default_factory=KitHealth, compare=False)
    limited: bool = False  # its calls are ended that do not end by themselves

    def split(self, data: bytes) -> int:
        """Cut as the kit says; a kit that fails, or says what can't be, calls all of it junk."""
        if self.rule is None:
            return len(data)
        try:
            taken = self._call(self.rule, data)
        except Stopped as error:
            self._give_up(error)
            return -len(data)
        except BaseException as error:  # noqa: BLE001 - a kit may raise anything
            _let_through(error)
            return -len(data)
        return taken if isinstance(taken, int) else -len(data)

    def decode(self, frame: bytes) -> list[Field]:
        """Return the frame's fields; the last one says what is missing or what failed."""
        health = self.health
        if health.stuck:
            return [Field("!", None, 0, len(frame), health.stuck)]
        if self.decoder is None or health.tired:
            return []
        begun_ns = perf_counter_ns()
        health.frames += 1
        try:
            fields = self._call(self._fields, frame)
        except Stopped as error:
            self._give_up(error)
            return [Field("!", None, 0, len(frame), health.stuck)]
        except BaseException as error:  # noqa: BLE001 - a kit may raise anything
            _let_through(error)
            health.errors += 1
            return [Field("!", None, 0, len(frame), _where(self.path, error))]
        health.spent_ns += perf_counter_ns() - begun_ns
        health.errors = 0
        return fields

    def _fields(self, frame: bytes) -> list[Field]:
        assert self.decoder is not None
        try:
            found = self.decoder(frame)
        except Short as short:
            lost = Field(short.name, None, len(frame), len(frame), f"−{short.missing_bytes} B")
            found = [*short.fields, lost]
        return checked(found) if self.limited else list(found)

    def _call(self, function: Callable[[_Given], _Result], data: _Given) -> _Result:
        if not self.limited:
            return function(data)
        if self.health.stuck:
            raise Stopped
        with WATCH.limited():
            return function(data)

    def _give_up(self, error: Stopped) -> None:
        """It does not end: it is asked no more until it is saved again."""
        if not self.health.stuck:
            self.health.stuck = f"∞ {self.path.name}:{_line_in(self.path, error)}"
        self.health.errors = MOST_ERRORS

    def summary(self, fields: Sequence[Field]) -> str:
        """Say in one line what the frame is, and what is wrong with it."""
        words = self.words(fields)
        wrong = [_wrong(each) for each in fields if each.is_wrong]
        return " · ".join([words, *wrong] if words else wrong)

    def words(self, fields: Sequence[Field]) -> str:
        """Say in one line what the frame is."""
        if self.summarizer is not None:
            return self._said(self.summarizer, fields)
        return " ".join(each.shown for each in fields[:_SUMMED] if each.value is not None)

    def is_sure(self, frame: bytes) -> bool:
        """Whether a frame that decodes without a fault can hardly be another protocol's."""
        try:
            return self.surer is not None and bool(self._call(self.surer, frame))
        except Stopped as error:
            self._give_up(error)
        except BaseException as error:  # noqa: BLE001 - a kit may raise anything
            _let_through(error)
        return False

    def check(self, frame: bytes) -> str:
        """Return "" if nothing is wrong with the frame, else what."""
        if self.checker is not None:
            return self._said(self.checker, frame)
        return ", ".join(_wrong(each) for each in self.decode(frame) if each.is_wrong)

    def _said(self, function: Callable[[_Given], str], data: _Given) -> str:
        """Return what a kit says in words, or what it raised."""
        try:
            return self._call(lambda given: str(function(given))[:_MOST_LETTERS], data)
        except Stopped as error:
            self._give_up(error)
            return self.health.stuck
        except BaseException as error:  # noqa: BLE001 - a kit may raise anything
            _let_through(error)
            return _where(self.path, error)


_MOST_LETTERS = 10_000  # of a summary
_MOST_NAME = 60
_MOST_EXAMPLES = 1_000
_SUMMED = 4  # fields in a summary that the kit doesn't write itself


def _let_through(error: BaseException) -> None:
    """Ctrl+C is the user's, wherever it comes."""
    if isinstance(error, KeyboardInterrupt):
        raise error


def _wrong(found: Field) -> str:
    if found.bad:
        return f"{found.name} {found.bad}"
    return f"{found.name} {found.shown} ≠ {found.want}"


def load_kit(path: Path, *, limited: bool = False, source: bytes | None = None) -> Kit:
    """Load a kit and try its examples. Raises KitFault; nothing is left of one that fails.

    `limited`: what does not end by itself is ended. For the user's own. `source` is the file's
    text where it was looked at: it may have changed since.
    """
    try:
        with WATCH.limited() if limited else nullcontext():
            kit = _loaded(path, limited, source)
    except Stopped as error:
        raise KitFault(path, "endless", path.name, _line_in(path, error)) from error
    except (KitFault, KeyboardInterrupt):
        raise
    except SyntaxError as error:
        raise KitFault(path, "cannot_load", str(error.msg), error.lineno or 0) from error
    except ModuleNotFoundError as error:
        name, line = error.name or str(error), _line_in(path, error)
        raise KitFault(path, "no_module", name, line) from error
    except BaseException as error:
        raise KitFault(
            path, "cannot_load", f"{type(error).__name__}: {error}", _line_in(path, error)
        ) from error
    _try_examples(kit)
    return kit


def _loaded(path: Path, limited: bool, source: bytes | None) -> Kit:
    module = _run(path, path.read_bytes() if source is None else source)
    name = getattr(module, "NAME", None)
    if not isinstance(name, str) or not name.strip():
        raise KitFault(path, "no_name", "NAME")
    return Kit(
        path.stem,
        " ".join(name.split())[:_MOST_NAME],
        path,
        rule=getattr(module, "split", None),
        decoder=getattr(module, "decode", None),
        ports=tuple(islice(getattr(module, "PORTS", ()), _MOST_EXAMPLES)),
        sealer=getattr(module, "seal", None),
        summarizer=getattr(module, "summary", None),
        checker=getattr(module, "check", None),
        surer=getattr(module, "sure", None),
        examples=tuple(_examples(path, getattr(module, "EXAMPLES", ()))),
        limited=limited,
    )


def _run(path: Path, source: bytes) -> ModuleType:
    _offer_facade()
    module = ModuleType(f"portside_kits.{path.stem}")
    module.__file__ = str(path)
    # Compiled each time: what Python keeps beside the file it takes for new for a whole second.
    exec(compile(source, str(path), "exec"), module.__dict__)
    return module


def _where(path: Path, error: BaseException) -> str:
    """What a kit raised, and in which line of its file."""
    return f"{type(error).__name__}: {error} ({path.name}:{_line_in(path, error)})"


def _line_in(path: Path, error: BaseException) -> int:
    """Return the line of the kit's own file that was being run, 0 if none was."""
    line, trace = 0, error.__traceback__
    while trace is not None:
        if trace.tb_frame.f_code.co_filename == str(path):
            line = trace.tb_lineno
        trace = trace.tb_next
    return line


def _offer_facade() -> None:
    """Let `from portside.kit import …` find the facade, and `portside.kits.NAME` one of our kits.

    No package of this name is installed. One of the user's is not found: it may not run yet.
    """
    package = sys.modules.setdefault(_PACKAGE, ModuleType(_PACKAGE))
    package.__path__ = []
    sys.modules[f"{_PACKAGE}.kit"] = facade
    kits = sys.modules.setdefault(f"{_PACKAGE}.kits", ModuleType(f"{_PACKAGE}.kits"))
    kits.__path__ = [str(resource("kits"))]


def _examples(path: Path, pairs: Iterable[object]) -> Iterable[tuple[bytes, str]]:
    for pair in islice(pairs, _MOST_EXAMPLES):
        try:
            frame, words = cast("tuple[str, str]", pair)
            yield bytes.fromhex(frame), str(words)
        except (TypeError, ValueError) as error:
            raise KitFault(path, "bad_example", f"{pair!r}: {error}") from None


def _try_examples(kit: Kit) -> None:
    for frame, words in kit.examples:
        shown = frame.hex()
        taken = kit.split(frame)
        fields = kit.decode(frame)
        if kit.health.stuck:
            line = int(kit.health.stuck.rpartition(":")[2])
            raise KitFault(kit.path, "endless", kit.path.name, line)
        if kit.rule is not None and taken != len(frame):
            raise KitFault(kit.path, "bad_example", f"{shown}: split gives {taken}")
        said = " ".join(f"{each.name} {each.shown}" for each in fields)
        if words not in said and words not in kit.summary(fields):
            raise KitFault(kit.path, "bad_example", f"{shown}: {words!r} is not in {said!r}")
