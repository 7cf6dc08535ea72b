"""Refusal as an oracle: of what was refused the partner gets no byte, no gap and no count."""

import json

import cbor2
import pytest

from safeconduct.errors import Refusal
from safeconduct.workflows.enter_report import enter_report
from safeconduct.workflows.release_warning import release_warning
from workflows.two_nodes import PROTECT


def entered(world, number, **changes):
    plain = {**json.loads(world.scenario.report), "id": f"report-{number}", **changes}
    return enter_report(world.evac, json.dumps(plain).encode())


def refused(world, number, **changes):
    answer = release_warning(world.evac, entered(world, number, **changes), world.scenario.policy, purpose=PROTECT)
    assert isinstance(answer, Refusal), answer
    return answer.code


REFUSED = [
    ({"harm_answer": None}, "harm-not-considered"),
    ({"threatened_class": "the man in the red coat"}, "names-a-person"),
    ({"precision_m": 90_000}, "too-vague-to-help"),
    ({"embargo_until": 1_700_000_000}, "embargoed"),
    ({"lat": 1_000_000, "lon": 1_000_000}, "lone-target"),
    ({"window_from": 1_629_957_060, "window_to": 1_629_960_000}, "too-late-to-help"),
]


def everything(world):
    """Every byte that the partner holds."""
    with world.cordon.store.reading() as tx:
        size = tx.ledger.size()
    folder = world.cordon_config.data_dir
    return size, b"".join(
        file.read_bytes() for file in sorted(folder.glob("node.db*")) if not file.name.endswith("-shm")
    )


@pytest.mark.parametrize(("changes", "code"), REFUSED, ids=[code for _, code in REFUSED])
def test_a_refused_release_puts_nothing_on_its_way(warned, changes, code):
    world = warned.world
    before = everything(world)
    assert refused(world, 1, **changes) == code
    with world.evac.store.reading() as tx:
        assert list(tx.outbox.due(500)) == []
    assert world.deliver(world.evac, world.cordon) == []
    assert everything(world) == before


def test_what_follows_a_refusal_is_numbered_as_if_it_had_not_been(warned):
    """The same release after no refusal and after three: the same length and fields, but for what is random."""
    world, found = warned.world, []
    for times in (0, 3):
        for number in range(times):
            refused(world, f"no-{number}", harm_answer=None)
        sent = release_warning(
            world.evac, entered(world, f"yes-{times}", likelihood=4), world.scenario.policy, purpose=PROTECT
        )  # fmt: skip
        assert not isinstance(sent, Refusal), sent
        with world.evac.store.reading() as tx:
            wires = [row.wire for row in tx.outbox.due(500)]
        world.settle()
        found.append([(len(wire), without_random(wire)) for wire in wires])
    assert found[0] == found[1] and len(found[0]) == 1


def without_random(wire):
    inner = cbor2.loads(cbor2.loads(wire)["e"])
    assert set(inner) == {"agreement", "at", "body", "from", "id", "kind", "to", "v"}, "no number that counts anything"
    report = next(one for one in json.loads(inner["body"])["objects"] if one["type"] == "report")
    [fields] = report["extensions"].values()
    return {k: v for k, v in fields.items() if k not in {"release_id", "commitment", "policy_digest"}}


def test_a_refusal_makes_the_tree_grow_as_any_other_entry_of_its_own_does(warned):
    """A witness sees sizes. One entry more may be a report, a refusal or a note: their leaves are hashes under a nonce."""
    world = warned.world

    def grown(act):
        with world.evac.store.reading() as tx:
            before = tx.ledger.size()
        act()
        with world.evac.store.reading() as tx:
            return [tx.ledger.entry(index).kind for index in range(before, tx.ledger.size())]

    report = entered(world, 7, harm_answer=None)
    entry = grown(lambda: entered(world, 8))
    refusal = grown(lambda: release_warning(world.evac, report, world.scenario.policy, purpose=PROTECT))
    assert len(entry) == len(refusal) == 1
    assert all(kind.startswith("own:") for kind in entry + refusal)
