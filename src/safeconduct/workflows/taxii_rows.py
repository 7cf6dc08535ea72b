"""What a TAXII server keeps: collections, versions of objects, clients and their rights; and the port to it.

Every collection has its own line of `date_added`: unix microseconds that only grow, one for each version of an object.
A page is a stretch of that line. `published` objects take the time that the caller gives, cut to the slot, and the
microseconds are a counter; so nobody learns from `date_added` more than the slot. Bodies are the bytes to be sent.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple, Protocol

PAGE = 100  # objects of a page when the client names no limit
MOST = 1_000  # objects of a page at most
ALWAYS = -(1 << 62)  # a `date_added` before all others
PAGE_BYTES = 16 << 20  # of one page's bodies; the first object always goes
STIX_20, STIX_21 = 20, 21  # versions of the specification of STIX that are kept
SPECS = {"2.0": STIX_20, "2.1": STIX_21}
STIX_ANY = "application/stix+json"  # without a version: any
STIX_TYPE = f"{STIX_ANY};version=2.1"
MEDIA = {STIX_TYPE: (STIX_21,), f"{STIX_ANY};version=2.0": (STIX_20,), STIX_ANY: (STIX_20, STIX_21)}


@dataclass(frozen=True, slots=True)
class Collection:
    """One collection; `way` is `out` (to the party), `in` (from it) or `own` (for named clients)."""

    number: int  # small, of this database only
    id: str  # random UUID, the same for ever
    root: str  # last part of its API root's path
    alias: str  # unique within the root
    title: str
    description: str
    party: str  # whose node may use it by its key; empty for `own`
    way: str
    at: int  # unix seconds
    media: str = STIX_TYPE  # the media types of what it holds, joined by spaces
    largest: int = 0  # bytes of its largest object, when this was read

    @property
    def specs(self) -> tuple[int, ...]:
        """The versions of STIX that it holds."""
        return tuple(sorted({spec for one in self.media.split() for spec in MEDIA[one]}))


@dataclass(frozen=True, slots=True)
class Client:
    """A program with a token of its own; of the token only the digest is kept."""

    name: str
    digest: str
    rate: int  # requests a minute, 0 for no limit
    size: int  # bytes of one request at most
    at: int


class Right(NamedTuple):
    """What a client may do with a collection."""

    collection: Collection
    read: bool
    write: bool


class NewObject(NamedTuple):
    """One version of an object to be kept; `version` is unix microseconds, None for an object without versions."""

    id: str
    type: str
    version: int | None
    body: bytes
    spec: int = STIX_21


class Added(NamedTuple):
    """What became of it: its version, and whether it was new."""

    version: int
    fresh: bool


class Stored(NamedTuple):
    """One stored version."""

    added: int  # unix microseconds
    id: str
    version: int
    body: bytes
    spec: int


class Joined(NamedTuple):
    """A page's bodies in one piece, joined by commas."""

    number: int  # of objects
    first: int  # `date_added` of the first and of the last
    last: int
    bodies: bytes
    more: bool


@dataclass(frozen=True, slots=True)
class Query:
    """Which versions are asked for: all conditions hold together, each list is an "or".

    `first`, `last` and `versions` are joined by "or"; `all_versions` stands alone.
    """

    after: int = ALWAYS  # unix microseconds, exclusive
    limit: int = PAGE
    ids: tuple[str, ...] = ()  # empty: any
    types: tuple[str, ...] = ()
    all_versions: bool = False
    first: bool = False
    last: bool = True
    versions: tuple[int, ...] = ()
    specs: tuple[int, ...] = ()  # of STIX; empty: the latest in which an object is there
    nothing: bool = False  # none of the versions of STIX that are known


class Taxii(Protocol):
    """Collections with their objects, clients with their rights, and statuses of posts."""

    def add_collection(self, row: Collection) -> Collection:
        """Keep a new collection; its number is given here."""
        ...

    def collection(self, name: str, root: str | None = None) -> Collection | None:
        """Return a collection by its id, or by its alias (in one root, where several have it)."""
        ...

    def collections(self) -> Sequence[Collection]:
        """Return all collections, in the order in which they were made."""
        ...

    def count(self, collection: str) -> int:
        """Return how many versions a collection holds."""
        ...

    def add(self, collection: str, objects: Sequence[NewObject], *, at: int) -> Sequence[Added]:
        """Keep versions in their order; one that is kept already stays as it is. `at` is unix microseconds.

        `date_added` is `at`, or one microsecond after the newest of the collection where that is later.
        """
        ...

    def publish(self, collection: str, objects: Sequence[Mapping[str, Any]], *, added_at: int) -> int:
        """Keep objects of our own for others to read; return how many versions were new.

        Args:
            collection: its id or alias.
            objects: STIX objects; they are put in the order of their ids, so that their order tells nothing.
            added_at: unix seconds, cut to the slot; `date_added` is this and a counter in the microseconds.

        Raises:
            BadInput: `unknown-collection`, or `bad-object` for what is no STIX 2.1 object.
        """
        ...

    def since(self, collection: str, after: int = -1, limit: int = PAGE) -> Sequence[Stored]:
        """Return the versions added after `after` (unix microseconds), oldest first."""
        ...

    def find(self, collection: Collection, query: Query) -> Sequence[Stored]:
        """Return the versions that are asked for, by `date_added`; at most one more than `query.limit`."""
        ...

    def bodies(self, collection: Collection, query: Query) -> Sequence[tuple[int, bytes]]:
        """Return (`date_added`, bytes) of what `find` finds."""
        ...

    def joined(self, collection: Collection, query: Query) -> Joined | None:
        """Return a page of latest versions in one piece; None where it has filters or could pass `PAGE_BYTES`."""
        ...

    def known(self, collection: Collection, object_id: str) -> bool:
        """Say whether any version of an object is kept."""
        ...

    def remove(self, collection: Collection, object_id: str, gone: Sequence[Stored]) -> int:
        """Take versions of an object away; return how many there were."""
        ...

    def add_client(self, row: Client, rights: Mapping[str, tuple[bool, bool]]) -> None:
        """Keep a client with (may read, may write) by collection id."""
        ...

    def remove_client(self, name: str) -> bool:
        """Forget a client and its rights; say whether there was one."""
        ...

    def client(self, name: str) -> Client | None:
        """Return a client."""
        ...

    def clients(self) -> Sequence[Client]:
        """Return all clients by name."""
        ...

    def rights(self, name: str) -> Sequence[Right]:
        """Return what a client may do, by the order of collections."""
        ...

    def right(self, name: str, root: str, collection: str) -> Right | None:
        """Return what a client may do with one collection, named by id or alias."""
        ...

    def access(self, name: str, root: str, collection: str) -> tuple[Client, Right] | None:
        """Return a client and what it may do with one collection, in one question."""
        ...

    def add_status(self, status: str, root: str, client: str, body: bytes, at: int) -> None:
        """Keep the status of a post, and drop those older than two days."""
        ...

    def status(self, status: str, root: str, client: str) -> bytes | None:
        """Return the status of a post to who made it."""
        ...
