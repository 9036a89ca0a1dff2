"""One word for one thing, in every catalogue, lesson and manual."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from tests.support.program import ROOT

# What must not be written, and what stands there instead.
FORBIDDEN = {
    "zh_CN": {
        "您": "你",
        "打不开|用不了|读不了|写不进|显示不了|看不了": "无法…",
        "积压队列|候客室": "等待队列；等候室",
        "移去": "从列表中移除",
        "阻滞": "等待中（锁）",
        "定住": "冻结",
        "成双": "位数应为偶数",
        "强行复位|被复位": "复位（RST）",
        "复位计数": "清零计数",
        "泳道": "线程行",
        "每客户端": "每个客户端",
        "没有显示器": "没有图形显示环境",
        # The pane and the file on disk are two things.
        "(?<!数据)日志(?!文件)": "数据日志; 日志文件",
    },
    "en": {
        "As the system": "Follow system",
        "Follow the tail": "Follow new entries",
    },
}
# Keys whose count is never one.
NEVER_ONE = {
    "verdicts.long",
    "verdicts.too_late",
    "composer.bytes_range",
    "experiments.deaf-client.reads",
    "experiments.deaf-client.whole",
    "experiments.first-words.gone",
    "experiments.first-words.joined",
    "experiments.first-words.listening",
    "experiments.full-backlog.queued",
    "experiments.glued-messages.sent",
    "experiments.glued-messages.waiting",
    "experiments.goodbyes.three",
    "experiments.never-equal.spinning",
    "experiments.queue-or-threads.many_b_answered",
    "experiments.split-messages.cut",
    "experiments.split-messages.half_received",
    "experiments.split-messages.half_sent",
    "experiments.split-messages.rest_sent",
    "experiments.split-messages.sent",
    "experiments.thousand-threads.alone",
    "experiments.thousand-threads.gone",
    "experiments.thousand-threads.started",
    "experiments.datagrams.flood",
    "experiments.datagrams.kept",
    "experiments.eavesdropper.hello",
    "experiments.eavesdropper.read",
    "experiments.eavesdropper.seen",
    "experiments.eavesdropper.size",
    "laboratory.all_tip",
    "laboratory.empty",
    "laboratory.error_too_long",
    "lessons.flaw_too_large",
    "lessons.flaw_too_many",
}
COUNTED = re.compile(
    r"\{\w+[^}]*\} (?:(?:more|other|online|older|earlier) )?(?:bytes|clients|entries|threads"
    r"|workers|files|journals|lines|lanes|frames|messages|pieces|times|steps|seconds|experiments|matches)\b"
)


def catalogues(language: str) -> dict[str, str]:
    return {
        f"{path.stem}.{key}": words
        for path in sorted((ROOT / "resources/i18n" / language).glob("*.json"))
        for key, words in json.loads(path.read_text(encoding="utf-8")).items()
    }


def manuals(language: str) -> list[Path]:
    lessons = ROOT / "resources/lessons"
    readme = ROOT / {"zh_CN": "README.zh-CN.md", "en": "README.md"}[language]
    return [*(lessons / language).glob("*.md"), lessons / f"how-to.{language}.txt", readme]


@pytest.mark.parametrize("language", sorted(FORBIDDEN))
def test_one_thing_has_one_name(language: str) -> None:
    texts = catalogues(language) | {
        f"{path.name}:{number}": line
        for path in manuals(language)
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
    }
    wrong = [
        f"{place}: {text} — write {instead}"
        for place, text in texts.items()
        for pattern, instead in FORBIDDEN[language].items()
        if re.search(pattern, text)
    ]
    assert wrong == []


def test_one_is_not_many() -> None:
    words = catalogues("en")
    counted = {key for key, text in words.items() if COUNTED.search(text)}
    single = {key for key in counted if key.endswith(".one")}
    assert single == set(), "a count of one is said in the plural"
    missing = {key for key in counted if f"{key}.one" not in words} - NEVER_ONE
    assert missing == set()
