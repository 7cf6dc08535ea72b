"""The outcome that names its reporter: what the partner writes stays with the owner, and goes no further by itself."""

import json

import pytest

from safeconduct.storage.database import search_everywhere
from safeconduct.workflows.enter_report import enter_report
from safeconduct.workflows.release_warning import release_warning
from safeconduct.workflows.show_room import show_room
from safeconduct.workflows.withdraw_release import withdraw_release
from workflows.two_nodes import PROTECT

NAMED = "Exercise guide ANEMONE at the outer point told us"


@pytest.fixture
def told(warned):
    warned.outcome(text=NAMED)
    assert [(kind, one.status) for kind, one in warned.world.settle()] == [("outcome", "taken")]
    return warned


def out_of(node):
    """Every byte that a node ever sent, by its own ledger and outbox."""
    with node.store.reading() as tx:
        kinds = {
            entry.kind for index in range(tx.ledger.size()) if (entry := tx.ledger.entry(index)).kind.startswith("out:")
        }
        logged = [entry.envelope for kind in kinds for entry in tx.ledger.find(kind)]
        return b"\n".join([*logged, *(row.wire for row in tx.outbox.due(500))])


def test_the_owner_has_it_and_the_search_finds_it(told):
    found = search_everywhere(told.world.evac_config.data_dir / "node.db", [NAMED])
    assert found[NAMED] > 0 and NAMED.encode() in out_of(told.world.cordon)


def test_no_later_act_of_the_owner_sends_it_on(told):
    world = told.world
    plain = {**json.loads(world.scenario.report), "id": "report-2", "likelihood": 3}
    again = release_warning(
        world.evac, enter_report(world.evac, json.dumps(plain).encode()), world.scenario.policy, purpose=PROTECT
    )
    assert again.release_id != told.release
    assert isinstance(withdraw_release(world.evac, told.release, reason="it is over"), int)
    world.settle()
    assert NAMED.encode() not in out_of(world.evac) and b"ANEMONE" not in out_of(world.evac)


def test_the_first_screen_does_not_show_its_words(told):
    """It shows result, confidence and who assessed; the words stand on the page of the release alone."""
    [ours] = show_room(told.world.evac).warnings
    assert "nothing" in ours.outcome and "ANEMONE" not in repr(ours)
