"""One step after another: how each went, and how long it took."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import asdict, dataclass


class SelfTestFailed(Exception):
    """Something is not as it must be; the text is the sentence."""


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that was tried."""

    name: str
    passed: bool
    seconds: float
    reason: str = ""  # of a failure


class Steps:
    """What has been tried so far. Main thread."""

    def __init__(self) -> None:
        self.done: list[Step] = []

    def take(self, name: str, do: Callable[[], None]) -> bool:
        """Try `do`; return whether it went well. Whatever breaks is what is looked for."""
        begun_s = time.monotonic()
        reason = ""
        try:
            do()
        except SelfTestFailed as failed:
            reason = str(failed)
        except Exception as error:  # noqa: BLE001
            reason = f"{type(error).__name__}: {error}"
        took_s = round(time.monotonic() - begun_s, 3)
        self.done.append(Step(name, not reason, took_s, reason))
        return not reason

    @property
    def reason(self) -> str:
        """Why the first step failed that did; "" while all is well."""
        return next((step.reason for step in self.done if not step.passed), "")

    def as_data(self) -> list[dict[str, object]]:
        """Return the steps as JSON takes them."""
        return [asdict(step) for step in self.done]
