"""A file as a run of small codes, which one screen shows and another's camera reads (`spec/device-log.md`).

Each frame says to which file it belongs, how many frames there are and which one it is, so that they may be read in any
order, twice, or by several people.
"""

from collections.abc import Iterable
from hashlib import sha256

from safeconduct.errors import BadInput
from safeconduct.passes import base45

PREFIX = "SCE1:"
CHUNK = 240  # bytes of the file in one frame: QR 10-L, which a cheap camera reads off a cheap screen
MOST_FRAMES = 4_096
DIGEST = 8  # bytes of the file's SHA-256 in each frame
_HEAD = DIGEST + 4


def to_frames(data: bytes) -> list[str]:
    """Cut a file into the texts of its frames.

    Raises:
        BadInput: `bad-frames`, for a file that is empty or larger than 983,040 bytes.
    """
    total = -(-len(data) // CHUNK)
    if not 0 < total <= MOST_FRAMES:
        raise BadInput("bad-frames", where="file", expected=f"1 to {CHUNK * MOST_FRAMES} bytes", seen=len(data))
    head = sha256(data).digest()[:DIGEST] + total.to_bytes(2, "big")
    return [
        PREFIX + base45.encode(head + number.to_bytes(2, "big") + data[CHUNK * (number - 1) : CHUNK * number])
        for number in range(1, total + 1)
    ]


def join_frames(texts: Iterable[str]) -> bytes:
    """Put the frames of one file together, in whatever order they come, and check the file against its digest.

    Raises:
        BadInput: `bad-text`, or `bad-frames`: a frame is malformed, missing, or of another file.
    """
    parts: dict[int, bytes] = {}
    head = b""
    for text in texts:
        raw = _frame(text)
        head = head or raw[: DIGEST + 2]
        if raw[: DIGEST + 2] != head:
            raise BadInput("bad-frames", where="frames", expected="frames of one file", seen=text)
        number = int.from_bytes(raw[DIGEST + 2 : _HEAD], "big")
        if parts.setdefault(number, raw[_HEAD:]) != raw[_HEAD:]:
            raise BadInput("bad-frames", where=f"frame {number}", expected="one content", seen=text)
    total = int.from_bytes(head[DIGEST:], "big")
    missing = [number for number in range(1, total + 1) if number not in parts]
    if missing or not parts:
        seen = f"{len(parts)} of {total}, without {', '.join(map(str, missing[:10]))}"
        raise BadInput("bad-frames", where="frames", expected="all frames of a file", seen=seen)
    data = b"".join(parts[number] for number in range(1, total + 1))
    if sha256(data).digest()[:DIGEST] != head[:DIGEST]:
        raise BadInput("bad-frames", where="frames", expected="the file that they name", seen=len(data))
    return data


def _frame(text: str) -> bytes:
    if not text.startswith(PREFIX):
        raise BadInput("bad-frames", where="frame", expected=f"{PREFIX} and base45", seen=text)
    raw = base45.decode(text.removeprefix(PREFIX), where="frame")
    total, number = int.from_bytes(raw[DIGEST : DIGEST + 2], "big"), int.from_bytes(raw[DIGEST + 2 : _HEAD], "big")
    if not _HEAD < len(raw) <= _HEAD + CHUNK or not 0 < number <= total <= MOST_FRAMES:
        raise BadInput("bad-frames", where="frame", expected="digest, total, number, 1 to 240 bytes", seen=text)
    return raw
