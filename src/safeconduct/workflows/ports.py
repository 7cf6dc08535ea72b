"""What a workflow needs from outside, in prose and types; `storage` and `exchange` fill it.

**The storage contract.** `Store.transaction()` is one atomic, durable, serialised write: everything done in the block
is on disk when the block ends without an error, and nothing of it is if it ends with one. Two transactions, of this
process or another, never interleave. A ledger append inside the block is part of it. When the block has ended the
tree head, kept in a second file, moves by compare-and-swap; only then may a receipt go out. `Store.reading()` sees one
consistent state and writes nothing.
"""

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any, Protocol

from safeconduct.seal.keys import SigningKey
from safeconduct.workflows.clock import Clock
from safeconduct.workflows.rows import PartyCard
from safeconduct.workflows.tables import Tx


class Store(Protocol):
    """See the storage contract above."""

    def transaction(self) -> AbstractContextManager[Tx]:
        """Open an atomic, durable, serialised write."""
        ...

    def reading(self) -> AbstractContextManager[Tx]:
        """Open a consistent read."""
        ...

    def changes(self) -> int:
        """Return a number that grows with every committed write of any process."""
        ...


class Vault(Protocol):
    """This node's keys; private halves leave it only as `SigningKey` objects."""

    def root(self) -> SigningKey:
        """Return the root key, if this node may use it now; else raise."""
        ...

    def root_kept(self) -> str:
        """Return how the root key is kept: "exercise" (here, unprotected), "passphrase" (here), or "apart"."""
        ...

    def status(self) -> SigningKey:
        """Return the online key that signs bundles, lists, receipts and envelopes; another process may change it."""
        ...

    def next_status(self) -> SigningKey:
        """Return the status key that is to follow, made and durably kept at the first call; the same until it turns."""
        ...

    def status_keys(self) -> frozenset[bytes]:
        """Return the public halves of the status key and, where one was made, of the key that is to follow it."""
        ...

    def turn_status(self, public: bytes) -> bool:
        """Make the key that is to follow the status key, if it has this public half; say whether it is now.

        The key before is gone then. All processes of the node sign with the new one from now on.
        """
        ...

    def log(self) -> SigningKey:
        """Return the key that signs this node's ledger heads."""
        ...

    def witness(self) -> SigningKey:
        """Return the key that cosigns the partner's heads."""
        ...

    def seal(self, data: bytes) -> bytes:
        """Seal bytes at rest, to this node only."""
        ...

    def open(self, data: bytes) -> bytes:
        """Open what `seal` made."""
        ...

    def seal_to(self, recipient: str, data: bytes) -> bytes:
        """Seal bytes to whoever holds the key of an age recipient; this node cannot open them.

        Raises:
            BadInput: `bad-recipient`.
        """
        ...

    def open_with(self, key: str, data: bytes) -> bytes:
        """Open what `seal_to` made, with the key that belongs to its recipient.

        Raises:
            BadInput: `bad-key`.
        """
        ...

    def new_key(self) -> tuple[str, str]:
        """Return a new age key and its recipient; neither is kept."""
        ...

    def seal_stream(self, recipient: str, source: Any, target: Any) -> None:
        """Seal all that `source.read` gives to an age recipient, into `target.write`, without holding it in memory.

        Raises:
            BadInput: `bad-recipient`.
        """
        ...

    def open_stream(self, source: Any, target: Any) -> None:
        """Open what was sealed to this node, piece by piece; each piece was checked before `target.write` gets it.

        Raises:
            BadInput: `bad-ciphertext`: sealed to another, damaged, or cut.
        """
        ...

    def open_segment_key(self, sealed: bytes) -> bytes:
        """Open a device-log key that was sealed to this party."""
        ...


class Random(Protocol):
    """Randomness, from the operating system."""

    def bytes(self, count: int) -> bytes:
        """Return `count` random bytes."""
        ...

    def id(self) -> str:
        """Return a fresh random UUID, version 4."""
        ...


@dataclass(frozen=True, slots=True)
class Node:
    """Everything that a workflow works on."""

    party: str
    name: str
    exercise: bool
    store: Store
    vault: Vault
    clock: Clock
    random: Random
    card: PartyCard
    parallel: Callable[[Callable[[Any], Any], Sequence[Any]], list[Any]]  # map over all cores, in order
    apart: Callable[[Callable[[Any, Any], Any], Any, Any], Any]  # work(basis, given), in a second process
