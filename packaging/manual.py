"""Writes the manual page and the shells' completion from the options: `python packaging/manual.py`.

They are kept in `packaging/linux/share`, so that a bundle needs nothing more to be built; a test
notices an option that they lack. Needs the test environment (shtab).
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

SHARE = Path(__file__).resolve().parent / "linux" / "share"
PROGRAMS = ("portside", "portside-console")

_PAGE = r""".TH PORTSIDE 1
.SH NAME
portside, portside\-console \- network debugging assistant, server side
.SH SYNOPSIS
.B portside
[options]
.br
.B portside\-console \-\-console
[options]
.SH DESCRIPTION
A multi\-threaded server to debug networks with, in a window or, with
.BR \-\-console ,
in a terminal.
.SH OPTIONS
.nf
{options}
.fi
.SH EXIT STATUS
0 done; 1 it could not be done; 2 a call that was not understood; 3 exported, but for entries that
could not be read; 4 what
.B \-\-until
or
.B \-\-expect
named did not come; 130 interrupted.
.SH FILES
.I ~/.config/Portside/settings.json
.br
.I ~/.local/share/Portside/journals
.SH EXAMPLES
.nf
portside\-console \-\-console \-\-port 9000 \-\-expect 'login ok' \-\-for 10
portside\-console \-\-export case.pcapng \-\-from JOURNAL.db \-\-client 3
.fi
"""


def main() -> None:
    """Write all of it."""
    sys.path.insert(0, str(SHARE.parents[2]))
    os.environ["COLUMNS"] = "78"
    import shtab

    from app.cli.options import make_parser
    from app.wording import set_language

    set_language("en")
    parser = make_parser()
    options = parser.format_help().partition("\n\n")[2].partition("\n\n")[2]
    page = _PAGE.format(options=_escaped(options.rstrip()))
    for program in PROGRAMS:
        parser.prog = program
        other = program != PROGRAMS[0]
        text = f".so man1/{PROGRAMS[0]}.1" if other else page
        _write(SHARE / "man" / "man1" / f"{program}.1", text)
        bash = SHARE / "bash-completion" / "completions" / program
        _write(bash, shtab.complete(parser, "bash"))
        _write(SHARE / "zsh" / "site-functions" / f"_{program}", shtab.complete(parser, "zsh"))


def _escaped(text: str) -> str:
    lines = text.replace("\\", "\\e").replace("-", "\\-").splitlines()
    return "\n".join(f"\\&{line}" if line.startswith((".", "'")) else line for line in lines)


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text.rstrip() + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
