"""Connections that are kept between uses, and the head in its own file."""

import sqlite3

import pytest
from sqlalchemy import text

from safeconduct.errors import NodeUnavailable
from safeconduct.ledger.merkle import Frontier, leaf_hash
from safeconduct.storage.connections import Kept, open_engine
from safeconduct.storage.tree_head import TreeHead


@pytest.fixture
def kept(tmp_path):
    engine = open_engine(tmp_path / "a.db")
    found = Kept(engine)
    with found.one() as connection:
        connection.execute(text("CREATE TABLE t (x INTEGER)"))
    yield found
    found.close()
    engine.dispose()


def rows(kept):
    with kept.one() as connection:
        return connection.execute(text("SELECT count(*) FROM t")).scalar_one()


def test_a_connection_serves_one_user_at_a_time_and_is_kept_for_the_next(kept):
    with kept.one() as first:
        with kept.one() as second:
            assert first is not second
        with kept.one() as third:
            assert third is second
    assert rows(kept) == 0


def test_what_a_user_left_open_is_rolled_back(kept):
    def fail(connection):
        connection.exec_driver_sql("BEGIN IMMEDIATE")
        connection.exec_driver_sql("INSERT INTO t VALUES (1)")
        raise KeyError(connection)

    with pytest.raises(KeyError) as failed, kept.one() as connection:
        fail(connection)
    assert rows(kept) == 0
    with kept.one() as again:
        assert again is failed.value.args[0]
        again.exec_driver_sql("BEGIN IMMEDIATE")  # no transaction is open any more
        again.exec_driver_sql("INSERT INTO t VALUES (1)")
        again.exec_driver_sql("COMMIT")
    assert rows(kept) == 1


def test_a_connection_that_broke_is_not_given_to_the_next(kept):
    def fail(connection):
        used.append(connection)
        raw = connection.connection.dbapi_connection
        raw.close()
        raw.execute("SELECT 1")

    used = []
    with pytest.raises(sqlite3.ProgrammingError), kept.one() as connection:
        fail(connection)
    with kept.one() as another:
        assert another not in used
    assert rows(kept) == 0


def tree(size):
    edge = Frontier()
    edge.append([leaf_hash(bytes([number])) for number in range(size)])
    return edge


def root_at(size):
    return tree(size).root()


def test_the_head_follows_the_tree_and_refuses_one_that_lost_entries_or_has_others(tmp_path):
    head = TreeHead(tmp_path / "head.db", tmp_path / "node.db")
    head.prepare()
    for size in (0, 1, 5, 5, 9):
        head.move(tree(size), root_at)
    head.close()
    again = TreeHead(tmp_path / "head.db", tmp_path / "node.db")
    again.prepare()  # what was kept stays
    with pytest.raises(NodeUnavailable, match="holds 8 ledger entries, but 9 were signed"):
        again.move(tree(8), root_at)
    with pytest.raises(NodeUnavailable, match="9 were signed before"):
        again.move(tree(12), lambda size: bytes(32))
    again.move(tree(12), root_at)
    again.move(tree(13), lambda size: pytest.fail("what this process wrote needs no second look"))
    again.close()
