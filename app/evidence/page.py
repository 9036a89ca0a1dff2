"""Entries as one HTML page for people: nothing in it is loaded, run, or believed.

Light or dark as its reader's system is. Its security policy forbids everything but its own style,
should escaping ever fail.
"""

from __future__ import annotations

from collections.abc import Iterator
from html import escape

from app import APP_NAME, __version__
from app.evidence.source import Source, mark_of, place_of, sentence, whereabouts
from app.journal.entry import Entry, Kind
from app.journal.errors import JournalUnreadable
from app.text.hexa import format_hex
from app.text.visible import escaped
from app.wording import tr
from app.wording.amounts import moment_text

_CLIENTS = 1_000  # in the table at the beginning
_CLASSES = {Kind.IN: "in", Kind.OUT: "out"}
_STYLE = """
:root{color-scheme:light dark;--in:#0b6e4f;--out:#1f4fa3;--faint:#667;--line:#8883}
body{font:14px/1.45 system-ui,"Noto Sans CJK SC","Microsoft YaHei",sans-serif;margin:2em}
h1{font-size:1.4em}p{color:var(--faint)}table{border-collapse:collapse;width:100%}
th,td{text-align:left;vertical-align:top;padding:.2em .6em;border-bottom:1px solid var(--line)}
th{position:sticky;top:0;background:Canvas}td{font-variant-numeric:tabular-nums}
.t,.p,.n{white-space:nowrap}.n{text-align:right}.b,pre{font-family:ui-monospace,Consolas,monospace}
.b{overflow-wrap:anywhere}pre{white-space:pre-wrap;margin:.2em 0}summary{color:var(--faint)}
.m{margin:.2em 0;color:CanvasText;font:600 1em system-ui,sans-serif}
.in .d{color:var(--in)}.out .d{color:var(--out)}.event{color:var(--faint)}
@media (prefers-color-scheme:dark){:root{--in:#5cc9a0;--out:#8ab4f8;--faint:#9aa}}
"""


def html_pieces(source: Source) -> Iterator[bytes]:
    """Yield the page: what it is, the clients, a row for each entry."""
    yield _head(source).encode()
    yield _clients(source).encode("utf-8", "replace")
    names = ("id", "time", "direction", "client", "size", "content")
    heads = "".join(f"<th>{escape(tr(f'evidence.report_{name}'))}</th>" for name in names)
    yield f"<table><thead><tr>{heads}</tr></thead><tbody>\n".encode()
    for entries in source.batches():
        yield "".join([_row(source, entry) for entry in entries]).encode("utf-8", "replace")
    yield b"</tbody></table></body></html>\n"


def _head(source: Source) -> str:
    title = escape(tr("evidence.report_title", name=escaped(source.reader.path.name)))
    made = escape(tr("evidence.report_made", program=f"{APP_NAME} {__version__}"))
    return (
        '<!DOCTYPE html><html><head><meta charset="utf-8">'
        '<meta http-equiv="Content-Security-Policy" content="default-src \'none\';'
        " style-src 'unsafe-inline'\">"
        f"<title>{title}</title><style>{_STYLE}</style></head><body><h1>{title}</h1><p>{made}</p>\n"
    )


def _clients(source: Source) -> str:
    try:
        clients, total = source.reader.newest_clients(_CLIENTS)
    except JournalUnreadable:
        return ""
    chosen = source.selection.clients
    rows = [
        f'<tr><td class="p">{escape(place_of(source, number))}</td>'
        f"<td>{escape(record.encoding)}</td>"
        f'<td class="t">{moment_text(record.opened_ns)}</td>'
        f'<td class="t">{moment_text(record.closed_ns) if record.closed_ns else ""}</td>'
        f"<td>{escape(escaped(record.note))}</td></tr>\n"
        for number, record in clients.items()
        if chosen is None or number in chosen
    ]
    if not rows:
        return ""
    names = ("client", "encoding", "online", "offline", "note")
    heads = "".join(f"<th>{escape(tr(f'evidence.report_{name}'))}</th>" for name in names)
    more = ""
    if total > len(clients):
        more = f"<p>{escape(tr('evidence.report_newest', n=len(clients), total=total))}</p>"
    return f"{more}<table><tr>{heads}</tr>{''.join(rows)}</table><p></p>\n"


def _row(source: Source, entry: Entry) -> str:
    place = escape(whereabouts(source, entry))
    start = f'<td class="n">{entry.id}</td><td class="t">{moment_text(entry.time_ns)}</td>'
    if entry.kind > Kind.OUT:
        words = escape(escaped(sentence(entry)))
        return (
            f'<tr class="event">{start}<td class="d">·</td><td class="p">{place}</td>'
            f"<td></td><td>{words}{_mark(source, entry)}</td></tr>\n"
        )
    name = _CLASSES[Kind(entry.kind)]
    text = escape(escaped(source.text(entry)))
    return (
        f'<tr class="{name}">{start}<td class="d t">{escape(tr(f"evidence.report_{name}"))}</td>'
        f'<td class="p">{place}</td><td class="n">{len(entry.data)}</td><td class="b">{text}'
        f"<details><summary>hex</summary><pre>{format_hex(entry.data)}</pre></details>"
        f"{_mark(source, entry)}</td></tr>\n"
    )


def _mark(source: Source, entry: Entry) -> str:
    mark = mark_of(source, entry)
    return f"<p class=m>{escape(mark)}</p>" if mark else ""
