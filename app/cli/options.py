"""The command line: options to `Arguments`, and one clear sentence where that fails."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import NoReturn

from app import APP_NAME, __version__
from app.arguments import Arguments
from app.cli.address import BadAddress, read_address
from app.cli.bad_option import BadOption
from app.cli.console_options import add_console_options, console_wish
from app.cli.export_options import add_export_options, export_call
from app.cli.receiving import read_size
from app.cli.replay_options import add_replay_options, replay_call
from app.net.kinds import KINDS
from app.report.log import LEVELS
from app.settings import BadSetting, ServerProfile, changed, checked
from app.text.compose import ComposeFault, compose
from app.text.encodings import ENCODINGS, UnknownEncoding, find_encoding
from app.wording import LANGUAGES, set_language, system_language, tr
from app.wording.rules import rule_fault_sentence
from app.wording.sentences import reply_fault_sentence

BAD_CALL = 2  # exit code of a call that was not understood, as everywhere


@dataclass(frozen=True, slots=True)
class NumberOption:
    """An option whose value is a setting's number."""

    flag: str
    setting: str
    low: int
    high: int
    metavar: str = "N"


# What a setting takes and what the command line takes is the same; a test keeps both equal.
NUMBERS = (
    NumberOption("--port", "port", 0, 65535),
    NumberOption("--backlog", "backlog", 1, 4096),
    NumberOption("--recv-size", "recv_size_bytes", 1, 1024 * 1024),
)


def read_arguments(words: Sequence[str]) -> Arguments:
    """Read the command line (without the program's name).

    Raises SystemExit: 0 after --help and --version, 2 after saying what is wrong on stderr.
    """
    set_language(_wanted_language(words))
    try:
        found, unknown = make_parser().parse_known_args(words)
        if unknown:
            raise BadOption(tr("console.unknown_option", option=unknown[0]))
        return _arguments(found)
    except argparse.ArgumentError as error:
        flag_with_value = "explicit argument" in error.message  # the only other mistake there is
        case = "takes_no_value" if flag_with_value else "needs_value"
        _refuse(tr(f"console.{case}", option=error.argument_name))
    except BadOption as error:
        _refuse(str(error))


def _refuse(sentence: str) -> NoReturn:
    if sys.stderr is not None:
        sys.stderr.write(f"{sentence}\n")
    raise SystemExit(BAD_CALL)


def _wanted_language(words: Sequence[str]) -> str:
    """Look for --language before anything is said; a wrong one is refused later, in order."""
    first = argparse.ArgumentParser(add_help=False, allow_abbrev=False, exit_on_error=False)
    first.add_argument("--language")
    try:
        named = first.parse_known_args(words)[0].language
    except argparse.ArgumentError:
        named = None
    return named if named in LANGUAGES else system_language()


def make_parser() -> argparse.ArgumentParser:
    """Return what knows every option, in the language of the moment."""
    parser = argparse.ArgumentParser(
        prog="portside",
        description=tr("console.help_program"),
        usage=tr("console.help_usage"),
        add_help=False,
        allow_abbrev=False,
        exit_on_error=False,
    )
    _add_server_options(parser.add_argument_group(tr("console.help_group_server")))
    add_console_options(parser.add_argument_group(tr("console.help_group_console")))
    add_export_options(parser.add_argument_group(tr("console.help_group_export")))
    add_replay_options(parser.add_argument_group(tr("console.help_group_replay")))
    _add_other_options(parser.add_argument_group(tr("console.help_group_program")))
    return parser


