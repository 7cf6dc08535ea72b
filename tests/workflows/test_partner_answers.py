"""The partner's own answers: bound to the copy that came, one version at a time, bounded, and shown as they were said."""

import json
from hashlib import sha256

import pytest

from safeconduct.alerts import release as releases
from safeconduct.alerts.answer import Acknowledgement, Action, Outcome, from_json, to_json
from safeconduct.alerts.stix import StixIds, encode_stix, to_stix
from safeconduct.errors import BadInput, SafeconductError
from safeconduct.storage.database import search_everywhere
from safeconduct.workflows.answer_release import answer_release
from safeconduct.workflows.assign_release import assign_release
from safeconduct.workflows.common import refused_acts
from safeconduct.workflows.envelopes import send
from safeconduct.workflows.show_inbox import inbox_line, show_inbox
from safeconduct.workflows.show_release import show_release
from workflows.warned_world import HOUR, acknowledge, copy_at, outcome, warn


@pytest.fixture
def warned(world):
    warn(world)
    return world


def send_version(world, made):
    """Send another version of the release, as its owner does."""
    ids = StixIds(*(world.evac.random.id() for _ in range(3)))
    with world.evac.store.transaction() as tx:
        send(world.evac, tx, to="cordon", kind="release", agreement="kabul-2021", body=encode_stix(to_stix(made, ids)))
    return [(kind, taken.status, taken.code) for kind, taken in world.settle()]


def only(world):
    return show_inbox(world.cordon).items[0]


# -- the copy -----------------------------------------------------------------------------------------------------


@pytest.mark.seed("S-03")
def test_an_acknowledgement_carries_the_recipients_signature_under_exactly_the_envelope_that_came(warned):
    assert isinstance(acknowledge(warned, "received"), int)
    assert [(k, t.status) for k, t in warned.settle()] == [("acknowledgement", "taken")]
    with warned.cordon.store.reading() as tx:
        came = next(entry for entry in tx.ledger.find("in:release"))
    with warned.evac.store.reading() as tx:
        went = next(entry for entry in tx.ledger.find("out:release"))
        said = from_json(tx.alerts.answers(warned.release)[0].body)
    assert said.version == 1
    assert said.wire == sha256(came.envelope).hexdigest() == sha256(went.envelope).hexdigest()


def test_an_acknowledgement_of_another_copy_is_refused_by_the_owner(warned):
    """An issuer that swapped the text later would hold no signature under it; nor can a recipient claim another text."""
    answer = Acknowledgement(
        warned.release, "accepted", None, "cordon", warned.cordon.clock.now(), signed=True, corrects=False, version=1,
        wire="00" * 32,
    )  # fmt: skip
    assert answer_release(warned.cordon, to_json(answer)).code == "another-copy"
    with warned.cordon.store.transaction() as tx:
        send(warned.cordon, tx, to="evac", kind="acknowledgement", agreement="kabul-2021", body=to_json(answer))
    assert [taken.code for _, taken in warned.settle()] == ["another-copy"]
    assert show_release(warned.evac, warned.release).answers == ()


def test_the_same_acknowledgement_again_keeps_its_place_though_it_was_posted_without_a_copy(warned):
    assert acknowledge(warned, "received") == acknowledge(warned, "received")


def test_an_acknowledgement_of_an_older_node_is_taken_as_of_the_first_version(warned):
    answer = Acknowledgement(warned.release, "received", None, "cordon", warned.cordon.clock.now(), True, False)
    plain = {
        k: v for k, v in json.loads(to_json(answer)).items() if k not in ("version", "wire", "channel", "taken_by")
    }
    with warned.cordon.store.transaction() as tx:
        body = json.dumps(plain, sort_keys=True, separators=(",", ":")).encode()
        send(warned.cordon, tx, to="evac", kind="acknowledgement", agreement="kabul-2021", body=body)
    assert [taken.status for _, taken in warned.settle()] == ["taken"]


