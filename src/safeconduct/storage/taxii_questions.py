"""The questions for pages of STIX objects: each is one stretch of one index, which is named.

What most ask for, the latest versions of all objects, is marked in the rows. Where a collection holds two versions of
STIX, a question that names one is answered by looking at the other versions of each object.
"""

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from sqlalchemy import (
    ColumnElement,
    FromClause,
    LargeBinary,
    ScalarSelect,
    Select,
    bindparam,
    cast,
    func,
    literal_column,
    or_,
    select,
)

from safeconduct.storage.ready import Ready
from safeconduct.storage.schema import taxii_objects as objects
from safeconduct.workflows.taxii_rows import STIX_20, STIX_21, STIX_TYPE, Collection, Query

ONE: ColumnElement[int] = literal_column("1")  # written out, so that the partial indexes serve
SHOWN = (objects.c.added, objects.c.id, objects.c.version, objects.c.body, objects.c.spec)
same = objects.alias("same")  # other versions of the same object


class Form(NamedTuple):
    """Which versions a question takes: all, or those of the marks that are set, and of a list.

    The marks tell the earliest and the latest in an object's newest version of STIX, which is what a question that
    names none means. `specs` is None where no more is to be said of it, () for the newest, else those that are named.
    """

    everything: bool
    first: bool
    last: bool
    listed: bool
    specs: tuple[int, ...] | None = None


def form_of(collection: Collection, query: Query) -> Form | None:
    """Return the form of the question for a query; None if a collection can hold nothing of what is asked."""
    specs: tuple[int, ...] | None = None
    if query.nothing:
        return None
    if query.specs or collection.media != STIX_TYPE:
        held = collection.specs
        asked = tuple(one for one in held if one in query.specs)
        if query.specs and not asked:
            return None
        if len(held) > 1 and (asked or query.all_versions or query.versions):
            specs = asked
    if query.all_versions:
        return Form(everything=True, first=False, last=False, listed=False, specs=specs)
    return Form(everything=False, first=query.first, last=query.last, listed=bool(query.versions), specs=specs)


def statement(by: str, form: Form, columns: Sequence[Any] = SHOWN) -> Select[Any]:
    """Return the question for the next rows of a page, oldest first: by `added` alone, or within one `type` or `id`.

    Only the few versions of one id are sorted; all else is read in the order of the index that `index_of` names.
    It is named, since the wrong one reads all of the collection for each page.
    """
    asked = select(*columns).where(objects.c.collection == bindparam("collection")).limit(bindparam("most"))
    if not form.everything:
        ways = [_end(func.min, form.specs) if form.specs else objects.c.first == ONE] if form.first else []
        ways += [_end(func.max, form.specs) if form.specs else objects.c.last == ONE] if form.last else []
        ways += [objects.c.version.in_(bindparam("versions", expanding=True))] if form.listed else []
        asked = asked.where(or_(*ways))
    if form.specs is not None:
        asked = asked.where(
            _in_specs(objects, form.specs) if form.specs else objects.c.spec == _of_same(func.max(same.c.spec))
        )
    if by == "id":
        unsorted: ColumnElement[int] = literal_column("+added")  # keeps the planner from the index by time
        return asked.where(objects.c.object == bindparam("one"), unsorted > bindparam("after")).order_by(unsorted)
    if by == "type":
        asked = asked.where(objects.c.type == bindparam("one"))
    return asked.where(objects.c.added > bindparam("after")).order_by(objects.c.added)


def index_of(by: str, form: Form) -> tuple[str, str]:
    """Return the table and the index that answer such a question in their order."""
    if by == "id":
        return "taxii_objects", "taxii_objects_version"
    index = "added" if form != NEWEST_ONLY else "last" if by == "added" else "type"
    return "taxii_objects", f"taxii_objects_{'old' if form.specs == (STIX_20,) else index}"


def _of_same(column: ColumnElement[int], *where: ColumnElement[bool]) -> ScalarSelect[int]:
    """Return a value over the versions of the same object, which one index holds."""
    return select(column).where(same.c.object == objects.c.object, *where).scalar_subquery()


def _end(pick: Callable[..., ColumnElement[int]], specs: tuple[int, ...]) -> ColumnElement[bool]:
    return objects.c.version == _of_same(pick(same.c.version), _in_specs(same, specs))


def _in_specs(table: FromClause, specs: tuple[int, ...]) -> ColumnElement[bool]:
    """Return the condition that names versions of STIX; written out, so that the partial index serves."""
    return or_(*(table.c.spec == literal_column(str(one)) for one in specs))


NEWEST_ONLY = Form(everything=False, first=False, last=True, listed=False)
FORMS = (
    NEWEST_ONLY, NEWEST_ONLY._replace(first=True), NEWEST_ONLY._replace(first=True, last=False),
    Form(everything=True, first=False, last=False, listed=False),
)  # fmt: skip
WITH_SPECS = tuple(
    form._replace(specs=specs)
    for form in FORMS
    for specs in ((), (STIX_20,), (STIX_21,), (STIX_20, STIX_21))
    if specs or form.everything
)
PAGES = {
    (by, form): Ready(statement(by, form), index=index_of(by, form))
    for by in ("added", "type", "id")
    for form in (*FORMS, *WITH_SPECS)
}
BODIES = {
    form: Ready(statement("added", form, (objects.c.added, objects.c.body)), index=index_of("added", form))
    for form in (*FORMS, *WITH_SPECS)
}
_PAGE = statement("added", NEWEST_ONLY, (objects.c.added, objects.c.body)).subquery()
_WHOLE: Any = select(
    func.count().label("held"), func.min(_PAGE.c.added).label("lowest"), func.max(_PAGE.c.added).label("highest"),
    cast(func.group_concat(_PAGE.c.body, literal_column("','")), LargeBinary).label("bodies"),
).subquery()  # fmt: skip
_later = objects.alias("later")
_MORE = select(ONE).where(
    _later.c.collection == bindparam("collection"), _later.c.last == ONE, _later.c.added > _WHOLE.c.highest
)
JOINED = Ready(select(_WHOLE, _MORE.exists()), index=index_of("added", NEWEST_ONLY))
