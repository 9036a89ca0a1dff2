"""Words that stand in the teacher's files and folder, whatever the window's language."""

from __future__ import annotations

# The headings, in small letters, under which a lesson's answer stands, to the file's end.
ANSWER_HEADINGS = ("答案", "参考答案", "answer", "answers")

# What the how-to is called, by the language it is written in.
HOW_TO_NAMES = {"zh_CN": "课程说明.txt", "en": "how-to.txt"}
