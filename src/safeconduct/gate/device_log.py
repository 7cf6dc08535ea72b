"""A device's log: encrypted events in a hash chain, handed over in signed segments (`spec/device-log.md`).

The chain runs over ciphertexts, so that a node accepts a segment without being able to open it, and a retry sends
identical bytes. A device deletes only what a receipt covers.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from safeconduct.errors import BadInput, Refusal
from safeconduct.gate.event import SEQ, Event, decode_event, encode_event
from safeconduct.passes import shape
from safeconduct.seal import canonical, signed
from safeconduct.seal.cipher import Cipher
from safeconduct.seal.keys import SigningKey, VerifyKey

SEGMENT_DOMAIN = "safeconduct.segment.1"
GENESIS = bytes(32)  # chain hash before event 1 of an epoch
MOST_EVENTS = 10_000  # in one segment
MOST_BYTES = 8 << 20  # of one segment

_EPOCH = shape.integer(1, 1 << 32)
_SEGMENT = {
    "ciphertexts": shape.many(shape.blob(8_192), MOST_EVENTS, 1),
    "device": shape.ID,
    "epoch": _EPOCH,
    "first": SEQ,
    "head": shape.HASH,
    "keys": shape.table(shape.ID, shape.blob(4_096), 8),
    "previous": shape.HASH,
    "signature": shape.SIGNATURE,
    "v": shape.integer(1, 1),
}


@dataclass(frozen=True, slots=True)
class Segment:
    """A run of events as it crosses: ciphertexts, and one signature over their head."""

    device: str
    epoch: int
    first_seq: int
    previous_hash: bytes
    ciphertexts: tuple[bytes, ...]
    hashes: tuple[bytes, ...]  # chain hash after each ciphertext, computed here
    head: bytes  # the last chain hash, as the device states it
    sealed_keys: dict[str, bytes]  # recipient to the segment's key, sealed to it
    signature: bytes

    @property
    def last_seq(self) -> int:
        """Sequence number of the last event."""
        return self.first_seq + len(self.ciphertexts) - 1


@dataclass(frozen=True, slots=True)
class DeviceState:
    """How far a node has a device's log, without a gap."""

    epoch: int
    upto_seq: int  # 0: nothing yet
    hash: bytes  # chain hash after `upto_seq`


@dataclass(frozen=True, slots=True)
class Accepted:
    """Events from `first_new` on are new: store their ciphertexts and hashes, and move to `state`."""

    first_new: int
    state: DeviceState


@dataclass(frozen=True, slots=True)
class Duplicate:
    """Everything in the segment was stored before: answer with the receipt again."""

    upto_seq: int


@dataclass(frozen=True, slots=True)
class Fork:
    """Two different events with one number: keep both segments; a person decides about the key."""

    seq: int
    stored: bytes  # chain hash that the node has
    seen: bytes  # chain hash of this segment


def event_aad(device: str, epoch: int) -> bytes:
    """What every ciphertext of a device's epoch is bound to."""
    return b"safeconduct.event.1\x00" + epoch.to_bytes(8, "big") + device.encode()


def _nonce(seq: int) -> bytes:
    return seq.to_bytes(12, "big")


def _signed_part(fields: Mapping[str, Any]) -> bytes:
    """Bytes under the signature: the segment with its ciphertexts replaced by their number (the head fixes them)."""
    part = {name: value for name, value in fields.items() if name != "signature"}
    part["ciphertexts"] = len(fields["ciphertexts"])
    return canonical.encode_cbor(part)


class SegmentWriter:
    """The device's side: append events, each stored before its colour shows, then close the segment.

    The segment key is fresh for every segment: nonces are sequence numbers, and must never meet a key twice.
    """

    def __init__(
        self, device_id: str, epoch: int, next_seq: int, previous_hash: bytes, key: SigningKey, segment_key: bytes
    ) -> None:
        self._device, self._epoch, self._first, self._previous = device_id, epoch, next_seq, previous_hash
        self._key, self._cipher, self._aad = key, Cipher(segment_key), event_aad(device_id, epoch)
        self._ciphertexts: list[bytes] = []
        self.next_seq = next_seq
        self.head = previous_hash

    def append(self, event: Event) -> bytes:
        """Encrypt the next event and return its ciphertext, to be stored at once.

        Raises:
            BadInput: `bad-event`, also when its number is not the next one.
        """
        if event.seq != self.next_seq:
            raise BadInput("bad-event", where="event: seq", expected=str(self.next_seq), seen=event.seq)
        ciphertext = self._cipher.encrypt(_nonce(event.seq), encode_event(event), self._aad)
        self._ciphertexts.append(ciphertext)
        self.head = sha256(self.head + ciphertext).digest()
        self.next_seq += 1
        return ciphertext

    def close(self, sealed_keys: Mapping[str, bytes]) -> bytes:
        """Sign the run of events; `sealed_keys` holds the segment key, sealed to each recipient elsewhere.

        Raises:
            BadInput: `bad-segment`, for a segment without an event.
        """
        fields: dict[str, Any] = {
            "ciphertexts": self._ciphertexts,
            "device": self._device,
            "epoch": self._epoch,
            "first": self._first,
            "head": self.head,
            "keys": dict(sealed_keys),
            "previous": self._previous,
            "signature": bytes(64),
            "v": 1,
        }
        shape.check_map("bad-segment", "segment", _SEGMENT, fields)
        fields["signature"] = signed.sign(SEGMENT_DOMAIN, _signed_part(fields), self._key)
        return canonical.encode_cbor(fields)