# -- versions -----------------------------------------------------------------------------------------------------


def test_a_withdrawal_stands_on_top_of_the_inbox_until_it_is_acknowledged_itself(warned):
    acknowledge(warned, "accepted")
    warned.settle()
    assert only(warned).need == ""
    gone = releases.withdraw(warned.made, now=warned.evac.clock.now(), slot_seconds=3_600)
    assert send_version(warned, gone) == [("release", "taken", "")]
    assert (only(warned).need, only(warned).stage) == ("withdrawal", "")
    assert only(warned).earlier[0].version == 1
    assert isinstance(acknowledge(warned, "understood"), int)
    assert only(warned).need == ""
    assert copy_at(warned.cordon, warned.release).release.revoked


def test_an_answer_to_the_first_version_is_no_answer_to_a_correction(warned):
    acknowledge(warned, "accepted")
    corrected = releases.from_json(
        json.dumps({**json.loads(releases.to_json(warned.made)), "version": 2, "likelihood": 6}).encode()
    )
    assert send_version(warned, corrected) == [("release", "taken", ""), ("acknowledgement", "taken", "")]
    assert only(warned).need == "correction"
    late = acknowledge(warned, "declined", reason="no guards there", version=1)
    assert late.code == "already-answered"
    assert isinstance(acknowledge(warned, "accepted"), int)
    assert only(warned).need == ""


def test_an_answer_to_a_version_that_never_came_is_refused(warned):
    assert acknowledge(warned, "received", version=7).code == "unknown-release"


# -- the inbox ----------------------------------------------------------------------------------------------------


def test_the_inbox_says_what_each_warning_needs_the_most_pressing_first(warned):
    first = warned.release
    assert only(warned).need == "answer"
    acknowledge(warned, "received")
    assert only(warned).need == "decision"
    warn(warned, id="rep-2", threatened_class="travellers", advised_action="other-way")
    assert [item.need for item in show_inbox(warned.cordon).items] == ["answer", "decision"]
    warned.release = first
    acknowledge(warned, "accepted")
    warned.move(warned.made.window_to + HOUR)
    needs = {item.sheet.id: item.need for item in show_inbox(warned.cordon).items}
    assert needs[first] == "outcome"
    outcome(warned)
    assert {item.need for item in show_inbox(warned.cordon).items} <= {"", "answer"}
    warned.move(warned.made.expires + HOUR)
    assert [item.need for item in show_inbox(warned.cordon).items] == ["", ""]
    assert all(inbox_line(item) for item in show_inbox(warned.cordon).items)


def test_the_inbox_counts_down_in_words(warned):
    left = []
    window_from, window_to = warned.made.window_from, warned.made.window_to
    for at in (window_from - 72 * HOUR, window_from - 200 * 60, window_from - 30, window_from, window_to):
        warned.move(at)
        left.append(only(warned).sheet.left)
    assert left[1:4] == [
        "begins in 3 h 20 min",
        "begins in 1 min",
        f"on now, {(window_to - window_from) // HOUR} h 00 min left",
    ]
    assert left[4].startswith("over since")


def test_the_owner_has_no_inbox_of_what_it_sent_and_an_unknown_warning_is_named(warned):
    assert show_inbox(warned.evac).items == ()
    for node in (warned.evac, warned.cordon):
        with pytest.raises(SafeconductError) as caught:
            show_inbox(node, "w-none" if node is warned.cordon else warned.release)
        assert caught.value.code == "unknown-release"


def test_a_decline_without_a_reason_is_bad_input_and_records_nothing(warned):
    with pytest.raises(BadInput) as caught:
        acknowledge(warned, "declined")
    assert caught.value.where == "answer.reason"
    assert only(warned).answers == ()


# -- to a control point -------------------------------------------------------------------------------------------