def _add_server_options(group: argparse._ArgumentGroup) -> None:
    add = group.add_argument
    kinds = ", ".join(KINDS)
    add(
        "--listen",
        metavar="ADDRESS",
        nargs="?",
        action="append",
        const="",
        help=tr("console.help_listen", kinds=kinds),
    )
    add("--host", metavar="HOST", help=tr("console.help_host"))
    for option in NUMBERS:
        words = tr(f"console.help_{option.setting}", low=option.low, high=option.high)
        add(option.flag, dest=option.setting, metavar=option.metavar, help=words)
    names = ", ".join(encoding.name for encoding in ENCODINGS)
    add("--encoding", metavar="NAME", help=tr("console.help_encoding", names=names))
    add(
        "--auto-reply",
        dest="reply_text",
        metavar="TEXT",
        nargs="?",
        const=True,  # the text of the settings
        help=tr("console.help_auto_reply"),
    )
    add("--reply-hex", metavar="HEX", help=tr("console.help_reply_hex"))
    add("--echo", action="store_true", help=tr("console.help_echo"))
    add("--rules", metavar="FILE", help=tr("rules.help_option"))
    add("--cert", metavar="FILE", help=tr("console.help_cert"))
    add("--key", metavar="FILE", help=tr("console.help_key"))
    add("--keylog", metavar="FILE", help=tr("console.help_keylog"))


def _add_other_options(group: argparse._ArgumentGroup) -> None:
    add = group.add_argument
    add("--journal", metavar="FILE", help=tr("console.help_journal"))
    add("--input-encoding", metavar="NAME", help=tr("console.help_input_encoding"))
    add("--framing", metavar="SPEC", help=tr("console.help_framing"))
    add("--run-kits", action="store_true", help=tr("console.help_run_kits"))
    add("--decode", metavar="JOURNAL", help=tr("console.help_decode"))
    add("--language", metavar="|".join(LANGUAGES), help=tr("console.help_language"))
    add("--portable", action="store_true", help=tr("console.help_portable"))
    add("--console", action="store_true", help=tr("console.help_console"))
    add("--self-test", action="store_true", help=tr("console.help_self_test"))
    add("--report", metavar="FILE", help=tr("console.help_report"))
    add("--log-level", metavar="|".join(LEVELS), help=tr("console.help_log_level"))
    # For the packaged program itself: an experiment needs another process (daemon_child.py).
    add("--daemon-child", nargs=2, default=(), help=argparse.SUPPRESS)
    add("--crash", action="store_true", help=argparse.SUPPRESS)
    version = f"{APP_NAME} {__version__}"
    add("--version", action="version", version=version, help=tr("console.help_version"))
    add("--help", "-h", action="help", help=tr("console.help_help"))


def _arguments(found: argparse.Namespace) -> Arguments:
    overrides: dict[str, object] = {}
    if found.host is not None:
        overrides["host"] = _filled("--host", found.host)
    for option in NUMBERS:
        text = getattr(found, option.setting)
        if text is not None:
            overrides[option.setting] = _number(option, text)
    if found.encoding is not None:
        overrides["encoding"] = _encoding("--encoding", found.encoding)
    if found.language is not None:
        if found.language not in LANGUAGES:
            raise BadOption(tr("console.bad_language", value=found.language))
        overrides["language"] = found.language
    overrides.update(_reply(found))
    for flag in ("cert", "key", "keylog"):
        path = _file(f"--{flag}", getattr(found, flag))
        if path is not None:
            overrides[f"{flag}_file"] = str(path)
    if found.key is not None and found.cert is None:
        raise BadOption(tr("console.key_alone"))
    if found.log_level not in (None, *LEVELS):
        levels = ", ".join(LEVELS)
        raise BadOption(tr("console.bad_log_level", value=found.log_level, levels=levels))
    if found.rotate is not None and found.receive_to is None:
        raise BadOption(tr("receive.rotate_alone"))
    if found.report is not None and not found.self_test:
        raise BadOption(tr("console.report_alone"))
    if found.framing is not None and not (found.console or found.decode):
        raise BadOption(tr("console.framing_alone"))
    if found.run_kits and not (found.console or found.decode):
        raise BadOption(tr("console.run_kits_alone"))
    return Arguments(
        listen=found.console or found.listen is not None,
        servers=tuple(_server(text) for text in found.listen or () if text),
        journal=_file("--journal", found.journal),
        portable=found.portable,
        console=found.console,
        input_encoding=(
            _encoding("--input-encoding", found.input_encoding) if found.input_encoding else ""
        ),
        framing=found.framing,
        run_kits=found.run_kits,
        decode=_file("--decode", found.decode),
        wish=console_wish(found),
        receive_to=_file("--receive-to", found.receive_to),
        rotate_bytes=read_size("--rotate", found.rotate) if found.rotate is not None else 0,
        export=export_call(found),
        replay=replay_call(found),
        verify=_file("--verify", found.verify),
        self_test=found.self_test,
        report=_file("--report", found.report),
        log_level=found.log_level or "info",
        crash=found.crash,
        daemon_child=tuple(found.daemon_child),
        overrides=overrides,
    )


