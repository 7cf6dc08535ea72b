"""What the tables of TAXII promise: one stretch of one index for a page, marks of first and last, durable order."""

import json

import pytest

from safeconduct.storage.taxii_questions import BODIES, FORMS, JOINED, NEWEST_ONLY, PAGES, WITH_SPECS, index_of
from safeconduct.storage.taxii_tables import STATUS_SECONDS
from safeconduct.workflows.taxii_objects import to_store
from safeconduct.workflows.taxii_rows import PAGE_BYTES, Query
from unit.storage.conftest import collection, thing

VALUES = {"collection": 1, "after": 5, "most": 101, "one": "indicator--x"}


def plan(tx, ready, values):
    text, names, own = ready._for(tx.taxii._c)
    rows = tx.taxii._c.exec_driver_sql(f"EXPLAIN QUERY PLAN {text}", tuple({**own, **values}[n] for n in names))
    return [row[3] for row in rows]


@pytest.mark.parametrize("form", FORMS)
def test_every_page_is_one_range_of_the_right_index_without_sorting(store, form):
    index = "last" if form == NEWEST_ONLY else "added"
    with store.reading() as tx:
        wanted = f"SEARCH taxii_objects USING INDEX taxii_objects_{index} (collection=? AND added>?)"
        assert plan(tx, PAGES["added", form], VALUES) == plan(tx, BODIES[form], VALUES) == [wanted]
        if form == NEWEST_ONLY:
            wanted = "SEARCH taxii_objects USING INDEX taxii_objects_type (collection=? AND type=? AND added>?)"
        assert plan(tx, PAGES["type", form], VALUES) == [wanted]
        found = plan(tx, PAGES["id", form], VALUES)
        assert found[0] == "SEARCH taxii_objects USING INDEX taxii_objects_version (object=?)"


@pytest.mark.parametrize("form", WITH_SPECS)
def test_pages_that_name_a_version_of_stix_are_read_in_order_and_old_objects_by_an_index_of_their_own(store, form):
    index = "old" if form.specs == (20,) else "added"
    with store.reading() as tx:
        for by in ("added", "type"):
            found = plan(tx, PAGES[by, form], VALUES)
            assert found[0] == f"SEARCH taxii_objects USING INDEX taxii_objects_{index} (collection=? AND added>?)"
            beside = "SEARCH same USING COVERING INDEX taxii_objects_version (object=?)"
            assert all(line == beside or line.startswith("CORRELATED SCALAR SUBQUERY") for line in found[1:])


@pytest.mark.parametrize("by", ["added", "type", "id"])
def test_the_index_of_a_page_is_named_so_that_no_other_is_taken(store, by):
    with store.reading() as tx:
        for form in FORMS:
            assert f"FROM taxii_objects INDEXED BY {index_of(by, form)[1]} " in PAGES[by, form]._for(tx.taxii._c)[0]


def test_dates_grow_by_one_within_a_collection_whatever_the_clock_says(store, kept):
    with store.transaction() as tx:
        for at in (1_000, 500, 1_000, 5_000):
            tx.taxii.add(kept.id, [thing(at * 10 + number) for number in range(at == 500, 3)], at=at)
    with store.reading() as tx:
        found = [one.added for one in tx.taxii.since(kept.id)]
        assert found == [1_000, 1_001, 1_002, 1_003, 1_004, 5_000, 5_001, 5_002]
        assert [one.added for one in tx.taxii.since(kept.id, after=1_003, limit=2)] == [1_004, 5_000]
        assert tx.taxii.count(kept.id) == 8


def test_first_and_last_are_marked_anew_whatever_order_versions_come_in(store, kept):
    days = ["2022-01-01T00:00:00Z", "2020-01-01T00:00:00Z", "2023-01-01T00:00:00Z", "2021-12-01T00:00:00Z"]
    for day in days:
        made = to_store({"type": "indicator", "spec_version": "2.1", "id": thing().id, "modified": day})
        with store.transaction() as tx:
            tx.taxii.add(kept.id, [made], at=1)
    with store.reading() as tx:
        for query, wanted in ((Query(), "2023"), (Query(first=True, last=False), "2020")):
            assert [json.loads(b)["modified"][:4] for _, b in tx.taxii.bodies(kept, query)] == [wanted]
        assert len(tx.taxii.bodies(kept, Query(first=True))) == 2
        assert len(tx.taxii.bodies(kept, Query(all_versions=True))) == 4


