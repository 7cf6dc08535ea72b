"""Sessions of gates that ask often: a device signs once, then each question bears a MAC, which costs next to nothing.

Keys are held in memory only. A device has one session, its newest; after a restart of the node it opens another.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from safeconduct.errors import Refusal
from safeconduct.seal.session import Mac, public_of, shared_key
from safeconduct.workflows.fetch_bundle import asked_by, own_device
from safeconduct.workflows.ports import Node

DOMAIN = "safeconduct.check-session.1"
INFO = "safeconduct.check-session.1 {party} {device}"
LIFE = 8 * 3_600  # seconds: a shift


@dataclass(frozen=True, slots=True)
class Opened:
    """The node's half of a session, and when it ends."""

    public: bytes
    until: int


@dataclass(frozen=True, slots=True)
class Held:
    """An open session, as one process of the node tells another of it."""

    device: str
    public: bytes  # the device's own key, under whose signature the session was opened
    key: bytes
    until: int


def opening_payload(device: str, at: int, public: bytes) -> bytes:
    """Return what a device signs to open a session with its half."""
    return f"{device} {at} {public.hex()}".encode()


class Sessions:
    """The open sessions of a node's devices."""

    def __init__(self, node: Node) -> None:
        self._node = node
        self._held: dict[str, tuple[Held, Mac]] = {}

    def held(self) -> Sequence[Held]:
        """Return the open sessions."""
        return [held for held, _ in self._held.values()]

    def hold(self, held: Held) -> None:
        """Take up a session that was opened in another process; the one that its device had ends."""
        self._held[held.device] = held, Mac(held.key)

    def open(self, device: str, at: int, public: bytes, signature: bytes) -> Opened | Refusal:
        """Open a session for an enrolled device of this party; the one that it had ends.

        Raises:
            BadInput: `bad-key`, for a half that is no X25519 key.
        """
        with self._node.store.reading() as tx:
            row = own_device(self._node, tx, device)
        payload = opening_payload(device, at, public)
        refusal = asked_by(self._node, device, row, at, signature, DOMAIN, payload=payload)
        if refusal is not None or row is None:
            return refusal or Refusal("unknown-device", device)
        now, private = self._node.clock.now(), self._node.random.bytes(32)
        mine = public_of(private)
        info = INFO.format(party=self._node.party, device=device)
        self.hold(Held(device, row.public, shared_key(private, public, public, mine, info), now + LIFE))
        return Opened(mine, now + LIFE)

    def proven(self, device: str, message: bytes, mac: bytes) -> bytes | None:
        """Return the device's public key, if its session is open and the MAC is right."""
        held, made = self._held.get(device, (None, None))
        if held is None or made is None or self._node.clock.now() >= held.until or not made.is_right(message, mac):
            return None
        return held.public
