"""A release that crossed, as a file for other people's software: the same on both nodes, and nothing of the report."""

import json

import pytest

from safeconduct.alerts.answer import Acknowledgement, to_json
from safeconduct.errors import Refusal, SafeconductError
from safeconduct.exchange.cap_import import read_alert
from safeconduct.exchange.release_forms import in_form
from safeconduct.exchange.stix_import import drafts_of_stix
from safeconduct.workflows.answer_release import answer_release
from safeconduct.workflows.enter_report import enter_report
from safeconduct.workflows.export_release import crossed_release
from safeconduct.workflows.release_warning import release_warning, withheld_texts
from safeconduct.workflows.withdraw_release import withdraw_release
from workflows.two_nodes import PROTECT


@pytest.fixture
def warned(world):
    """A world with a release at the partner, which has acknowledged it."""
    world.move(json.loads(world.scenario.report)["entered_at"] + 600)
    report = enter_report(world.evac, world.scenario.report)
    sent = release_warning(world.evac, report, world.scenario.policy, purpose=PROTECT)
    assert not isinstance(sent, Refusal), sent
    world.release = sent.release_id
    world.settle()
    return world


def cap(node, release, form="cap"):
    return in_form(crossed_release(node, release), form, exercise=True)


@pytest.mark.seed("S-04")
def test_both_nodes_write_the_same_files_and_nothing_withheld_is_in_them(warned):
    texts = [text.lower() for text in withheld_texts(warned.evac, warned.release)]
    for form in ("cap", "stix"):
        ours, theirs = (cap(node, warned.release, form) for node in (warned.evac, warned.cordon))
        assert ours == theirs
        assert [text for text in texts if text in ours.decode().lower()] == []
    alert = read_alert(cap(warned.cordon, warned.release))
    assert (alert.msg_type, alert.addresses, alert.sender.partition("@")[0]) == ("Alert", "cordon", "evac")
    [draft] = drafts_of_stix(cap(warned.cordon, warned.release, "stix"))
    assert draft.fields["advised_action"]


@pytest.mark.seed("S-03")
def test_signed_answer_is_an_ack_of_the_alert_on_both_nodes(warned):
    with pytest.raises(SafeconductError) as caught:
        cap(warned.evac, warned.release, "cap-answer")
    assert caught.value.code == "no-answer"
    now = warned.cordon.clock.now()
    word = Acknowledgement(warned.release, "understood", None, "cordon", now, signed=True, corrects=False)
    assert isinstance(answer_release(warned.cordon, to_json(word)), int)
    warned.settle()
    for node in (warned.evac, warned.cordon):
        ack = read_alert(cap(node, warned.release, "cap-answer"))
        alert = read_alert(cap(node, warned.release))
        assert ack.references == (f"{alert.sender},{alert.identifier},{alert.sent}",)
        assert (ack.msg_type, ack.addresses) == ("Ack", "evac") and "not an approval" in ack.note


def test_withdrawal_cancels_the_alert_and_has_no_answer_yet(warned):
    made = withdraw_release(warned.evac, warned.release, reason="it was another day")
    assert not isinstance(made, Refusal), made
    warned.settle()
    for node in (warned.evac, warned.cordon):
        alert = read_alert(cap(node, warned.release))
        assert (alert.msg_type, len(alert.references)) == ("Cancel", 1)
        assert json.loads(cap(node, warned.release, "stix"))["objects"][4]["revoked"] is True
        with pytest.raises(SafeconductError):
            cap(node, warned.release, "cap-answer")


def test_unknown_release_is_said(world):
    with pytest.raises(SafeconductError) as caught:
        crossed_release(world.evac, "none")
    assert caught.value.code == "unknown-release"