def test_versions_of_one_post_are_marked_among_each_other(store, kept):
    days = [f"202{n}-01-01T00:00:00Z" for n in (3, 1, 2)]
    made = [to_store({"type": "indicator", "spec_version": "2.1", "id": thing().id, "modified": d}) for d in days]
    with store.transaction() as tx:
        assert [one.fresh for one in tx.taxii.add(kept.id, [*made, made[0]], at=1)] == [True, True, True, False]
        assert [one.body for one in tx.taxii.find(kept, Query())] == [made[0].body]
        assert [one.body for one in tx.taxii.find(kept, Query(first=True, last=False))] == [made[1].body]


def test_a_transaction_that_fails_keeps_nothing_and_takes_no_date(store, kept):
    with pytest.raises(ZeroDivisionError), store.transaction() as tx:  # noqa: PT012  (what is tested is the block)
        tx.taxii.add(kept.id, [thing()], at=1)
        raise ZeroDivisionError
    with store.transaction() as tx:
        assert tx.taxii.count(kept.id) == 0
        tx.taxii.add(kept.id, [thing()], at=1)
        assert [one.added for one in tx.taxii.since(kept.id)] == [1]


def test_statuses_are_kept_two_days_and_then_dropped(store):
    with store.transaction() as tx:
        tx.taxii.add_status("s1", "r", "c", b"{}", 0)
        tx.taxii.add_status("s2", "r", "c", b"{}", STATUS_SECONDS)
        assert tx.taxii.status("s1", "r", "c") == b"{}"
        tx.taxii.add_status("s3", "r", "c", b"{}", STATUS_SECONDS + 1)
        assert tx.taxii.status("s1", "r", "c") is None and tx.taxii.status("s2", "r", "c") == b"{}"
        assert tx.taxii.status("s2", "r", "other") is None and tx.taxii.status("s2", "other", "c") is None


def test_collections_of_one_alias_in_two_roots_are_told_apart(store, kept):
    with store.transaction() as tx:
        other = tx.taxii.add_collection(collection("s", "a"))
        assert tx.taxii.collection("a", "r") == kept and tx.taxii.collection("a", "s") == other
        assert tx.taxii.collection("a") == kept and tx.taxii.collection("b") is None
        assert list(tx.taxii.collections()) == [kept, other] and other.number == 2


def test_page_in_one_piece_is_what_the_rows_are_and_reads_one_range(store, kept):
    with store.transaction() as tx:
        tx.taxii.add(kept.id, [thing(number) for number in range(25)], at=1)
    with store.reading() as tx:
        for limit, after in ((10, -1), (10, 15), (25, -1), (24, -1), (10, 20), (10, 25)):
            query = Query(limit=limit, after=after)
            rows, page = tx.taxii.bodies(kept, query), tx.taxii.joined(kept, query)
            assert page.more is (len(rows) > limit) and page.number == len(rows[:limit])
            assert page.bodies == b",".join(body for _, body in rows[:limit])
            if rows:
                assert (page.first, page.last) == (rows[0][0], rows[:limit][-1][0])
        found = plan(tx, JOINED, VALUES)
        assert "SEARCH taxii_objects USING INDEX taxii_objects_last (collection=? AND added>?)" in found
        assert [line for line in found if "later" in line] == [
            "SEARCH later USING INDEX taxii_objects_last (collection=? AND added>?)"
        ]
        assert not any("TEMP B-TREE" in line for line in found)
        for query in (Query(all_versions=True), Query(types=("indicator",)), Query(first=True), Query(nothing=True)):
            assert tx.taxii.joined(kept, query) is None


def test_page_that_could_grow_too_large_is_cut_by_its_bytes(store, kept):
    body = thing(1).body + b" " * PAGE_BYTES
    with store.transaction() as tx:
        tx.taxii.add(kept.id, [thing(0), thing(1)._replace(body=body), thing(2)], at=1)
        assert tx.taxii.joined(tx.taxii.collection(kept.id), Query(limit=2)) is None
        assert [len(one) for _, one in tx.taxii.bodies(kept, Query())] == [
            len(thing(0).body),
            len(body),
            len(thing(2).body),
        ]