def parse_segment(data: bytes) -> Segment:
    """Read a segment and compute its chain; nothing is verified yet.

    Raises:
        BadInput: `bad-cbor` or `bad-segment`.
    """
    decoded = canonical.decode_cbor(data, where="segment", limit=MOST_BYTES)
    fields = shape.check_map("bad-segment", "segment", _SEGMENT, decoded)
    if (fields["previous"] == GENESIS) != (fields["first"] == 1):
        raise BadInput(
            "bad-segment",
            where="segment: previous",
            expected="zeros before event 1, and only there",
            seen=fields["first"],
        )
    hashes, head = [], fields["previous"]
    for ciphertext in fields["ciphertexts"]:
        head = sha256(head + ciphertext).digest()
        hashes.append(head)
    return Segment(
        device=fields["device"],
        epoch=fields["epoch"],
        first_seq=fields["first"],
        previous_hash=fields["previous"],
        ciphertexts=tuple(fields["ciphertexts"]),
        hashes=tuple(hashes),
        head=fields["head"],
        sealed_keys=fields["keys"],
        signature=fields["signature"],
    )


def _signature_holds(segment: Segment, device_key: VerifyKey) -> bool:
    fields = {
        "ciphertexts": segment.ciphertexts,
        "device": segment.device,
        "epoch": segment.epoch,
        "first": segment.first_seq,
        "head": segment.head,
        "keys": segment.sealed_keys,
        "previous": segment.previous_hash,
        "v": 1,
    }
    return signed.check(SEGMENT_DOMAIN, _signed_part(fields), segment.signature, device_key)


def accept_segment(
    segment: Segment, device_key: VerifyKey, known: DeviceState | None, stored_hash: Callable[[int], bytes | None]
) -> Accepted | Duplicate | Fork | Refusal:
    """Decide what a node does with a segment; it never needs to open it.

    Steps: 1. the device's signature; 2. the chain ends at the head that was signed; 3. no gap before it; 4. where it
    overlaps what is stored, and at the seam, the hashes are the same, else a fork; 5. new events, or none.

    Args:
        segment: from `parse_segment`.
        device_key: the key that this device enrolled with.
        known: the node's state of this device in this epoch; another epoch's state counts as none.
        stored_hash: chain hash that the node has after an event of this device and epoch, None if it has none.

    Returns:
        What to store, or that all of it is stored, or a fork; or `bad-signature`, `broken-chain` or `gap`.
    """
    if not _signature_holds(segment, device_key):  # 1
        return Refusal("bad-signature", "segment")
    if segment.hashes[-1] != segment.head:  # 2
        return Refusal("broken-chain", f"events {segment.first_seq} to {segment.last_seq}")
    upto = known.upto_seq if known is not None and known.epoch == segment.epoch else 0
    if segment.first_seq > upto + 1:  # 3
        return Refusal("gap", f"{upto} is the last event here, {segment.first_seq} the first there")
    chain = (segment.previous_hash, *segment.hashes)  # 4: hash after event first_seq − 1, first_seq, …
    for seq in range(max(segment.first_seq - 1, 1), min(segment.last_seq, upto) + 1):
        stored, seen = stored_hash(seq), chain[seq - segment.first_seq + 1]
        if stored is not None and stored != seen:
            return Fork(seq, stored, seen)
    if segment.last_seq <= upto:  # 5
        return Duplicate(upto)
    return Accepted(upto + 1, DeviceState(segment.epoch, segment.last_seq, segment.head))


def open_segment(segment: Segment, segment_key: bytes) -> tuple[list[Event], list[int]]:
    """Decrypt a segment's events.

    Returns:
        The events that can be read, and the numbers of those that cannot: a bad event is set aside, and never blocks
        those behind it.
    """
    cipher, aad = Cipher(segment_key), event_aad(segment.device, segment.epoch)
    events, quarantined = [], []
    for seq, ciphertext in enumerate(segment.ciphertexts, segment.first_seq):
        try:
            plain = cipher.decrypt(_nonce(seq), ciphertext, aad, where=f"event {seq}")
            events.append(decode_event(plain, seq))
        except BadInput:
            quarantined.append(seq)
    return events, quarantined