def _server(text: str) -> Mapping[str, object]:
    try:
        return read_address(text)
    except BadAddress as bad:
        raise BadOption(tr("console.bad_address", value=text, why=bad)) from None


def _reply(found: argparse.Namespace) -> dict[str, object]:
    asked = (found.reply_text, found.reply_hex, found.rules)
    if found.echo + sum(each is not None for each in asked) > 1:
        raise BadOption(tr("console.two_replies"))
    if found.echo:
        return {"reply_mode": "echo"}
    if found.rules is not None:
        return _rules(found.rules)
    if found.reply_hex is not None:
        return _fixed("--reply-hex", reply_mode="hex", reply_hex=found.reply_hex)
    if found.reply_text is None:
        return {}
    if found.reply_text is True:
        return {"reply_mode": "text"}
    return _fixed(
        "--auto-reply",
        reply_mode="text",
        reply_text=found.reply_text,
        reply_escapes=True,
        reply_line_ending="none",
    )


def _rules(path: str) -> dict[str, object]:
    """Return the settings of the rules in a file, if they can be read."""
    from app.reply.rules import RuleFault, read_rules  # not for the first paint

    file = _file("--rules", path)
    assert file is not None
    try:
        text = file.read_text("utf-8-sig")
        read_rules(text)
    except (OSError, UnicodeError) as error:
        facts = {"option": "--rules", "file": file, "reason": error}
        raise BadOption(tr("rules.cannot_read", **facts)) from error
    except RuleFault as fault:
        raise BadOption(f"--rules: {rule_fault_sentence(fault)}") from fault
    return {"reply_mode": "rules", "reply_rules": text}


def _fixed(flag: str, **settings: object) -> dict[str, object]:
    """Return the settings of a fixed reply, if it can be read."""
    from app.reply import reply_draft  # not for the first paint

    text, options = reply_draft(changed(ServerProfile(), **settings))
    _filled(flag, text)
    try:
        compose(text, replace(options, encoding="utf-8"))
    except ComposeFault as fault:
        raise BadOption(f"{flag}: {reply_fault_sentence(fault)}") from fault
    return settings


def _number(option: NumberOption, text: str) -> int:
    try:
        # Python's int() also takes "1_0", " 7" and other scripts' digits.
        value = int(text) if text.isascii() and text.isdigit() else -1
        return int(checked(option.setting, value))
    except BadSetting:
        raise BadOption(
            tr(
                "console.bad_number",
                option=option.flag,
                value=text,
                low=option.low,
                high=option.high,
            )
        ) from None


def _encoding(flag: str, text: str) -> str:
    try:
        return find_encoding(text).name
    except UnknownEncoding:
        names = ", ".join(encoding.name for encoding in ENCODINGS)
        raise BadOption(tr("console.bad_encoding", option=flag, value=text, names=names)) from None


def _file(flag: str, text: str | None) -> Path | None:
    return None if text is None else Path(_filled(flag, text)).expanduser().absolute()


def _filled(flag: str, text: str) -> str:
    if not text.strip():
        raise BadOption(tr("console.empty_value", option=flag))
    return text
