"""The page for who dials in a browser: who it is, as the server sees it, and the question.

Plain HTML without a script: it is read on any phone. What comes from the network or was typed is
escaped. Called by workers.
"""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING

from app.wording.catalogue import language, tr

if TYPE_CHECKING:
    from app.teaching.roll.poll import Poll

_STYLE = """
:root { color-scheme: light dark }
body { font: 1.15rem/1.5 system-ui, sans-serif; max-width: 34rem; margin: 0 auto; padding: 1rem }
h1 { font-size: 1.2rem; font-weight: 600 }
.who { font: 600 1.6rem/1.3 ui-monospace, monospace; overflow-wrap: anywhere }
.given { font-weight: 600 }
button, input, a.again { font: inherit; box-sizing: border-box; width: 100%; padding: .7rem;
  margin: .25rem 0; border: 1px solid #888; border-radius: .5rem; display: block }
button, a.again { text-align: left; cursor: pointer; background: transparent; color: inherit;
  text-decoration: none }
button.given { border-width: 3px }
"""


@dataclass(frozen=True, slots=True)
class PageFacts:
    """What stands on the page."""

    number: int  # of the connection
    where: str  # address and port that it comes from
    name: str  # "": none yet
    asks_name: bool
    poll: Poll | None  # None: none is running
    answer: str  # that was given


def class_page(facts: PageFacts) -> str:
    """Return the page, in the language of the window."""
    parts = [
        f"<h1>{_tr('page_title')}</h1>",
        f"<p>{_tr('page_you')}</p>",
        f'<p class="who">{_tr("page_number", number=facts.number)}<br>{escape(facts.where)}</p>',
    ]
    if facts.name:
        parts.append(f"<p>{_tr('page_name', name=facts.name)}</p>")
    elif facts.asks_name:
        parts.append(_form(_field("name"), _tr("page_send")))
    parts += _question(facts.poll, facts.answer) if facts.poll else [f"<p>{_tr('page_quiet')}</p>"]
    parts.append(f'<p><a class="again" href="/">{_tr("page_again")}</a></p>')
    parts.append(f"<p>{_tr('page_why')}</p>")
    return (
        f'<!DOCTYPE html>\n<html lang="{language().replace("_", "-")}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{_tr('page_title')}</title><style>{_STYLE}</style></head>\n<body>\n"
        + "\n".join(parts)
        + "\n</body></html>\n"
    )


def _question(poll: Poll, answer: str) -> list[str]:
    parts = [f"<h1>{escape(poll.question) or _tr('page_question')}</h1>"]
    if answer:
        parts.append(f'<p class="given">{_tr("page_answered", answer=answer)}</p>')
    if poll.is_free:
        return [*parts, _form(_field("answer"), _tr("page_send"))]
    for letter, words in poll.choices:
        given = ' class="given"' if letter == answer else ""
        text = escape(f"{letter}  {words}".strip())
        parts.append(
            f'<form method="get" action="/"><button{given} name="answer" value="{letter}">{text}'
            "</button></form>"
        )
    return parts


def _field(name: str) -> str:
    label = _tr(f"page_{name}_field")
    return f'<label>{label}<input name="{name}" maxlength="24" autocomplete="off"></label>'


def _form(field: str, button: str) -> str:
    return f'<form method="get" action="/">{field}<button>{button}</button></form>'


def _tr(key: str, **fields: object) -> str:
    return escape(tr(f"assembly.{key}", **fields))
