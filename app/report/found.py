"""The reports of earlier runs: which of them a user has not seen yet."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

from app.report.crash import HEAD_END, add_log, lock_path

SEEN = ".seen"
KEPT = 10  # of those that were seen
_PATTERN = "report-*.txt"


def unseen_reports(folder: Path) -> list[Path]:
    """Return the reports of runs that are over, oldest first, each with what its run logged last.

    A run that was killed leaves a head alone: that tells nothing, and goes. Call it in a thread of
    its own. Raises nothing: what cannot be read is passed over.
    """
    found = []
    with suppress(OSError):
        for report in sorted(folder.glob(_PATTERN)):
            with suppress(OSError):
                if report.is_symlink() or _in_use(report):
                    continue
                if not report.read_text("utf-8", errors="replace").partition(HEAD_END)[2].strip():
                    report.unlink()
                    continue
                add_log(report)
                found.append(report)
    return found


def settle_report(report: Path) -> None:
    """It was offered: not again. The oldest that were seen go. Raises nothing."""
    with suppress(OSError):
        report.replace(report.with_name(report.name + SEEN))
    with suppress(OSError):
        for old in sorted(report.parent.glob(_PATTERN + SEEN))[:-KEPT]:
            old.unlink()


def _in_use(report: Path) -> bool:
    """Whether its run still lives. What a killed one left of its lock is removed."""
    from filelock import FileLock, Timeout

    lock = lock_path(report)
    if not lock.exists():
        return False
    try:
        with FileLock(lock, timeout=0, mode=0o600):
            lock.unlink(missing_ok=True)
    except Timeout:
        return True
    except (OSError, NotImplementedError):
        return False
    return False
