"""Envelopes arrive in any order, twice, late or never, and both sides still agree on what each has."""

import shutil

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from exchange.operation import Operation, due, heal, holds
from safeconduct.workflows.inventory import completeness
from safeconduct.workflows.receive_envelope import receive_envelope
from workflows.two_nodes import World

EMPTY = {"waiting": 0, "refused": []}


@pytest.fixture(scope="module")
def template(tmp_path_factory):
    """Two nodes that know each other's card and nothing else, to be copied for each run."""
    base = tmp_path_factory.mktemp("template")
    world = World(base)
    world.close()
    return base


class Copy(World):
    """The template's nodes in a folder of their own."""

    def __init__(self, template, base):
        from dataclasses import replace  # noqa: PLC0415

        from safeconduct.config import load_config  # noqa: PLC0415
        from safeconduct.replay.scenario import load  # noqa: PLC0415
        from workflows.two_nodes import SCENARIO  # noqa: PLC0415

        self.base, self.scenario = base, load(SCENARIO)
        for party in ("evac", "cordon"):
            shutil.copytree(template / party, base / party)
            config = load_config(base / party)
            setattr(self, f"{party}_config", replace(config, data_dir=base / party / "data"))
        self.open()
        self.outer = [p.id for p in self.scenario.points if p.ring == "outer"]


def in_order(world):
    """The operation as it goes when the network is good: every envelope arrives before the next act."""
    operation = Operation(world)
    while operation.acts:
        assert operation.go(), operation.acts[0]
        for one, other in ((world.evac, world.cordon), (world.cordon, world.evac)):
            for row in due(one):
                assert receive_envelope(other, row.wire).status == "taken", row.kind
    return holds(world.evac), holds(world.cordon)


def test_in_order_nothing_waits_and_nothing_is_refused(template, tmp_path):
    world = Copy(template, tmp_path)
    ours, theirs = in_order(world)
    assert ours == theirs
    assert ours | EMPTY == ours
    assert len(ours["agreements"]) == 2 and len(ours["versions"]) == 3 and len(ours["answers"]) == 6
    assert len(ours["states"]) == 3 and ours["devices"][0][5] == 6
    world.close()


@settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(data=st.data())
def test_any_order_with_repetitions_and_losses_ends_in_the_same_state_on_both_sides(template, tmp_path_factory, data):
    world = Copy(template, tmp_path_factory.mktemp("run"))
    operation = Operation(world)
    pools = {"evac": [], "cordon": []}  # what is on its way from each
    idle = 0
    while operation.acts:
        acted = operation.go()
        idle = 0 if acted else idle + 1
        for party, pool in pools.items():
            pool += [row.wire for row in due(getattr(world, party))]
        for _ in range(data.draw(st.integers(0, 3))):
            deliver(world, pools, data)
        if idle > 6:
            assert heal(world)
    for _ in range(40):
        if not deliver(world, pools, data):
            break
    assert heal(world)
    ours, theirs = holds(world.evac), holds(world.cordon)
    assert ours == theirs
    assert ours | EMPTY == ours
    for node in (world.evac, world.cordon):
        found = completeness(node)
        assert found.complete and not found.unstated and not found.never_sent and not found.contradicted
    world.close()


def deliver(world, pools, data):
    """Deliver, repeat or lose one envelope, whichever is drawn."""
    ways = [party for party, pool in pools.items() if pool]
    if not ways:
        return False
    party = data.draw(st.sampled_from(ways))
    place = data.draw(st.integers(0, len(pools[party]) - 1))
    what = data.draw(st.sampled_from(["once", "once", "once", "again", "never"]))
    wire = pools[party][place] if what == "again" else pools[party].pop(place)
    if what != "never":
        answer = receive_envelope(world.cordon if party == "evac" else world.evac, wire)
        assert answer.status in {"taken", "duplicate", "parked"}, answer
    return True
