"""Which stretch of time is in sight, and how it is moved."""

from __future__ import annotations

from dataclasses import dataclass

SECOND_NS = 1_000_000_000
SHORTEST_NS, LONGEST_NS = 10_000, 3_600 * SECOND_NS
_STEPS = (1, 2, 5)


@dataclass(slots=True)
class TimeWindow:
    """The moments at the left and the right edge. While it follows, the right one is now."""

    span_ns: int = 10 * SECOND_NS
    right_ns: int = 0
    follows: bool = True

    @property
    def left_ns(self) -> int:
        """The moment at the left edge."""
        return self.right_ns - self.span_ns

    def advance(self, now_ns: int) -> None:
        """Time goes on."""
        if self.follows:
            self.right_ns = now_ns

    def zoom(self, factor: float, share: float = 1.0) -> None:
        """Show `factor` times as much; what stands at `share` of the width stays there."""
        span_ns = round(min(max(self.span_ns * factor, SHORTEST_NS), LONGEST_NS))
        if not self.follows:
            self.right_ns += round((span_ns - self.span_ns) * (1 - share))
        self.span_ns = span_ns

    def pan(self, by_ns: int, now_ns: int) -> None:
        """Move by so much; at the newest end it follows again."""
        self.right_ns += by_ns
        self.follows = self.right_ns >= now_ns
        self.advance(now_ns)

    def fit(self, begin_ns: int, now_ns: int) -> None:
        """Show everything from `begin_ns` on."""
        self.follows, self.right_ns = True, now_ns
        self.span_ns = min(max(round((now_ns - begin_ns) * 1.02), SHORTEST_NS), LONGEST_NS)

    def has(self, begin_ns: int, end_ns: int) -> bool:
        """Whether a stretch is in sight."""
        return self.left_ns <= begin_ns and end_ns <= self.right_ns

    def show(self, begin_ns: int, end_ns: int) -> None:
        """Bring a stretch into sight, as wide as it is now if that is enough."""
        if self.has(begin_ns, end_ns):
            return
        self.follows = False
        self.right_ns = (begin_ns + end_ns + self.span_ns) // 2


def ticks(left_ns: int, right_ns: int, most: int) -> tuple[int, list[int]]:
    """Return a round step and the moments of its multiples, at most `most` of them."""
    step = 1
    while (right_ns - left_ns) // step > most:
        digit = int(str(step)[0])
        step = step // digit * (_STEPS[_STEPS.index(digit) + 1] if digit != 5 else 10)
    first = -(-left_ns // step) * step
    return step, list(range(first, right_ns + 1, step))


def tick_text(ns: int, step_ns: int) -> str:
    """Return a moment in seconds, with as many digits as the step needs."""
    digits = max(0, 10 - len(str(step_ns)))
    return f"{ns / SECOND_NS:.{digits}f}"
