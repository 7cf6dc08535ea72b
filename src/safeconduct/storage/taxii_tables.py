"""Collections of STIX objects, their clients, and the statuses of posts."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from heapq import merge
from itertools import islice
from typing import Any

from sqlalchemy import Connection, delete, func, insert, select

from safeconduct.errors import BadInput
from safeconduct.storage.schema import taxii_clients as clients
from safeconduct.storage.schema import taxii_collections as collections
from safeconduct.storage.schema import taxii_objects as objects
from safeconduct.storage.schema import taxii_rights as rights
from safeconduct.storage.schema import taxii_statuses as statuses
from safeconduct.storage.taxii_adding import Adding, is_version, mark_anew
from safeconduct.storage.taxii_names import Held, Names, keys_of
from safeconduct.storage.taxii_questions import (
    BODIES,
    JOINED,
    NEWEST_ONLY,
    PAGES,
    SHOWN,
    Form,
    form_of,
    statement,
)
from safeconduct.storage.taxii_ready import ACCESS, CLIENT, COLLECTION, FORGET, KEPT, NOTE, RIGHT, all_rights
from safeconduct.workflows.taxii_objects import to_store
from safeconduct.workflows.taxii_rows import (
    PAGE,
    PAGE_BYTES,
    Added,
    Client,
    Collection,
    Joined,
    NewObject,
    Query,
    Right,
    Stored,
)

STATUS_SECONDS = 2 * 86_400  # the standard asks for a day at least
MICRO = 1_000_000


class TaxiiTables:
    """See `workflows.taxii_rows.Taxii`."""

    def __init__(self, connection: Connection) -> None:
        self._c = connection

    def add_collection(self, row: Collection) -> Collection:
        """Keep a new collection; its number is given here."""
        number = int(self._c.execute(select(func.coalesce(func.max(collections.c.number), 0))).scalar_one()) + 1
        values = {**asdict(row), "number": number}
        self._c.execute(insert(collections), {**values, "newest": 0})
        return Collection(**values)

    def collection(self, name: str, root: str | None = None) -> Collection | None:
        """Return a collection by its id, or by its alias."""
        rows = COLLECTION.rows(self._c, {"called": name})
        found = [Collection(*row) for row in rows if root is None or row[2] == root]
        return found[0] if found else None

    def collections(self) -> Sequence[Collection]:
        """Return all collections, in the order in which they were made."""
        rows: Sequence[Any] = self._c.execute(select(*KEPT).order_by(collections.c.number)).all()
        return [Collection(*row) for row in rows]

    def count(self, collection: str) -> int:
        """Return how many versions a collection holds."""
        query = select(func.count()).where(objects.c.collection == self._existing(collection).number)
        return int(self._c.execute(query).scalar_one())

    def add(self, collection: str, objects: Sequence[NewObject], *, at: int) -> Sequence[Added]:
        """Keep versions in their order; one that is kept already stays as it is."""
        return Adding(self._c, self._existing(collection).number).add(objects, at)

    def publish(self, collection: str, objects: Sequence[Mapping[str, Any]], *, added_at: int) -> int:
        """Keep objects of our own for others to read; return how many versions were new."""
        made = sorted((to_store(one) for one in objects), key=lambda one: (one.id, one.version or 0))
        done = Adding(self._c, self._existing(collection).number).add(made, added_at * MICRO)
        return sum(one.fresh for one in done)

    def since(self, collection: str, after: int = -1, limit: int = PAGE) -> Sequence[Stored]:
        """Return the versions added after `after`, oldest first."""
        where = (objects.c.collection == self._existing(collection).number, objects.c.added > after)
        query = select(*SHOWN).where(*where).order_by(objects.c.added).limit(limit)
        return [Stored(*row) for row in self._c.execute(query)]

    def find(self, collection: Collection, query: Query) -> Sequence[Stored]:
        """Return the versions that are asked for, by `date_added`; at most one more than the limit."""
        form = form_of(collection, query)
        if form is None:
            return []
        values: dict[str, Any] = {"collection": collection.number, "after": query.after, "most": query.limit + 1}
        if query.versions:
            values["versions"] = list(query.versions)
        if query.ids:
            numbers = {one.object for one in self._held(collection, query.ids)}
            parts = [self._page("id", form, {**values, "one": one}) for one in numbers]
        elif query.types:
            parts = [self._page("type", form, {**values, "one": one}) for one in query.types]
        else:
            return self._page("added", form, values)
        return list(islice((one for one in merge(*parts) if _of_type(one, query)), query.limit + 1))

    def bodies(self, collection: Collection, query: Query) -> Sequence[tuple[int, bytes]]:
        """Return (`date_added`, bytes) of what `find` finds."""
        form = form_of(collection, query)
        if query.ids or query.types or query.versions or form is None:
            return [(one.added, one.body) for one in self.find(collection, query)]
        values = {"collection": collection.number, "after": query.after, "most": query.limit + 1}
        return BODIES[form].rows(self._c, values)

    def joined(self, collection: Collection, query: Query) -> Joined | None:
        """Return a page of latest versions in one piece; None where it has filters or could pass `PAGE_BYTES`.

        SQLite gives such a page in one step. Row by row Python's lock changes hands a hundred times a page, for which
        the server's other threads wait.
        """
        if query.ids or query.types or form_of(collection, query) != NEWEST_ONLY:
            return None
        if collection.largest * query.limit > PAGE_BYTES:
            return None
        values = {"collection": collection.number, "after": query.after, "most": query.limit}
        count, first, last, bodies, more = JOINED.rows(self._c, values)[0]
        return Joined(count, first, last, bodies, bool(more)) if count else Joined(0, 0, 0, b"", more=False)

    def known(self, collection: Collection, object_id: str) -> bool:
        """Say whether any version of an object is kept."""
        return bool(self._held(collection, [object_id]))

    def remove(self, collection: Collection, object_id: str, gone: Sequence[Stored]) -> int:
        """Take versions of an object away; return how many there were."""
        held = self._held(collection, [object_id])
        if not held:
            return 0
        number, dropped = held[0].object, {(one.version, one.spec) for one in gone}
        for version in dropped:
            self._c.execute(delete(objects).where(objects.c.object == number, is_version(version)))
        left = [one for one in held if (one.version, one.spec) not in dropped]
        if left:
            mark_anew(self._c, number, left)
        else:
            Names(self._c).remove(keys_of(collection.number, [object_id])[object_id], number)
        return len(held) - len(left)

    def add_client(self, row: Client, rights: Mapping[str, tuple[bool, bool]]) -> None:
        """Keep a client with (may read, may write) by collection id."""
        self._c.execute(insert(clients), asdict(row))
        for name, (read, write) in rights.items():
            self._allow(row.name, self._existing(name).number, read=read, write=write)

    def remove_client(self, name: str) -> bool:
        """Forget a client and its rights; say whether there was one."""
        self._c.execute(delete(rights).where(rights.c.client == name))
        return bool(self._c.execute(delete(clients).where(clients.c.name == name)).rowcount)

    def client(self, name: str) -> Client | None:
        """Return a client."""
        rows = CLIENT.rows(self._c, {"name": name})
        return Client(*rows[0]) if rows else None

    def clients(self) -> Sequence[Client]:
        """Return all clients by name."""
        return [Client(*row) for row in self._c.execute(select(clients).order_by(clients.c.name))]

    def rights(self, name: str) -> Sequence[Right]:
        """Return what a client may do, by the order of collections."""
        rows = self._c.execute(all_rights().order_by(collections.c.number), {"name": name})
        return [_right(row) for row in rows]

    def right(self, name: str, root: str, collection: str) -> Right | None:
        """Return what a client may do with one collection, named by id or alias."""
        rows = RIGHT.rows(self._c, {"name": name, "root": root, "called": collection})
        return _right(rows[0]) if rows else None

    def access(self, name: str, root: str, collection: str) -> tuple[Client, Right] | None:
        """Return a client and what it may do with one collection, in one question."""
        rows = ACCESS.rows(self._c, {"name": name, "root": root, "called": collection})
        return (Client(*rows[0][:5]), _right(rows[0][5:])) if rows else None

    def add_status(self, status: str, root: str, client: str, body: bytes, at: int) -> None:
        """Keep the status of a post, and drop those older than two days."""
        FORGET.rows(self._c, {"until": at - STATUS_SECONDS})
        NOTE.rows(self._c, {"id": status, "root": root, "client": client, "body": body, "at": at})

    def status(self, status: str, root: str, client: str) -> bytes | None:
        """Return the status of a post to who made it."""
        query = select(statuses.c.body).where(
            statuses.c.id == status, statuses.c.root == root, statuses.c.client == client
        )
        return self._c.execute(query).scalar_one_or_none()

    def _held(self, collection: Collection, ids: Iterable[str]) -> list[Held]:
        return Names(self._c).held(collection.number, keys_of(collection.number, ids))

    def _existing(self, name: str) -> Collection:
        found = self.collection(name)
        if found is None:
            raise BadInput("unknown-collection", where="collection", expected="the id or alias of a collection",
                           seen=name)  # fmt: skip
        return found

    def _allow(self, client: str, number: int, *, read: bool, write: bool) -> None:
        self._c.execute(insert(rights), {"client": client, "collection": number, "read": read, "write": write})

    def _page(self, by: str, form: Form, values: Mapping[str, Any]) -> list[Stored]:
        if form.listed:  # a list of any length; seldom asked for
            return list(map(Stored._make, self._c.execute(statement(by, form), values).all()))
        return list(map(Stored._make, PAGES[by, form].rows(self._c, values)))


def _right(row: Any) -> Right:
    return Right(Collection(*row[:-2]), bool(row[-2]), bool(row[-1]))


def _of_type(row: Stored, query: Query) -> bool:
    return not query.types or row.id.partition("--")[0] in query.types
