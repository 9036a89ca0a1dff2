"""HTTP/1.x messages (RFC 9112): the head, and as much body as Content-Length or chunks say."""

from portside.kit import Field, Reader

NAME = "HTTP/1"
PORTS = (80, 8000, 8080)
EXAMPLES = [
    ("474554202f20485454502f312e310d0a486f73743a20610d0a0d0a", "GET"),
    ("485454502f312e3120323030204f4b0d0a436f6e74656e742d4c656e6774683a20320d0a0d0a6f6b", "200"),
]
METHODS = (b"GET ", b"POST ", b"PUT ", b"HEAD ", b"DELETE ", b"OPTIONS ", b"PATCH ", b"TRACE ",
           b"CONNECT ", b"HTTP/1.")  # fmt: skip
LONGEST_HEAD = 32 * 1024


def split(data: bytes) -> int:
    """The head through its empty line, then the body."""
    if not any(data.startswith(m[: len(data)]) for m in METHODS):
        return -_next_start(data)
    end = data.find(b"\r\n\r\n")
    if end < 0:
        return 0 if len(data) <= LONGEST_HEAD else -1
    end += 4
    size = _body_size(data, end)
    if size is None:
        return 0
    return end + size if len(data) >= end + size else 0


def _next_start(data: bytes) -> int:
    """Where the next message may begin: at a first word, or at what may become one."""
    found = [at for method in METHODS if (at := data.find(method, 1)) > 0]
    for size in range(min(8, len(data) - 1), 0, -1):
        if any(method.startswith(data[-size:]) for method in METHODS):
            found.append(len(data) - size)
            break
    return min(found, default=len(data))


def _headers(head: bytes) -> dict[bytes, bytes]:
    lines = (line.partition(b":") for line in head.split(b"\r\n")[1:])
    return {name.strip().lower(): value.strip() for name, colon, value in lines if colon}


def _body_size(data: bytes, end: int) -> int | None:
    """How long the body is, None while the chunks that say so are not all there."""
    if _is_bare(data):
        return 0
    headers = _headers(data[:end])
    if headers.get(b"transfer-encoding", b"").lower().endswith(b"chunked"):
        return _chunks_size(data, end)
    length = headers.get(b"content-length", b"")
    return int(length) if length.isdigit() and len(length) < 10 else 0


def _is_bare(data: bytes) -> bool:
    """Whether an answer of this status never has a body, whatever its length says."""
    status = data[9:12] if data.startswith(b"HTTP/1.") else b""
    return status[:1] == b"1" or status in (b"204", b"304")


def _chunks_size(data: bytes, start: int) -> int | None:
    at = start
    while True:
        line = data.find(b"\r\n", at)
        if line < 0:
            return None
        digits = data[at:line].partition(b";")[0].strip()
        if not digits or digits.strip(b"0123456789abcdefABCDEF") or len(digits) > 8:
            return at - start
        size = int(digits, 16)
        at = line + 2 + size + 2
        if size == 0:
            end = data.find(b"\r\n", line + 2)  # trailers, if any, end with an empty line
            while end >= 0 and end != line + 2:
                line, end = end, data.find(b"\r\n", end + 2)
            return None if end < 0 else end + 2 - start


def decode(frame: bytes) -> list[Field]:
    """First line, header fields, body."""
    r = Reader(frame)
    head, blank, _ = frame.partition(b"\r\n\r\n")
    lines = head.split(b"\r\n")
    _first_line(r, lines[0])
    for line in lines[1:]:
        r.take(2, "CR LF")
        name, colon, value = line.partition(b":")
        r.take(len(line))
        bad = "" if colon and name.strip() == name and name else "?"
        title = name.decode("latin-1") if colon else "?"
        r.add(title, (value if colon else line).strip().decode("latin-1"), len(line), bad=bad)
    if not blank:
        r.take(4 + r.left, "CR LF CR LF")
    r.take(4)
    if r.left:
        _body(r, frame, len(head) + 4)
    return r.fields


def _first_line(r: Reader, line: bytes) -> None:
    parts = line.split(b" ", 2)
    names = ("version", "status", "reason") if line.startswith(b"HTTP/") else None
    names = names or ("method", "target", "version")
    for number, (name, part) in enumerate(zip(names, parts, strict=False)):
        r.take(len(part) + (1 if number else 0), name)
        words = part.decode("latin-1")
        r.add(
            name,
            int(words) if name == "status" and words.isdecimal() and words.isascii() else words,
            len(part),
        )
    if len(parts) < 2:
        r.fields[-1] = r.fields[-1]._replace(bad="?")


def _body(r: Reader, frame: bytes, end: int) -> None:
    """Text as text, the rest as bytes; a Content-Length that lies is told."""
    length = _headers(frame[:end]).get(b"content-length", b"")
    want = str(r.left) if length.isdigit() and len(length) < 10 and int(length) != r.left else ""
    body = r.take(r.left)
    try:
        r.add("body", body.decode(), len(body), want=want)
    except UnicodeDecodeError:
        r.add("body", body, len(body), want=want)


def sure(frame: bytes) -> bool:
    """The version says it."""
    return b"HTTP/1." in frame.partition(b"\r\n")[0]


def summary(fields: list[Field]) -> str:
    """The first line and the host."""
    found = {field.name.lower(): field.shown for field in fields[3:]}
    words = [field.shown for field in fields[:3]]
    return " ".join([*words, found.get("host", found.get("content-type", ""))]).strip()
