"""Policies are kept: versions appended, sealed at rest, named in the ledger; without one nothing is released."""

import pytest

from safeconduct.config import NodeConfig
from safeconduct.errors import BadInput, Refusal
from safeconduct.wiring import close_node, init_node, open_node
from safeconduct.workflows.keep_operators import add_operator
from safeconduct.workflows.keep_policy import keep_policy, policies
from safeconduct.workflows.policy_view import show_policies
from safeconduct.workflows.release_warning import release_warning
from workflows.release_samples import FIRST, SECOND, enter, policy_of, ready
from workflows.two_nodes import PROTECT


def held(world):
    with world.evac.store.reading() as tx:
        return [one.policy.version for one in policies(world.evac, tx)]


@pytest.mark.seed("S-05", "S-63")
def test_without_a_kept_policy_nothing_is_released_and_the_refusal_is_logged(world):
    world.move(world.terms and 1629956400 + 600)
    enter(world)
    made = release_warning(world.evac, "report-exercise-1", purpose=PROTECT, by=FIRST)
    assert made.code == "no-policy"
    assert world.settle() == []
    with world.evac.store.reading() as tx:
        assert b"no-policy" in tx.ledger.find("own:refused")[-1].envelope


def test_each_change_is_a_new_version_and_the_same_again_is_none(world):
    first = keep_policy(world.evac, world.scenario.policy)
    again = keep_policy(world.evac, world.scenario.policy)
    assert (first.policy.version, again.ledger_index) == (1, first.ledger_index)
    assert keep_policy(world.evac, policy_of(world, min_candidates=4)).policy.version == 2
    assert keep_policy(world.evac, world.scenario.policy).policy.version == 3  # back to the first is a change too
    assert keep_policy(world.evac, policy_of(world, version=9, min_candidates=3)).policy.version == 9
    assert held(world) == [1, 2, 3, 9]
    with world.evac.store.reading() as tx:
        assert len(tx.ledger.find("own:policy")) == 4
        [view] = show_policies(world.evac, tx)
    assert (view.version, view.partner_name, [entry[0] for entry in view.history]) == (9, "Cordon party", [9, 3, 2, 1])
    assert [name for name, _, _ in view.history[0][4]] == ["source", "actor"]


def test_a_changed_candidate_is_told_even_where_the_words_are_alike(world):
    keep_policy(world.evac, world.scenario.policy)
    candidates = [{"id": f"other-{n}", "cells": ["30132001201310"]} for n in range(8)]
    keep_policy(
        world.evac, policy_of(world, candidates=candidates, actors={"x": "", "y": ""} | dict.fromkeys("abcdef", "x"))
    )
    with world.evac.store.reading() as tx:
        [view] = show_policies(world.evac, tx)
    assert {name for name, _, _ in view.history[0][4]} >= {"source", "actor"}


def test_the_candidates_of_a_policy_are_nowhere_readable_in_the_file(world):
    keep_policy(world.evac, world.scenario.policy)
    raw = b"".join(f.read_bytes() for f in world.evac_config.data_dir.glob("node.db*"))
    assert b"candidate-1" not in raw


def test_a_malformed_policy_is_named_and_nothing_is_kept(world):
    with pytest.raises(BadInput) as caught:
        keep_policy(world.evac, policy_of(world, slot_seconds=7))
    assert caught.value.where == "policy.slot_seconds"
    assert held(world) == []


def test_only_an_office_with_the_role_keeps_a_policy(world):
    for by in ("liaison", "reader", SECOND, "nobody"):
        assert keep_policy(world.evac, world.scenario.policy, by=by).code == "role-needed"
    assert held(world) == []


def test_a_file_that_is_released_by_is_kept_as_a_version(world):
    ready(world)
    made = release_warning(world.evac, world.report, policy_of(world, expiry_seconds=7200), purpose=PROTECT, by=FIRST)
    assert not isinstance(made, Refusal), made
    assert held(world) == [1, 2]
    again = release_warning(world.evac, world.report, policy_of(world, expiry_seconds=7200), purpose=PROTECT, by=FIRST)
    assert again.release_id == made.release_id and held(world) == [1, 2]
    assert release_warning(world.evac, world.report, purpose=PROTECT, by=FIRST).release_id == made.release_id


def test_outside_an_exercise_two_offices_change_a_policy_and_no_file_goes_around_it(tmp_path, world):
    config = NodeConfig("evac", "Evacuating party", tmp_path / "data")
    init_node(tmp_path, config, passphrase="a phrase for the test")
    node = open_node(config)
    add_operator(node, "night-desk", "night desk", ["releasing-officer"])
    add_operator(node, "second-desk", "second desk", ["second-approver"])
    data = world.scenario.policy
    assert keep_policy(node, data, by="night-desk").code == "second-person-needed"
    assert keep_policy(node, data, by="night-desk", second="night-desk").code == "second-person-needed"
    assert keep_policy(node, data, by="night-desk", second="first").code == "role-needed"
    assert keep_policy(node, data, by="night-desk", second="nobody").code == "role-needed"
    assert keep_policy(node, data, by="night-desk", second="second-desk").second == "second-desk"
    close_node(node)
