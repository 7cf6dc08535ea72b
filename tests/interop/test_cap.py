"""Every CAP message that we emit, before the published schema by two libraries; and the samples, read or refused."""

from dataclasses import replace

import pytest

from interop.samples import AT, release, releases
from safeconduct.alerts.answer import Acknowledgement
from safeconduct.alerts.release import withdraw
from safeconduct.alerts.words import ADVICE, THREATENED
from safeconduct.errors import BadInput
from safeconduct.exchange.cap import encode
from safeconduct.exchange.cap_drafts import drafts_of_cap
from safeconduct.exchange.cap_import import read_alert
from safeconduct.exchange.cap_out import answer_to_cap, gate_to_cap, release_to_cap
from safeconduct.workflows.cap_feed import GateAdvice

GATE = GateAdvice("corridor-a", "evac", "gate-1", 'Gate "One" & <west>', "hold", 1, 1629878400, 1630051200)


def messages():
    first = release()
    second = replace(first, version=2, issued=first.issued + 3600)
    gone = withdraw(second, now=first.issued + 7200, slot_seconds=3600)
    word = Acknowledgement(first.id, "accepted", None, "cordon", AT, signed=True, corrects=False)
    closed = replace(GATE, state="closed", number=2)
    made = {
        **{f"alert: {name}": release_to_cap(one, sender="evac", exercise=True)
           for name, one in releases().items() if one.version == 1},
        **{f"advice: {name}": release_to_cap(replace(first, advised_action=name), sender="evac", exercise=False)
           for name in ADVICE},
        **{f"class: {name}": release_to_cap(replace(first, threatened_class=name), sender="evac", exercise=False)
           for name in THREATENED},
        **{f"band: {band}": release_to_cap(replace(first, likelihood=band), sender="evac", exercise=False)
           for band in range(1, 8)},
        "update": release_to_cap(second, sender="evac", exercise=True, earlier=[first]),
        "cancel": release_to_cap(gone, sender="evac", exercise=True, earlier=[first, second]),
        "ack": answer_to_cap(word, first, owner="evac", exercise=True),
        "error": answer_to_cap(replace(word, stage="declined", reason="not <our> road"), first, owner="evac",
                               exercise=False),
        "gate on hold": gate_to_cap(GATE, exercise=False),
        "gate closed": gate_to_cap(closed, exercise=False, earlier=[GATE]),
        "gate open": gate_to_cap(replace(GATE, state="open", number=3), exercise=True, earlier=[GATE, closed]),
    }  # fmt: skip
    return {name: encode(one).decode() for name, one in made.items()}


def test_every_message_is_valid_by_the_published_schema_and_reads_back(stranger, vectors):
    made = messages()
    schema = str(vectors / "cap" / "schema" / "cap12.xsd")
    found = stranger("check_xsd", {"schema": schema, "documents": made})
    assert found == dict.fromkeys(made, "")
    kinds = {read_alert(text.encode()).msg_type for text in made.values()}
    assert kinds == {"Alert", "Update", "Cancel", "Ack", "Error"}
    for text in made.values():
        assert encode(read_alert(text.encode())).decode() == text


def test_schema_refuses_what_we_refuse(stranger, vectors):
    text = messages()["update"]
    broken = {
        "order": text.replace("<scope>Private</scope>", "").replace(
            "</references>", "</references><scope>Private</scope>"
        ),
        "time": text.replace("+00:00</sent>", "Z</sent>"),
        "word": text.replace("<severity>Unknown", "<severity>Bad"),
        "unknown": text.replace("<info>", "<note2>x</note2><info>"),
        "missing": text.replace("<event>Warning</event>", ""),
    }
    schema = str(vectors / "cap" / "schema" / "cap12.xsd")
    found = stranger("check_xsd", {"schema": schema, "documents": broken})
    for name, one in broken.items():
        assert found[name], name
        with pytest.raises(BadInput) as caught:
            read_alert(one.encode())
        assert caught.value.code == "bad-cap", name


@pytest.mark.parametrize(
    ("name", "where", "seen"),
    [
        ("invalid", "alert.scope", "'<info>'"),
        ("earthquake", "alert", "'CAP 1.1'"),
        ("weather", "alert", "'CAP 1.1'"),
        ("no_optional_fields", "alert", "'CAP 1.1'"),
    ],
)
def test_sample_is_refused_by_place_and_with_what_was_seen(vectors, name, where, seen):
    with pytest.raises(BadInput) as caught:
        read_alert((vectors / "cap" / "testdata" / f"{name}.cap").read_bytes())
    assert (caught.value.code, caught.value.where, caught.value.seen) == ("bad-cap", where, seen)


def test_sample_of_a_fire_is_a_draft_with_its_circle_and_its_times(vectors):
    [draft] = drafts_of_cap((vectors / "cap" / "testdata" / "australia.cap").read_bytes())
    assert (draft.producer, draft.standing) == ("NSW Rural Fire Service", "new")
    assert draft.fields["what"] == "Yerong Creek Structure Fire"
    assert (draft.fields["lat"], draft.fields["lon"], draft.fields["precision_m"]) == (
        "-35.388800",
        "147.059800",
        "25000",
    )
    assert (draft.fields["window_from"], draft.fields["window_to"]) == ("2011-10-05T13:04:00Z", "2011-10-06T13:04:00Z")


def test_sample_in_two_languages_is_one_draft_that_says_so(vectors):
    [draft] = drafts_of_cap((vectors / "cap" / "testdata" / "canada.cap").read_bytes())
    assert (draft.standing, len(draft.refers)) == ("update", 2)
    assert draft.fields["what"] == "severe thunderstorm watch"
    assert "also told in fr-CA, not taken here" in draft.remarks
