"""A disk that is full: one line, nothing half stored, and the node works again as soon as there is room."""

import pytest
from sqlalchemy import event

from safeconduct.errors import NodeUnavailable
from safeconduct.replay.people import generate
from safeconduct.workflows.import_roll import import_roll
from safeconduct.workflows.publish_bundle import publish_bundle

LARGE = generate(3_000, 7)


@pytest.fixture
def full(world):
    """Let the database of the evacuating party grow by no more than two pages: SQLite says what a full disk says."""
    store = world.evac.store
    engine = store._engine
    with engine.connect() as connection:
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one()

    def limit(connection, _record):
        connection.execute(f"PRAGMA max_page_count={pages + 2}")

    store._kept.close()
    engine.dispose()
    event.listen(engine, "connect", limit)
    yield world
    if event.contains(engine, "connect", limit):
        event.remove(engine, "connect", limit)


def test_a_full_disk_is_one_line_and_leaves_nothing_half_stored(full):
    before = {table: full.count(full.evac, table) for table in ("people", "ledger", "passes")}
    for act in (lambda: import_roll(full.evac, LARGE, "roll.csv"), lambda: publish_bundle_until_full(full.evac)):
        with pytest.raises(NodeUnavailable) as caught:
            act()
        assert caught.value.code == "database-failed"
        assert "disk is full" in str(caught.value) and "\n" not in str(caught.value)
    assert full.count(full.evac, "people") == before["people"] == 0
    full.reopen()  # as when somebody made room: what was committed is there, and the refused import goes through
    assert full.count(full.evac, "ledger") >= before["ledger"]
    assert import_roll(full.evac, LARGE, "roll.csv").people == 3_000
    full.settle()


def publish_bundle_until_full(node):
    for _ in range(200):
        publish_bundle(node)