@pytest.mark.seed("S-07")
def test_a_warning_is_given_to_a_point_that_the_partner_holds_and_to_no_other(warned):
    assert isinstance(assign_release(warned.cordon, warned.release, warned.outer[0], "tell the night shift"), int)
    assert assign_release(warned.cordon, warned.release, warned.gates[0]).code == "not-holder"
    assert assign_release(warned.cordon, warned.release, "nowhere").code == "unknown-point"
    assert [(k, t.status) for k, t in warned.settle()] == [("action", "taken")]
    assert len(only(warned).points) == 1
    assert any("gave it to" in line for _, _, line in show_release(warned.evac, warned.release).answers)


def test_a_partner_that_gives_a_warning_to_our_gate_is_refused(warned):
    answer = Action(warned.release, "assigned", "cordon", warned.cordon.clock.now(), warned.gates[0], "")
    with warned.cordon.store.transaction() as tx:
        send(warned.cordon, tx, to="evac", kind="action", agreement="kabul-2021", body=to_json(answer))
    assert [taken.code for _, taken in warned.settle()] == ["not-holder"]


def test_the_owners_own_gate_is_told_to_nobody(warned):
    assert isinstance(assign_release(warned.evac, warned.release, warned.gates[0]), int)
    assert warned.settle() == []
    held = search_everywhere(warned.cordon_config.data_dir / "node.db", ['"assigned"'])
    assert held == {'"assigned"': 0}


# -- outcomes -----------------------------------------------------------------------------------------------------


@pytest.mark.seed("S-08")
def test_harm_crosses_as_it_was_given_and_its_words_stand_on_no_list(warned):
    acknowledge(warned, "accepted")
    outcome(warned, result="searched", harm="a bystander was struck", text="searched both sides of the road")
    warned.settle()
    lines = [line for _, _, line in show_release(warned.evac, warned.release).answers]
    assert any("harm was reported" in line for line in lines)
    assert not any("bystander" in line or "both sides" in line for line in lines)
    [(_, who, words)] = show_release(warned.evac, warned.release).words
    assert (who, words) == ("Cordon party", "searched both sides of the road; harm: a bystander was struck")
    with warned.evac.store.reading() as tx:
        said = [from_json(row.body) for row in tx.alerts.answers(warned.release)]
    assert [one.harm for one in said if isinstance(one, Outcome)] == ["a bystander was struck"]


@pytest.mark.seed("S-08")
def test_what_was_thought_is_never_confirmed_without_evidence(warned):
    assert isinstance(outcome(warned, confidence="thought"), int)
    warned.move(warned.cordon.clock.now() + 60)
    assert outcome(warned, confidence="confirmed").code == "upgraded-silently"
    assert isinstance(outcome(warned, confidence="confirmed", evidence="two devices are kept"), int)


def test_a_flood_of_outcomes_is_bounded_and_logged_once(warned):
    codes = []
    for number in range(40):
        warned.move(warned.cordon.clock.now() + 1)
        made = outcome(warned, text=f"line {number}")
        codes.append("" if isinstance(made, int) else made.code)
    assert codes == [""] * 20 + ["too-many-answers"] * 20
    with warned.cordon.store.reading() as tx:
        assert [refusal.code for _, _, refusal in refused_acts(tx)] == ["too-many-answers"]
    warned.move(warned.cordon.clock.now() + HOUR)
    assert isinstance(outcome(warned, text="an hour later"), int)


def test_a_partner_that_floods_past_its_own_node_is_bounded_by_ours(warned):
    with warned.cordon.store.transaction() as tx:
        for number in range(30):
            answer = Outcome(
                warned.release, "nothing", "cordon", "partner", "thought", None, None, f"line {number}",
                warned.cordon.clock.now(), None,
            )  # fmt: skip
            send(warned.cordon, tx, to="evac", kind="outcome", agreement="kabul-2021", body=to_json(answer))
    taken = [t.code for _, t in warned.settle()]
    assert (taken.count(""), taken.count("too-many-answers")) == (20, 10)
    with warned.evac.store.reading() as tx:
        assert len(tx.alerts.answers(warned.release)) == 20
