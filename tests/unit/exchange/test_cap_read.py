"""Reading CAP 1.2: what is wrong is refused by place, and nothing that a stranger sends does harm."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from safeconduct.errors import BadInput, SafeconductError
from safeconduct.exchange.cap import NAMESPACE, Alert, Area, Info, Resource, encode
from safeconduct.exchange.cap_drafts import drafts_of_cap
from safeconduct.exchange.cap_import import circle_of, points, read_alert, seconds
from safeconduct.exchange.safe_xml import LIMIT_BYTES, parse
from safeconduct.workflows.import_report import NEEDED

INFO = Info(
    ("Security",), "Warning", "Expected", "Severe", "Likely", headline="Crowd at risk", description="Near the canal.",
    instruction="Keep apart.", onset="2021-08-26T17:30:00+04:30", expires="2021-08-26T23:00:00+04:30",
    sender_name="Road office", areas=(Area("Canal path", circles=("34.25,69.21 0.5",)),),
)  # fmt: skip
ALERT = Alert("a-1", "office@road", "2021-08-26T12:00:00+00:00", "Actual", "Alert", "Public", infos=(INFO,))
TEXT = encode(ALERT).decode()


def change(old, new):
    assert old in TEXT
    return TEXT.replace(old, new).encode()


@pytest.mark.parametrize(
    ("data", "where", "expected"),
    [
        (change("<identifier>a-1", "<identifier>a 1"), "alert.identifier", "no space, comma"),
        (change("<identifier>a-1</identifier>", ""), "alert.identifier", "<identifier> here"),
        (change("<sent>2021-08-26T12:00:00+00:00", "<sent>2021-08-26T12:00:00Z"), "alert.sent", "a time with its zone"),
        (change("<sent>2021-08-26", "<sent>2021-02-30"), "alert.sent", "a time with its zone"),
        (change("Actual", "Real"), "alert.status", "one of Actual"),
        (change("Public", "Open"), "alert.scope", "one of Public"),
        (change("<msgType>Alert", "<msgType>Update"), "alert.references", "what this Update is about"),
        (change("<category>Security</category>", ""), "alert.info[0].category", "<category> here"),
        (change("34.25,69.21 0.5", "34.25,69.21"), "alert.info[0].area[0].circle[0]", "a position and a radius"),
        (change("34.25,69.21 0.5", "94.25,69.21 1"), "alert.info[0].area[0].circle[0]", "a position and a radius"),
        (change("34.25,69.21 0.5", f"34.25,69.21 {'9' * 400}"), "alert.info[0].area[0].circle[0]", "a position"),
        (change("<areaDesc>Canal path</areaDesc>", "<areaDesc/>"), "alert.info[0].area[0].areaDesc", "a text"),
        (change("<urgency>Expected", "<urgency>Expected<b/>"), "alert.info[0].urgency", "text only"),
        (change("<info>", "<info>stray"), "alert.info[0]", "elements only"),
        (change("<event>Warning</event>", "<event>Warning</event><event>Twice</event>"), "alert.info[0].urgency", "<urg"),
        (change("</info>", "<more>x</more></info>"), "alert.info[0].more", "no such element"),
        (change("</alert>", "<info2/></alert>"), "alert.info2", "no such element"),
        (change("Near the canal.", "x" * 100_001), "alert.info[0].description", "at most 100000"),
        (change(NAMESPACE, "urn:oasis:names:tc:emergency:cap:1.1"), "alert", "an alert of CAP 1.2"),
        (change(NAMESPACE, "http://www.incident.com/cap/1.0"), "alert", "an alert of CAP 1.2"),
        (b"<html/>", "alert", "an alert of CAP 1.2"),
    ],
)  # fmt: skip
def test_wrong_alert_is_refused_by_its_place(data, where, expected):
    with pytest.raises(BadInput) as caught:
        read_alert(data)
    assert caught.value.code == "bad-cap"
    assert caught.value.where.partition(",")[0] == where
    assert expected in caught.value.expected


BOMB = b'<!DOCTYPE alert [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]><alert>&b;</alert>'


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (BOMB, "no document type"),
        (b'<!DOCTYPE alert SYSTEM "file:///etc/passwd"><alert/>', "no document type"),
        (b'<?xml version="1.0"?>\n<!DOCTYPE alert><alert/>', "no document type"),
        (b"<a>" * 20 + b"</a>" * 20, "at most 16 levels"),
        (b"<a>" + b"<b/>" * 50_001 + b"</a>", "at most 16 levels and 50000 elements"),
        (b"<a>" + b" " * LIMIT_BYTES + b"</a>", "at most"),
        (b"", "well-formed XML"),
        (b"<a>", "well-formed XML"),
        (b"<a>&b;</a>", "well-formed XML"),
        (b"\xff\xfe<a/>", "well-formed XML"),
        (b'<?xml version="1.0" encoding="utf-7"?><a/>', "XML in UTF-8"),
        (b'<?xml version="1.0" encoding="no-such"?><a/>', "XML in UTF-8"),
    ],
)
def test_hostile_xml_is_refused_in_one_line(data, expected):
    with pytest.raises(BadInput) as caught:
        parse(data, where="alert")
    assert caught.value.code == "bad-xml" and expected in caught.value.expected
    assert "\n" not in str(caught.value)


def test_prefixes_and_a_signature_change_nothing_of_what_is_read():
    prefixed = TEXT.replace("<", "<c:").replace("<c:/", "</c:").replace("<c:?", "<?").replace("xmlns=", "xmlns:c=")
    assert read_alert(prefixed.encode()) == ALERT
    signed = TEXT.replace("</alert>", '<S xmlns="http://www.w3.org/2000/09/xmldsig#"><x>1</x></S></alert>')
    assert read_alert(signed.encode()) == ALERT


words = st.text(st.characters(codec="utf-8", exclude_categories=["C", "Z"]), min_size=1, max_size=20)
maybe = st.one_of(st.just(""), words)
times = st.datetimes().map(lambda at: at.replace(microsecond=0).isoformat() + "+04:30").filter(lambda t: t >= "0002")
pairs = st.lists(st.tuples(words, maybe), max_size=2).map(tuple)
corner = st.tuples(st.integers(-90, 90), st.integers(-180, 180)).map(
    lambda p: f"{p[0]},{p[1]}.5" if abs(p[1]) < 180 else f"{p[0]},{p[1]}"
)
polygon = st.lists(corner, min_size=3, max_size=5).map(lambda ring: " ".join([*ring, ring[0]]))
circle = st.tuples(corner, st.integers(0, 20_000)).map(lambda c: f"{c[0]} {c[1]}.25")
areas = st.builds(Area, words, st.lists(polygon, max_size=2).map(tuple), st.lists(circle, max_size=2).map(tuple), pairs,
                  st.sampled_from(["", "12.5"]), st.sampled_from(["", "-3"]))  # fmt: skip
infos = st.builds(
    Info, st.sampled_from([("Safety",), ("Security", "Other")]), words, st.sampled_from(["Past", "Future"]),
    st.just("Minor"), st.just("Observed"), st.sampled_from(["", "en-US", "fa"]),
    st.sampled_from([(), ("Avoid", "Shelter")]), maybe, pairs, st.one_of(st.just(""), times),
    st.one_of(st.just(""), times), st.one_of(st.just(""), times), maybe, maybe, maybe, maybe, maybe, maybe, pairs,
    st.lists(st.builds(Resource, words, words, st.sampled_from(["", "7"]), maybe, maybe, maybe), max_size=2).map(tuple),
    st.lists(areas, max_size=2).map(tuple),
)  # fmt: skip
names = st.text("abcXYZ019.-@:", min_size=1, max_size=12)
alerts = st.builds(
    Alert, names, names, times, st.sampled_from(["Actual", "Exercise", "Test"]),
    st.sampled_from(["Alert", "Update", "Cancel"]), st.sampled_from(["Public", "Private"]), maybe, maybe, maybe,
    st.lists(words, max_size=2).map(tuple), maybe,
    st.lists(st.tuples(names, names, times).map(",".join), min_size=1, max_size=2).map(tuple), maybe,
    st.lists(infos, max_size=2).map(tuple),
)  # fmt: skip


@settings(deadline=None)  # a busy machine is no fault of a reader
@given(alert=alerts)
def test_every_alert_reads_back_as_it_was_written(alert):
    assert read_alert(encode(alert)) == alert


@settings(deadline=None)  # a busy machine is no fault of a reader
@given(alert=alerts, data=st.data())
def test_any_flip_or_cut_is_refused_in_one_line_or_read(alert, data):
    raw = bytearray(encode(alert))
    place = data.draw(st.integers(0, len(raw) - 1))
    if data.draw(st.booleans()):
        raw = raw[:place]
    else:
        raw[place] ^= data.draw(st.integers(1, 255))
    try:
        drafts = drafts_of_cap(bytes(raw))
    except SafeconductError as error:
        said = str(error)
    else:
        said, _ = "", drafts[0]
    assert "\n" not in said


@settings(deadline=None)  # a busy machine is no fault of a reader
@given(st.binary(max_size=300))
def test_any_bytes_are_refused_in_one_line(raw):
    with pytest.raises(BadInput) as caught:
        read_alert(raw)
    assert "\n" not in str(caught.value)


def test_draft_takes_what_is_said_and_leaves_open_what_a_person_must_judge():
    [draft] = drafts_of_cap(TEXT.encode())
    assert dict(draft.fields) == {
        "source_name": "Road office", "source_reliability": "F", "source_credibility": "6", "handling": "TLP:CLEAR",
        "what": "Crowd at risk", "details": "Near the canal.\n\nInstruction of its sender: Keep apart.",
        "site": "Canal path", "window_from": "2021-08-26T13:00:00Z", "window_to": "2021-08-26T18:30:00Z",
        "lat": "34.250000", "lon": "69.210000", "precision_m": "500",
    }  # fmt: skip
    open_fields = set(NEEDED) - set(draft.fields)
    assert open_fields == {"threatened_class", "actor", "likelihood", "advised_action", "harm_answer"}
    assert any("certainty Likely" in line for line in draft.remarks)


def told(**changes):
    alert = {name: changes.pop(name) for name in list(changes) if name in Alert.__slots__}
    return drafts_of_cap(encode(replace(ALERT, infos=(replace(INFO, **changes),), **alert)))


def test_polygon_becomes_the_circle_around_it_and_says_so():
    ring = "34.0,69.0 34.0,69.2 34.2,69.2 34.2,69.0 34.0,69.0"
    [draft] = told(areas=(Area("Valley", polygons=(ring,)),))
    assert (draft.fields["lat"], draft.fields["lon"]) == ("34.100000", "69.100000")
    # Half the diagonal of 22.2 km by 18.4 km, reckoned apart.
    assert 14_300 < int(draft.fields["precision_m"]) < 14_500
    assert "the area is a polygon: the place is a circle around it" in draft.remarks


def test_area_across_the_date_line_is_no_belt_around_the_earth():
    [draft] = told(areas=(Area("Strait", circles=("65,179.5 10", "65,-179.5 10")),))
    assert abs(abs(float(draft.fields["lon"])) - 180) < 0.001 and int(draft.fields["precision_m"]) < 40_000


def test_area_without_position_leaves_the_place_open():
    [draft] = told(areas=(Area("Somewhere"),))
    assert "lat" not in draft.fields and "the area is named, and not placed on the map" in draft.remarks


def test_area_too_wide_for_a_report_leaves_its_precision_open():
    [draft] = told(areas=(Area("Half the earth", circles=("0,0 9000",)),))
    assert "precision_m" not in draft.fields and any("too wide" in line for line in draft.remarks)


def test_point_without_radius_asks_for_its_precision():
    [draft] = told(areas=(Area("Here", circles=("0,0 0",)),))
    assert "precision_m" not in draft.fields and any("no precision" in line for line in draft.remarks)


@pytest.mark.parametrize(("scope", "handling"), [("Restricted", "TLP:AMBER+STRICT"), ("Private", "TLP:RED")])
def test_what_is_not_public_is_marked_strictly(scope, handling):
    [draft] = told(scope=scope, restriction="road offices", addresses="evac")
    assert draft.fields["handling"] == handling and "restriction: road offices" in draft.remarks


def test_cancelled_alert_is_a_draft_that_tells_to_look_at_what_rests_on_it():
    [draft] = told(msg_type="Cancel", references=("office@road,a-0,2021-08-26T11:00:00+00:00",))
    assert draft.standing == "withdrawn" and draft.refers == ("office@road,a-0,2021-08-26T11:00:00+00:00",)
    assert draft.remarks[0].startswith("its sender cancelled it")


@pytest.mark.parametrize(
    ("status", "exercise", "remarked"),
    [("Actual", False, False), ("Exercise", True, False), ("Exercise", False, True), ("Actual", True, True),
     ("Test", False, True), ("Test", True, True)],
)  # fmt: skip
def test_exercise_and_earnest_are_not_mixed_unseen(status, exercise, remarked):
    [draft] = drafts_of_cap(encode(replace(ALERT, status=status)), exercise=exercise)
    assert any(line.startswith(f"status {status}") for line in draft.remarks) == remarked


def test_answer_to_an_alert_is_no_report():
    with pytest.raises(BadInput) as caught:
        told(msg_type="Ack", references=("office@road,a-0,2021-08-26T11:00:00+00:00",))
    assert (caught.value.where, caught.value.seen) == ("alert.msgType", "'Ack'")


def test_alert_that_says_nothing_is_a_draft_with_all_open():
    [draft] = drafts_of_cap(encode(replace(ALERT, infos=())))
    assert "what" not in draft.fields and draft.producer == "office@road"


def test_begin_without_onset_is_when_it_took_effect():
    [draft] = told(onset="", effective="2021-08-26T12:00:00+00:00", expires="")
    assert draft.fields["window_from"] == "2021-08-26T12:00:00Z" and "window_to" not in draft.fields
    assert any("gives no onset" in line for line in draft.remarks)


def test_hidden_characters_and_lengths_are_shown_and_said():
    [draft] = told(headline="Crowd\u202e at risk", description="x" * 30_000, response_types=("Avoid",))
    assert draft.fields["what"] == "Crowd\ufffd at risk" and len(draft.fields["details"]) == 20_000
    assert any(line.startswith("what: hidden characters") for line in draft.remarks)
    assert any(line.startswith("details: cut to 20000") for line in draft.remarks)
    assert "advice of its sender: Avoid" in draft.remarks


def test_same_thing_told_twice_is_one_draft_and_two_things_are_two():
    twice = encode(replace(ALERT, infos=(INFO, INFO)))
    assert len(drafts_of_cap(twice)) == 1
    other = replace(INFO, headline="Another crowd", language="en-GB")
    assert len(drafts_of_cap(encode(replace(ALERT, infos=(INFO, other))))) == 1  # told in another English too
    assert len(drafts_of_cap(encode(replace(ALERT, infos=(INFO, replace(INFO, headline="Another crowd")))))) == 2


def test_no_english_at_all_takes_the_first_language():
    dari, pashto = replace(INFO, language="fa", headline="هشدار"), replace(INFO, language="ps", headline="خبرداری")
    [draft] = drafts_of_cap(encode(replace(ALERT, infos=(dari, pashto))))
    assert draft.fields["what"] == "هشدار" and "also told in ps, not taken here" in draft.remarks


def test_times_and_shapes_are_what_they_say():
    assert seconds("2021-08-26T17:30:00+04:30") == seconds("2021-08-26T13:00:00-00:00") == 1629982800
    assert points("1,2 -3.5,4") == [(1.0, 2.0), (-3.5, 4.0)] and circle_of("1,-2 3.5") == (1.0, -2.0, 3.5)
