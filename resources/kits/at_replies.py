"""AT commands and their replies (ITU-T V.250, 3GPP TS 27.007): modems that speak over TCP.

A line each. `+CSQ: 20,99` is a name and its values; OK, ERROR and their kin end a reply.
"""

import re

from portside.kit import Field, Reader

NAME = "AT"
EXAMPLES = [("2b4353513a2032302c39390d0a", "CSQ"), ("41542b4353510d", "AT+CSQ"), ("0d0a", "")]
RESULTS = {"OK", "ERROR", "CONNECT", "RING", "NO CARRIER", "BUSY", "NO ANSWER", "NO DIALTONE",
           "SEND OK", "SEND FAIL", "CLOSED"}  # fmt: skip
ERRORS = {
    3: "operation not allowed", 4: "operation not supported", 10: "SIM not inserted",
    11: "SIM PIN required", 13: "SIM failure", 14: "SIM busy", 16: "incorrect password",
    21: "invalid index", 30: "no network service", 31: "network timeout",
    50: "incorrect parameters", 100: "unknown", 103: "illegal MS", 107: "GPRS not allowed",
}  # fmt: skip


def split(data: bytes) -> int:
    """Through the end of the line: CR LF, LF, or the CR behind a command; `> ` asks for data."""
    if data.startswith(b"> "):
        return 2
    ends = [at for at in (data.find(b"\r"), data.find(b"\n")) if at >= 0]
    if not ends:
        return 0
    end = min(ends)
    if data[end : end + 2] == b"\r\n":
        return end + 2
    if data[end] == 13 and len(data) == end + 1 and data[:2].upper() != b"AT":
        return 0  # the LF may be on its way
    return end + 1


def decode(frame: bytes) -> list[Field]:
    """Command, result, or a name and its values."""
    r = Reader(frame)
    line = frame.rstrip(b"\r\n")
    words = line.decode("ascii", "backslashreplace")
    name, colon, rest = words.partition(":")
    if words.upper().startswith("AT"):
        r.take(len(line))
        r.add("command", words, len(line))
    elif words in RESULTS or words.startswith("CONNECT"):
        r.take(len(line))
        r.add("result", words, len(line), bad="" if "ERROR" not in words else words)
    elif colon and words[:1] in "+^*$":
        r.take(len(name.encode()) + 1)
        r.add("reply", name, len(name.encode()))
        _values(r, name, rest)
    elif words:
        r.take(len(line))
        r.add("text", words, len(line))
    return r.fields


def _values(r: Reader, name: str, rest: str) -> None:
    """What stands behind the colon, by commas outside of quotes."""
    for number, part in enumerate(_parts(rest), 1):
        size = len(part.encode("ascii", "replace"))
        if size > r.left:
            return
        r.take(size)
        words = part.strip().strip('"')
        if name in ("+CME ERROR", "+CMS ERROR"):
            known = ERRORS.get(int(words)) if words.isdigit() else None
            r.add("error", words, size, bad=known or words)
        else:
            r.add(f"value {number}", int(words) if words.isdigit() else words, size)
        if r.left and r.peek() == b",":
            r.take(1)


def _parts(rest: str) -> list[str]:
    parts, quoted = [""], False
    for letter in rest:
        quoted ^= letter == '"'
        if letter == "," and not quoted:
            parts.append("")
        else:
            parts[-1] += letter
    return parts


def sure(frame: bytes) -> bool:
    """A command, or a named reply."""
    return re.match(rb"(AT[+&$*^][A-Z]{2,}|[+^*$][A-Z]{2,}: )", frame) is not None


def summary(fields: list[Field]) -> str:
    """The line itself."""
    return " ".join(field.shown for field in fields)


def seal(body: bytes) -> bytes:
    """A command ends with CR."""
    return body + b"\r"
