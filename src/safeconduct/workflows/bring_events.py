"""Take in a file of events that a phone without a network saved: its segments, as it would send them (`carry.md`)."""

from collections.abc import Sequence
from dataclasses import dataclass

from safeconduct.errors import BadInput, Refusal
from safeconduct.gate import frames
from safeconduct.gate.device_log import parse_segment
from safeconduct.passes import shape
from safeconduct.seal.canonical import decode_cbor, encode_cbor
from safeconduct.workflows.ports import Node
from safeconduct.workflows.receive_segment import receive_from_device

MAGIC = b"safeconduct-events-1\n"
RECEIPTS_MAGIC = b"safeconduct-receipts-1\n"
MOST_BYTES = 32 << 20
_SEGMENTS = shape.many(shape.blob(8 << 20), 1_000)


@dataclass(frozen=True, slots=True)
class Brought:
    """What became of one segment of a file."""

    device: str
    epoch: int
    first: int
    last: int
    refusal: Refusal | None


def bring_events(node: Node, data: bytes) -> tuple[list[Brought], list[bytes]]:
    """Take in every segment of a file, or of its frames as lines of text; a refused one does not stop those behind it.

    Returns:
        What became of each, and the signed receipts of those that are stored.

    Raises:
        BadInput: `bad-events`, when the file is none that a phone saved; `bad-frames`, when one is missing.
    """
    if data.startswith(frames.PREFIX.encode()):
        data = frames.join_frames(line for line in data.decode("ascii", "replace").splitlines() if line)
    if not data.startswith(MAGIC):
        raise BadInput("bad-events", where="file", expected="events that a scanner saved", seen=data[: len(MAGIC)])
    segments = decode_cbor(data[len(MAGIC) :], where="file", limit=MOST_BYTES)
    shape.check("bad-events", "file", _SEGMENTS, segments)
    brought, receipts = [], []
    for body in segments:
        segment = parse_segment(body)
        answer = receive_from_device(node, body)
        refusal = answer if isinstance(answer, Refusal) else None
        brought.append(Brought(segment.device, segment.epoch, segment.first_seq, segment.last_seq, refusal))
        if isinstance(answer, bytes):
            receipts.append(answer)
    return brought, receipts


def receipts_file(receipts: Sequence[bytes]) -> bytes:
    """Return the file of receipts that goes back to the phones, as codes or as it is."""
    return RECEIPTS_MAGIC + encode_cbor(list(receipts))
