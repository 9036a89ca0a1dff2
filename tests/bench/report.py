"""What the bench prints and keeps: a table for the eye, and JSON. (`readme` makes README's.)"""

from __future__ import annotations

import json
import os
import platform
import sqlite3
import time
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from tests.bench.figures import number_words

HEAD = ("figure", "target", "measured", "bare", "ratio", "runs", "")
MARKS = {True: "ok", False: "MISSED", None: ""}


def table(results: Sequence[Mapping[str, Any]]) -> str:
    """Return all figures as text in columns, a line for each, a heading for each case."""
    rows: list[tuple[str, ...]] = [HEAD]
    case = None
    for result in results:
        if result["case"] != case:
            case = result["case"]
            rows.append((f"[{case}]", *[""] * (len(HEAD) - 1)))
        rows.append(_cells(result))
    widths = [max(_width(row[column]) for row in rows) for column in range(len(HEAD))]
    return "\n".join(_line(row, widths) for row in rows) + "\n"


def _cells(result: Mapping[str, Any]) -> tuple[str, ...]:
    value = result["value"]
    measured = "–" if value is None else amount(value, result["unit"])
    return (
        f"  {result['figure']}",
        result["target"],
        measured,
        amount(result["baseline"], result["unit"]),
        "" if result["ratio"] is None else f"{result['ratio']:.2f}",
        str(result["runs"] or ""),
        result["why"].partition(":")[0] or MARKS[result["reached"]],  # JSON has the rest
    )


def amount(number: float | None, unit: str) -> str:
    """Return a number with its unit; nothing for None."""
    return "" if number is None else f"{number_words(number)} {unit}".rstrip()


def _width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)


def _line(row: Sequence[str], widths: Sequence[int]) -> str:
    cells = [text + " " * (width - _width(text)) for text, width in zip(row, widths, strict=True)]
    return "  ".join(cells).rstrip()


def machine() -> dict[str, Any]:
    """What was measured on."""
    from PySide6.QtCore import qVersion

    return {
        "system": _system(),
        "processors": os.cpu_count(),
        "python": platform.python_version(),
        "qt": qVersion(),
        "sqlite": sqlite3.sqlite_version,
        "when": time.strftime("%Y-%m-%d %H:%M"),
    }


def _system() -> str:
    try:
        return platform.freedesktop_os_release()["PRETTY_NAME"]
    except (OSError, KeyError):
        return platform.system()


def merged(
    old: Iterable[Mapping[str, Any]], new: Sequence[Mapping[str, Any]], order: Sequence[str]
) -> list[Mapping[str, Any]]:
    """Return `old` with the cases that were measured anew replaced, in the cases' order."""
    anew = {result["case"] for result in new}
    kept = [result for result in old if result["case"] not in anew and result["case"] in order]
    return sorted([*kept, *new], key=lambda result: order.index(result["case"]))


def read(path: Path) -> dict[str, Any]:
    """Return what an earlier run kept; empty where there is nothing to be read."""
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def write(path: Path, data: Mapping[str, Any]) -> None:
    """Keep a run."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(data, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
