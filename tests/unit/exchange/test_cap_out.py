"""Releases, answers and gate advice as CAP: no more than they say. (The schema is asked in `tests/interop`.)"""

from dataclasses import replace
from xml.etree import ElementTree as ET

import pytest

from interop.samples import AT, release
from safeconduct.alerts.answer import Acknowledgement
from safeconduct.alerts.quadtree import bounds
from safeconduct.alerts.release import withdraw
from safeconduct.alerts.words import ADVICE
from safeconduct.errors import BadInput
from safeconduct.exchange.cap import encode
from safeconduct.exchange.cap_atom import feed
from safeconduct.exchange.cap_import import points, read_alert
from safeconduct.exchange.cap_out import RESPONSE, answer_to_cap, gate_to_cap, release_to_cap
from safeconduct.workflows.cap_feed import GateAdvice

FIRST = release()
SECOND = replace(FIRST, version=2, issued=FIRST.issued + 3600)
WORD = Acknowledgement(FIRST.id, "accepted", None, "cordon", AT, signed=True, corrects=False)
GATE = GateAdvice("corridor-a", "evac", "gate-1", "Gate one", "hold", 1, 1629878400, 1630051200)
OPEN = replace(GATE, state="open", number=2)


def told(one=FIRST, **options):
    return release_to_cap(one, sender="evac", exercise=False, **options)


def test_alert_names_the_partner_the_window_and_the_cell_and_nothing_else():
    alert = told()
    [info] = alert.infos
    assert (alert.scope, alert.addresses, alert.codes) == ("Private", "cordon", ("TLP:AMBER+STRICT",))
    assert (info.onset, info.expires) == ("2021-08-26T13:00:00+00:00", "2021-08-26T19:00:00+00:00")
    assert (info.severity, info.certainty, info.urgency) == ("Unknown", "Likely", "Future")
    ring = points(info.areas[0].polygons[0])
    south, west, north, east = (edge / 1e6 for edge in bounds(FIRST.area))
    assert {lat for lat, _ in ring} == {south, north} and {lon for _, lon in ring} == {west, east}
    text = encode(alert).decode()
    for secret in ("Heron", "Käfer", "34.258012", "69.210455", "bomb", "searched roughly"):
        assert secret not in text


def test_urgency_is_the_lead_time():
    leads = {0: "Immediate", 900: "Expected", 3600: "Expected", 4500: "Future"}
    for lead, word in leads.items():
        assert told(replace(FIRST, lead_seconds=lead)).infos[0].urgency == word


def test_certainty_is_the_band_and_never_observed():
    bands = {
        1: "Unlikely",
        2: "Possible",
        3: "Possible",
        4: "Possible",
        5: "Likely",
        6: "Likely",
        7: "Likely",
        None: "Unknown",
    }
    assert {band: told(replace(FIRST, likelihood=band)).infos[0].certainty for band in bands} == bands


def test_every_advice_has_a_response():
    assert set(RESPONSE) == set(ADVICE)


def test_correction_updates_and_withdrawal_cancels_all_that_came_before():
    update = told(SECOND, earlier=[FIRST])
    assert (update.msg_type, update.references) == ("Update", ("evac@corridor-a,w-5f3a.1,2021-08-25T08:00:00+00:00",))
    gone = withdraw(SECOND, now=FIRST.issued + 7200, slot_seconds=3600)
    cancel = told(gone, earlier=[FIRST, SECOND])
    assert (cancel.msg_type, len(cancel.references)) == ("Cancel", 2)


def test_withdrawal_never_says_all_clear():
    gone = withdraw(FIRST, now=FIRST.issued, slot_seconds=3600)
    alert = told(gone, earlier=[FIRST])
    text = encode(alert).decode()
    assert "AllClear" not in text and "says nothing of whether there is danger" in text
    assert (alert.infos[0].response_types, alert.infos[0].instruction) == (("None",), "")


@pytest.mark.parametrize(
    ("one", "earlier"),
    [(SECOND, []), (FIRST, [SECOND]), (SECOND, [replace(FIRST, id="other")]), (SECOND, [SECOND])],
)
def test_versions_that_do_not_precede_are_refused(one, earlier):
    with pytest.raises(BadInput) as caught:
        told(one, earlier=earlier)
    assert (caught.value.code, caught.value.where) == ("bad-cap", "earlier")


@pytest.mark.seed("S-03")
def test_answer_refers_to_the_alert_and_approves_nothing():
    ack = answer_to_cap(WORD, FIRST, owner="evac", exercise=False)
    assert (ack.msg_type, ack.addresses, ack.infos) == ("Ack", "evac", ())
    assert ack.references == ("evac@corridor-a,w-5f3a.1,2021-08-25T08:00:00+00:00",)
    assert "not an approval" in ack.note and ack.sent == "2021-08-25T08:00:00+00:00"
    declined = replace(WORD, stage="declined", reason="not our road")
    error = answer_to_cap(declined, FIRST, owner="evac", exercise=True)
    assert (error.msg_type, error.status) == ("Error", "Exercise") and "not our road" in error.note


def test_answer_to_another_release_is_refused():
    with pytest.raises(BadInput) as caught:
        answer_to_cap(replace(WORD, release_id="other"), FIRST, owner="evac", exercise=False)
    assert caught.value.where == "answer.release_id"


def test_gate_on_hold_is_public_and_says_what_to_do_without_a_reason():
    alert = gate_to_cap(GATE, exercise=False)
    assert (alert.scope, alert.msg_type, alert.infos[0].headline) == ("Public", "Alert", "On hold: Gate one")
    opened = gate_to_cap(OPEN, exercise=False, earlier=[GATE])
    assert (opened.msg_type, opened.infos[0].urgency) == ("Cancel", "Past")
    assert opened.references == ("evac@corridor-a,corridor-a.gate-1.1,2021-08-25T08:00:00+00:00",)


@pytest.mark.parametrize(("one", "earlier"), [(OPEN, []), (GATE, [OPEN]), (OPEN, [replace(GATE, point="gate-2")])])
def test_gate_advice_out_of_its_order_is_refused(one, earlier):
    with pytest.raises(BadInput) as caught:
        gate_to_cap(one, exercise=False, earlier=earlier)
    assert caught.value.where == "earlier"


def test_feed_names_each_alert_and_marks_an_exercise():
    atom = "{http://www.w3.org/2005/Atom}"
    odd = replace(GATE, name='Gate <"one"> & two', state="closed")
    root = ET.fromstring(feed([odd], party="evac", name="Evacuating party", exercise=True))
    assert root.findtext(f"{atom}title") == "EXERCISE: Control points, Evacuating party"
    [entry] = root.findall(f"{atom}entry")
    assert entry.findtext(f"{atom}title") == 'Closed: Gate <"one"> & two'
    assert entry.find(f"{atom}link").get("href") == "/cap/corridor-a.gate-1.1.cap"
    empty = ET.fromstring(feed([], party="evac", name="Evacuating party", exercise=False))
    assert not empty.findall(f"{atom}entry") and empty.findtext(f"{atom}updated") == "1970-01-01T00:00:00Z"


def test_text_with_markup_is_escaped_by_the_writer():
    alert = gate_to_cap(replace(GATE, name="<script>&"), exercise=False)
    assert b"<script>" not in encode(alert) and read_alert(encode(alert)) == alert
