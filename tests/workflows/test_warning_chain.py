"""A report becomes a release, crosses, is acknowledged, acted upon and answered; what was withheld is nowhere there."""

import json

import pytest

from safeconduct.errors import BadInput, Refusal
from safeconduct.storage.database import search_everywhere
from safeconduct.workflows.answer_release import answer_release
from safeconduct.workflows.common import refused_acts
from safeconduct.workflows.enter_report import enter_report
from safeconduct.workflows.release_warning import release_warning, withheld_texts
from safeconduct.workflows.show_release import show_release
from safeconduct.workflows.show_room import show_room
from workflows.two_nodes import PROTECT


@pytest.fixture
def warned(world):
    """A world with a report entered, and a release of it at the partner."""
    report = json.loads(world.scenario.report)
    world.entered = report["entered_at"]
    world.move(world.entered + 600)
    world.report = enter_report(world.evac, world.scenario.report)
    sent = release_warning(world.evac, world.report, world.scenario.policy, purpose=PROTECT)
    assert not isinstance(sent, Refusal), sent
    world.sent, world.release = sent, sent.release_id
    assert [(k, a.status) for k, a in world.settle()] == [("release", "taken")]
    return world


def say(world, **fields):
    given = {"release_id": world.release, "at": world.cordon.clock.now(), **fields}
    return answer_release(world.cordon, json.dumps(given).encode())


def acknowledge(world, stage):
    return say(world, type="acknowledgement", stage=stage, reason=None, by="cordon", signed=True, corrects=False)


def act(world):
    return say(world, type="action", action="search", point=world.outer[0], text="searched along the road", by="cordon")


def outcome(world, result="nothing"):
    return say(
        world, type="outcome", result=result, assessor="cordon", assessor_kind="partner", confidence="thought",
        number=None, hedge=None, text="nothing was found", evidence=None,
    )  # fmt: skip


@pytest.mark.seed("S-03", "S-04", "S-05", "S-06", "S-07", "S-08")
def test_a_warning_crosses_is_acknowledged_acted_upon_and_its_outcome_comes_back(warned):
    for answer in (acknowledge(warned, "received"), acknowledge(warned, "accepted"), act(warned), outcome(warned)):
        assert isinstance(answer, int), answer
    kinds = [(k, a.status) for k, a in warned.settle()]
    assert kinds == [(k, "taken") for k in ("acknowledgement", "acknowledgement", "action", "outcome")]
    [ours] = show_room(warned.evac).warnings
    assert (ours.state, ours.direction) == ("closed", "sent")
    assert ours.acknowledged_at
    assert "search" in ours.action
    assert ours.outcome_confidence == "thought"
    view = show_release(warned.evac, warned.release)
    assert len(view.answers) == 4
    with warned.evac.store.reading() as tx:
        assert [r.kind for r in tx.alerts.answers()] == ["acknowledgement", "acknowledgement", "action", "outcome"]
        for row in tx.alerts.answers():
            assert tx.ledger.entry(row.ledger_index).kind == f"in:{row.kind}"


def test_no_withheld_value_is_in_any_byte_of_the_partners_files(warned):
    acknowledge(warned, "received")
    warned.settle()
    texts = withheld_texts(warned.evac, warned.release)
    assert "Exercise source MARIGOLD" in texts
    folder = warned.cordon_config.data_dir
    files = [*folder.glob("node.db*"), *folder.glob("head.db*")]
    assert "node.db-wal" in {f.name for f in files}  # the newest rows are there
    raw = b"\x00".join(f.read_bytes() for f in files).lower()
    assert warned.release.encode() in raw  # what did cross is found by the same search
    assert [t for t in texts if t.lower().encode() in raw] == []
    warned.close()  # all is in the main file now
    raw = (folder / "node.db").read_bytes().lower()
    assert [t for t in texts if t.lower().encode() in raw] == []
    assert not any(search_everywhere(folder / "node.db", texts).values())
    warned.open()


def test_the_owner_cannot_read_the_report_in_its_own_file_either(warned):
    folder = warned.evac_config.data_dir
    raw = b"".join(f.read_bytes() for f in folder.glob("node.db*"))
    assert b"MARIGOLD" not in raw


def test_the_same_answer_again_keeps_its_place(warned):
    first = acknowledge(warned, "received")
    size = warned.count(warned.cordon, "ledger")
    assert acknowledge(warned, "received") == first
    assert warned.count(warned.cordon, "ledger") == size


@pytest.mark.parametrize("answer", [acknowledge, lambda w, _: act(w), lambda w, _: outcome(w)])
def test_an_answer_to_an_unknown_release_is_refused_and_logged(warned, answer):
    warned.release = "00000000-0000-4000-8000-000000000000"
    made = answer(warned, "received")
    assert made.code == "unknown-release"
    with warned.cordon.store.reading() as tx:
        assert refused_acts(tx)[-1][2].code == "unknown-release"


def test_another_report_under_a_known_id_is_refused(warned):
    other = json.loads(warned.scenario.report) | {"details": "something else"}
    with pytest.raises(BadInput) as caught:
        enter_report(warned.evac, json.dumps(other).encode())
    assert caught.value.code == "duplicate-id"
    assert enter_report(warned.evac, warned.scenario.report) == warned.report


def test_the_same_report_under_the_same_policy_again_sends_nothing_new(warned):
    """As `release_warning` promises: a retry returns what was sent."""
    again = release_warning(warned.evac, warned.report, warned.scenario.policy, purpose=PROTECT)
    assert not isinstance(again, Refusal), again
    assert again.release_id == warned.release
    assert warned.settle() == []


def test_a_release_without_a_common_purpose_is_refused_and_nothing_crosses(warned):
    for purpose in (None, "recognition"):
        made = release_warning(warned.evac, warned.report, warned.scenario.policy, purpose=purpose)
        assert made.code == "purpose-missing"
    assert warned.settle() == []
