"""An agreement comes into force when both signed, and what it does not list is refused and logged."""

import json

import pytest

from safeconduct.errors import Refusal
from safeconduct.seal.keys import SigningKey
from safeconduct.workflows.common import in_force, refused_acts
from safeconduct.workflows.issue_passes import issue_passes
from safeconduct.workflows.sign_agreement import accept, propose
from workflows.two_nodes import PASSAGE, PURPOSE


def state(node):
    with node.store.reading() as tx:
        return (row.state if (row := tx.records.agreement_version()) else None), in_force(tx) is not None


@pytest.mark.seed("S-01", "S-15", "S-17", "S-18")
def test_an_agreement_is_in_force_only_when_both_parties_have_signed(apart):
    propose(apart.evac, apart.terms())
    assert state(apart.evac) == ("proposed", False)
    assert [(k, a.status) for k, a in apart.settle()] == [("agreement", "taken")]
    assert state(apart.cordon) == ("proposed", False)
    accept(apart.cordon, 1)
    assert state(apart.cordon) == ("open", True)
    assert state(apart.evac) == ("proposed", False)
    apart.settle()
    assert state(apart.evac) == ("open", True)
    with apart.evac.store.reading() as ours, apart.cordon.store.reading() as theirs:
        one, other = in_force(ours)[1], in_force(theirs)[1]
    assert one.body == other.body
    assert one.signatures == other.signatures
    assert set(one.signatures) == {"evac", "cordon"}


def test_proposing_and_accepting_again_changes_nothing(world):
    sizes = world.count(world.evac, "ledger"), world.count(world.cordon, "ledger")
    propose(world.evac, world.terms())
    accept(world.cordon, 1)
    assert (world.count(world.evac, "ledger"), world.count(world.cordon, "ledger")) == sizes


def test_terms_with_another_root_than_the_known_one_are_refused(apart):
    terms = json.loads(apart.terms())
    terms["parties"][1]["root_public"] = SigningKey.from_seed(bytes([3]) * 32).public.hex()
    assert propose(apart.evac, json.dumps(terms).encode()).code == "wrong-root"


@pytest.mark.seed("S-53", "S-54", "S-60", "S-63")
@pytest.mark.parametrize(
    ("subject", "purpose", "code"),
    [
        ("list-of-names", PURPOSE, "out-of-scope"),
        ("joint-strike", PURPOSE, "out-of-scope"),
        (PASSAGE, "recognition", "purpose-missing"),
    ],
)
def test_what_the_agreement_does_not_list_is_refused_and_logged(world, subject, purpose, code):
    before = world.count(world.evac, "ledger")
    made = issue_passes(world.evac, [], subject=subject, purpose=purpose)
    assert isinstance(made, Refusal)
    assert made.code == code
    assert world.count(world.evac, "ledger") == before + 1
    with world.evac.store.reading() as tx:
        [(_, act, refusal)] = refused_acts(tx)
        assert tx.ledger.entry(before).kind == "own:refused"
    assert act == f"passage: {subject}"
    assert refusal.code == code


def test_nothing_is_issued_without_an_agreement(apart):
    apart.enlist()
    assert issue_passes(apart.evac, [], subject=PASSAGE, purpose=PURPOSE).code == "no-agreement"
    assert apart.count(apart.evac, "passes") == 0


def test_nothing_is_issued_after_the_deadline(world):
    groups = world.enlist()
    world.move(world.scenario.deadline + 60)
    assert world.issue(groups).code == "agreement-closed"
