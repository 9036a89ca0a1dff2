"""The table of figures in README, in both languages, made from what the bench kept."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from tests.bench.chinese import CHINESE
from tests.bench.report import amount

BEGIN, END = "<!-- figures of the bench -->", "<!-- end of the figures -->"
HEADS = {
    "en": ("", "target", "**Portside**", "bare", "Packet Sender", "COMTool", "NetAssistant"),
    "zh_CN": ("", "目标", "**Portside**", "裸程序", "Packet Sender", "COMTool", "NetAssistant"),
}
FILES = {"en": "README.md", "zh_CN": "README.zh-CN.md"}


def markdown(kept: Mapping[str, Any], language: str) -> str:
    """Return the table and the line that says what it was measured on."""
    measured = [result for result in kept.get("figures", []) if result["value"] is not None]
    # Figures kept by an older bench may have words that are not known any more.
    say = (lambda words: CHINESE.get(words, words)) if language == "zh_CN" else str
    head = HEADS[language]
    rows = [_row(head), _row(["---", *["---:"] * (len(head) - 1)])]
    rows += [_row(_cells(result, say, language)) for result in measured]
    return "\n".join([_machine(kept.get("machine", {}), measured, language), "", *rows]) + "\n"


def _row(cells: Iterable[str]) -> str:
    return "| " + " | ".join(cells) + " |"


def _cells(result: Mapping[str, Any], say: Callable[[str], str], language: str) -> list[str]:
    mark = " ✗" if result["reached"] is False else ""
    once = " *" if result["runs"] == 1 else ""
    bare = amount(result["baseline"], result["unit"])
    if result["ratio"] is not None:
        bare += f" (× {result['ratio']:.2f})"
    target = result["target"]
    if language == "zh_CN":
        target = target.replace("where bare", "裸程序").replace("bare", "裸程序")
    return [
        say(result["figure"]),
        target,
        f"**{amount(result['value'], result['unit'])}**{once}{mark}",
        bare,
        *result["peers"],
    ]


def _machine(found: Mapping[str, Any], measured: Sequence[Mapping[str, Any]], language: str) -> str:
    where = (
        f"{found.get('when', '')}: {found.get('system', '')}, {found.get('processors', '')} × CPU, "
        f"Python {found.get('python', '')}, Qt {found.get('qt', '')}, "
        f"SQLite {found.get('sqlite', '')}."
    )
    sets = sorted({result["set"] for result in measured})
    if language == "zh_CN":
        names = "、".join({"full": "完整", "quick": "快速"}[name] for name in sets)
        return f"{where} 规模：{names}；取三次的中位数（* 只测一次）；✗ 没有达到目标。"
    return (
        f"{where} Sizes: {', '.join(sets)}; medians of three runs (* one run); ✗ misses its target."
    )


def put(root: Path, kept: Mapping[str, Any]) -> list[Path]:
    """Put the table between the two marks of each README; return the files that changed.

    Raises ValueError where a file lacks the marks.
    """
    changed = []
    for language, name in FILES.items():
        path = root / name
        before = path.read_text(encoding="utf-8")
        head, rest = before.split(BEGIN)
        _, tail = rest.split(END)
        after = f"{head}{BEGIN}\n{markdown(kept, language)}{END}{tail}"
        if after != before:
            path.write_text(after, encoding="utf-8")
            changed.append(path)
    return changed
