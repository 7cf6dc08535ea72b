"""The names of TAXII objects: found wherever they lie, moved in order, forgotten with what they name, and upgraded."""

import sqlite3

import pytest

from safeconduct.storage import taxii_names
from safeconduct.storage.database import SqliteStore
from safeconduct.workflows.taxii_rows import Query
from unit.storage.conftest import collection, thing

FEW = 50  # names that wait, in these tests
AS_IT_WAS = (
    "DROP INDEX taxii_objects_version",
    "ALTER TABLE taxii_objects DROP COLUMN object",
    "CREATE UNIQUE INDEX taxii_objects_version ON taxii_objects (collection, id, version, spec)",
    "DROP TABLE taxii_names",
    "DROP TABLE taxii_sweep",
    "PRAGMA user_version=4",
)


@pytest.fixture(autouse=True)
def _few_wait(monkeypatch):
    monkeypatch.setattr(taxii_names, "WAITING", FEW)


def lying(store):
    """How many names lie in the small and in the large part, and how many the count says wait."""
    with store.reading() as tx:
        ask = tx.taxii._c.exec_driver_sql
        parts = dict(ask("SELECT settled, count(*) FROM taxii_names GROUP BY settled").all())
        return parts.get(0, 0), parts.get(1, 0), ask("SELECT waiting FROM taxii_sweep").scalar_one()


def all_found(store, kept, things):
    with store.reading() as tx:
        return all([one.body for one in tx.taxii.find(kept, Query(ids=(t.id,)))] == [t.body] for t in things)


def test_names_beyond_a_number_move_on_and_all_are_found_wherever_they_lie(store, kept):
    things = [thing(number) for number in range(400)]
    for start in range(0, 400, 30):
        with store.transaction() as tx:
            assert all(one.fresh for one in tx.taxii.add(kept.id, things[start : start + 30], at=1))
        small, large, counted = lying(store)
        done = min(start + 30, 400)
        assert small == counted and small + large == done and small <= FEW + 30
    assert lying(store)[1] > 300 and all_found(store, kept, things)
    with store.transaction() as tx:
        assert not any(one.fresh for one in tx.taxii.add(kept.id, things, at=1)), "each is known, and kept once"
        assert tx.taxii.count(kept.id) == 400


def test_those_that_move_are_neighbours_by_key_so_that_they_share_pages(store, kept):
    keys = []
    for start in range(0, 300, 10):
        with store.transaction() as tx:
            tx.taxii.add(kept.id, [thing(number) for number in range(start, start + 10)], at=1)
            ask = tx.taxii._c.exec_driver_sql("SELECT key FROM taxii_names WHERE settled = 1")
            settled = {key for (key,) in ask}
        moved, known = sorted(settled - set().union(*keys)), set().union(*keys)
        if moved:
            low, high = moved[0], moved[-1]
            with store.reading() as tx:
                ask = tx.taxii._c.exec_driver_sql
                between = "SELECT count(*) FROM taxii_names WHERE settled = 0 AND key BETWEEN ? AND ?"
                assert ask(between, (low, high)).scalar_one() == 0, "none that waits lies between"
            assert not known & set(moved)
        keys.append(settled)


def test_an_object_of_which_nothing_is_left_is_forgotten_and_can_come_again(store, kept):
    things = [thing(number) for number in range(120)]
    with store.transaction() as tx:
        tx.taxii.add(kept.id, things, at=1)
    for one in (things[0], things[60], things[119]):
        small, large, counted = lying(store)
        with store.transaction() as tx:
            assert tx.taxii.remove(kept, one.id, tx.taxii.find(kept, Query(ids=(one.id,)))) == 1
            assert not tx.taxii.known(kept, one.id) and tx.taxii.remove(kept, one.id, ()) == 0
        left = lying(store)
        assert sum(left[:2]) == small + large - 1 and left[0] == left[2] == counted - (small - left[0])
        with store.transaction() as tx:
            assert [made.fresh for made in tx.taxii.add(kept.id, [one], at=1)] == [True]
    assert all_found(store, kept, things)


def test_an_object_stays_known_while_a_version_is_left_even_if_its_first_one_goes(store, kept):
    with store.transaction() as tx:
        tx.taxii.add(kept.id, [thing(), thing(modified="2022-01-01T00:00:00Z")], at=1)
        [first] = tx.taxii.find(kept, Query(ids=(thing().id,), first=True, last=False))
        assert tx.taxii.remove(kept, thing().id, [first]) == 1
        assert tx.taxii.known(kept, thing().id)
        added = tx.taxii.add(kept.id, [thing(), thing(1), thing(modified="2022-01-01T00:00:00Z")], at=1)
        assert [one.fresh for one in added] == [True, True, False]
        assert len(tx.taxii.find(kept, Query(all_versions=True, ids=(thing().id,)))) == 2
        assert [one.body for one in tx.taxii.find(kept, Query(ids=(thing(1).id,)))] == [thing(1).body]


def test_names_with_one_key_and_one_id_in_two_collections_are_told_apart(store, kept, monkeypatch):
    monkeypatch.setattr("safeconduct.storage.taxii_adding.keys_of", lambda _, ids: dict.fromkeys(ids, 7))
    monkeypatch.setattr("safeconduct.storage.taxii_tables.keys_of", lambda _, ids: dict.fromkeys(ids, 7))
    things = [thing(number) for number in range(FEW + 20)]
    with store.transaction() as tx:
        other = tx.taxii.add_collection(collection("r", "b"))
        for where in (kept, other):
            assert all(one.fresh for one in tx.taxii.add(where.id, things, at=1))
    assert all_found(store, kept, things) and all_found(store, other, things)
    small, _, counted = lying(store)
    assert small == counted
    with store.transaction() as tx:
        tx.taxii.remove(kept, things[3].id, tx.taxii.find(kept, Query(ids=(things[3].id,))))
        assert not tx.taxii.known(kept, things[3].id) and tx.taxii.known(other, things[3].id)


def test_a_database_of_an_older_version_is_numbered_when_it_is_opened(store, kept, tmp_path):
    things = [thing(number) for number in range(30)]
    newer = thing(3, modified="2022-01-01T00:00:00Z")
    with store.transaction() as tx:
        tx.taxii.add(kept.id, things, at=1)
        tx.taxii.add(kept.id, [newer], at=1)
    store.close()
    with sqlite3.connect(tmp_path / "node.db") as database:
        for step in AS_IT_WAS:
            database.execute(step)
    database.close()
    again = SqliteStore(tmp_path)
    try:
        assert lying(again) == (0, 30, 0)
        things[3] = newer
        assert all_found(again, kept, things)
        with again.transaction() as tx:
            assert len(tx.taxii.find(kept, Query(all_versions=True, ids=(newer.id,)))) == 2
            assert not any(one.fresh for one in tx.taxii.add(kept.id, [*things, thing(3)], at=1))
            assert tx.taxii.add(kept.id, [thing(31)], at=1)[0].fresh
    finally:
        again.close()
