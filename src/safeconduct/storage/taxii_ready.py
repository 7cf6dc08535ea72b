"""What is asked and written for TAXII besides pages, made ready once."""

from typing import Any

from sqlalchemy import ColumnElement, Select, bindparam, case, delete, func, insert, or_, select, update

from safeconduct.storage.ready import Ready
from safeconduct.storage.schema import taxii_clients as clients
from safeconduct.storage.schema import taxii_collections as collections
from safeconduct.storage.schema import taxii_objects as objects
from safeconduct.storage.schema import taxii_rights as rights
from safeconduct.storage.schema import taxii_statuses as statuses

KEPT = (
    collections.c.number, collections.c.id, collections.c.root, collections.c.alias, collections.c.title,
    collections.c.description, collections.c.party, collections.c.way, collections.c.at, collections.c.media,
    collections.c.largest,
)  # fmt: skip


def _named() -> ColumnElement[bool]:
    return or_(collections.c.id == bindparam("called"), collections.c.alias == bindparam("called"))


def all_rights() -> Select[Any]:
    """Return what a client may do with each collection."""
    joined = collections.join(rights, rights.c.collection == collections.c.number)
    return select(*KEPT, rights.c.read, rights.c.write).select_from(joined).where(rights.c.client == bindparam("name"))


RIGHT = Ready(all_rights().where(collections.c.root == bindparam("root"), _named()).order_by(collections.c.number))
COLLECTION = Ready(select(*KEPT).where(_named()).order_by(collections.c.number))
NEWEST = Ready(select(collections.c.newest).where(collections.c.number == bindparam("which")))
ACCESS = Ready(
    select(*clients.c, *KEPT, rights.c.read, rights.c.write)
    .select_from(clients.join(rights, rights.c.client == clients.c.name)
                 .join(collections, rights.c.collection == collections.c.number))
    .where(clients.c.name == bindparam("name"), collections.c.root == bindparam("root"), _named())
    .order_by(collections.c.number)
)  # fmt: skip
MOVE = Ready(
    update(collections)
    .where(collections.c.number == bindparam("which"))
    .values(
        newest=bindparam("upto"),
        largest=case((collections.c.largest < bindparam("size"), bindparam("size")), else_=collections.c.largest),
    )
)
FORGET = Ready(delete(statuses).where(statuses.c.at < bindparam("until")))
NOTE = Ready(insert(statuses))
CLIENT = Ready(select(clients).where(clients.c.name == bindparam("name")))
KEEP = Ready(insert(objects))
NEXT = Ready(select(func.coalesce(func.max(objects.c.seq), 0) + 1))
