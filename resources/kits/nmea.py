"""NMEA 0183: positions, courses, satellites, as lines of text.

`$`, talker and sentence, fields between commas, `*`, two hex digits that xor all between `$` and
`*`, CR LF. `!` instead of `$` begins an encapsulated sentence (AIS).
"""

from portside.kit import Field, Reader, xor8

NAME = "NMEA 0183"
EXAMPLES = [
    (
        "2447504747412c3039323735302e3030302c353332312e363830322c4e2c30303633302e333337322c572c312c38"
        "2c312e30332c36312e372c4d2c35352e322c4d2c2c2a37360d0a",
        "53.36133667",
    )
]
MOST_DIGITS = 16  # a float keeps so many
LONGEST = 1024  # the standard's 82 are exceeded often
# The fields of a sentence, in order; a latitude or longitude takes the letter behind it along.
SENTENCES = {
    "GGA": "time|latitude||longitude||quality|satellites|HDOP|altitude|unit|geoid separation|unit"
    "|age of correction|station",
    "RMC": "time|status|latitude||longitude||speed kn|course|date|variation|direction|mode"
    "|nav status",
    "GLL": "latitude||longitude||time|status|mode",
    "VTG": "course true|T|course magnetic|M|speed kn|N|speed km/h|K|mode",
    "GSA": "selection|fix|"
    + "|".join(f"satellite {n}" for n in range(1, 13))
    + "|PDOP|HDOP|VDOP|system",
    "GSV": "messages|message|in view",
    "ZDA": "time|day|month|year|zone hours|zone minutes",
    "HDT": "heading|T",
    "TXT": "messages|message|kind|text",
}


def split(data: bytes) -> int:
    """From `$` or `!` to the end of the line."""
    starts = [at for at in (data.find(b"$"), data.find(b"!")) if at >= 0]
    start = min(starts, default=len(data))
    if start:
        return -start
    end = data.find(b"\n")
    if end < 0:
        return 0 if len(data) <= LONGEST else -1
    again = max(data.find(b"$", 1, end), data.find(b"!", 1, end))
    return -again if again > 0 else end + 1


def decode(frame: bytes) -> list[Field]:
    """The fields by their names where the sentence is known, by their place else."""
    body = frame.rstrip(b"\r\n")
    star = body.rfind(b"*")
    end = star if star >= 0 else len(body)
    r = Reader(frame, end=end)
    r.mark(b"!" if frame[:1] == b"!" else b"$")
    parts = frame[1:end].split(b",")
    name = parts[0].decode("ascii", "backslashreplace")
    r.take(len(parts[0]))
    r.add("sentence", name, len(parts[0]))
    names = SENTENCES.get(name[2:], "").split("|")
    place = 1
    while place < len(parts):
        title = names[place - 1] if place <= len(names) and names[place - 1] else f"field {place}"
        place += _angle(r, title, parts, place) or _plain(r, title, parts[place])
    if star < 0:
        r.add("checksum", None, 0, want=f"{xor8(frame[1:end]):02X}")
        return r.fields
    r.end = len(body)
    r.take(1, "*")
    got = r.take(r.left)
    right = f"{xor8(frame[1:star]):02X}"
    want = "" if got.decode("ascii", "replace").upper() == right else right
    r.add("checksum", got.decode("ascii", "backslashreplace"), len(got), want=want)
    return r.fields


def _plain(r: Reader, title: str, part: bytes) -> int:
    """Note one field; return how many were taken."""
    r.take(1, ",")
    r.take(len(part), title)
    words = part.decode("ascii", "backslashreplace")
    r.add(title, _number(words), len(part))
    return 1


def _number(words: str) -> int | float | str:
    """A number where it is one and loses nothing by being shown as such."""
    if len(words) > MOST_DIGITS:
        return words
    try:
        value = float(words)
    except ValueError:
        return words
    if words.isdigit():
        return int(words) if not words.startswith("0") or words == "0" else words
    return value if words.strip("-.0123456789") == "" and not words.startswith("0") else words


def _angle(r: Reader, title: str, parts: list[bytes], place: int) -> int:
    """Degrees and minutes run together, then N, S, E or W: as decimal degrees; 0 if it is none."""
    if title not in ("latitude", "longitude") or place + 1 >= len(parts):
        return 0
    digits, letter = parts[place].decode("ascii", "replace"), parts[place + 1]
    whole, _, _ = digits.partition(".")
    if letter not in (b"N", b"S", b"E", b"W") or not 4 <= len(whole) <= 5:
        return 0
    try:
        degrees = int(whole[:-2]) + float(digits[len(whole) - 2 :]) / 60
    except ValueError:
        return 0
    size = len(parts[place]) + 1 + len(letter)
    r.take(1, ",")
    r.take(size, title)
    r.add(title, round(-degrees if letter in (b"S", b"W") else degrees, 8), size)
    return 2


def sure(frame: bytes) -> bool:
    """The checksum says it."""
    return b"*" in frame


def summary(fields: list[Field]) -> str:
    """The sentence and what of it people look for."""
    found = {field.name: field.shown for field in fields}
    wanted = ("latitude", "longitude", "satellites", "speed kn", "course", "heading", "text")
    return " ".join([found.get("sentence", ""), *(found[n] for n in wanted if found.get(n))])


def seal(body: bytes) -> bytes:
    """Put `$`, the check and the line end around."""
    return b"$" + body + b"*%02X\r\n" % xor8(body)
