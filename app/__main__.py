"""The program: `python -m app`. Reads the command line and chooses the window or the console."""

from __future__ import annotations

import gc
import os
import sys

from app.arguments import Arguments
from app.cli.display import display_at_hand
from app.wording import set_language, system_language


def main() -> int:
    """Run the program to its end; return its exit code."""
    forget_own_libraries()
    # Each face is imported only when it is the one: the console must not need Qt.
    arguments = _arguments(sys.argv[1:])
    if arguments.daemon_child:
        from app.teaching.experiments.daemon_child import main as be_daemon_child

        return be_daemon_child(*arguments.daemon_child)
    if arguments.self_test:
        from app.self_test.run import run_self_test

        return run_self_test(arguments)
    if arguments.decode:
        from app.cli.frames import run_decode

        return run_decode(arguments)
    if arguments.verify:
        from app.cli.exporting import run_verify

        return run_verify(arguments, arguments.verify)
    if arguments.replay:
        from app.cli.replaying import run_replay

        return run_replay(arguments, arguments.replay)
    if arguments.export:
        from app.cli.exporting import run_export

        return run_export(arguments, arguments.export)
    if not arguments.console:
        if display_at_hand():
            # 10 ms of a start, in which everything that is made stays; later see app.ui.collector.
            gc.disable()
            from app.ui.application import run_window

            return run_window(arguments)
        from app.cli.output import complain
        from app.wording import tr

        complain(tr("console.no_display"))
    from app.cli.console import run_console

    return run_console(arguments)


def _arguments(words: list[str]) -> Arguments:
    """Return what the command line says. A double click says nothing: nothing reads it."""
    if words:
        from app.cli.options import read_arguments

        return read_arguments(words)
    set_language(system_language())
    return Arguments()


def forget_own_libraries() -> None:
    """Let what we start (a file manager, a browser) find the system's libraries, not ours.

    The packaged program's loader on Linux points the path of libraries to its own folder, and keeps
    what was there before. This process has read it already, and needs it no more.
    """
    if not (getattr(sys, "frozen", False) and sys.platform.startswith("linux")):
        return
    before = os.environ.pop("LD_LIBRARY_PATH_ORIG", None)
    if before is None:
        os.environ.pop("LD_LIBRARY_PATH", None)
    else:
        os.environ["LD_LIBRARY_PATH"] = before


if __name__ == "__main__":
    sys.exit(main())
