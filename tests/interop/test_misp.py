"""MISP's own software both ways: misp-stix and PyMISP read what we emit, and an event of PyMISP's becomes a draft."""

import json

from interop.samples import IDS, bundles

MADE = {name: one for name, one in bundles().items() if not name.startswith("answer alone")}


def test_misp_reads_every_release_with_its_marking_its_place_and_its_words(stranger):
    found = stranger(
        "to_misp", {name: one for name, one in MADE.items() if not name.startswith(("answer", "envelope"))}
    )
    for name, event in found.items():
        report = MADE[name]["objects"][4]
        location = MADE[name]["objects"][3]
        assert (event["info"], event["uuid"], event["errors"]) == (report["name"], IDS.report, {})
        assert event["reports"] == [report["description"]]
        assert event["tags"] == [MADE[name]["objects"][2]["name"].lower()]
        place = event["objects"]["geolocation"]
        assert (place["latitude"], place["longitude"]) == (location["latitude"], location["longitude"])
        assert place["accuracy-radius"] == location["precision"] / 1000
    assert found["withdrawal"]["info"].startswith("Withdrawn: ")


def test_misp_shows_an_answer_as_a_note_in_plain_words(stranger):
    chosen = {name: MADE[name] for name in ("answer: declined", "answer: action", "answer: nothing")}
    found = stranger("to_misp", chosen)
    assert {name: event["notes"] for name, event in found.items()} == {
        name: [bundle["objects"][-1]["content"]] for name, bundle in chosen.items()
    }


def test_event_of_pymisp_becomes_a_draft_that_a_person_completes(stranger):
    event = stranger("make_misp", None)["event"]
    [draft] = stranger("read_misp", {"event": event})
    assert (draft["form"], draft["standing"]) == ("MISP", "new")
    fields = draft["fields"]
    assert fields["what"] == "Attack on a waiting crowd is being prepared"
    assert fields["details"] == "Two visits to the canal path were seen."
    assert (fields["lat"], fields["lon"], fields["handling"]) == ("34.258012", "69.210455", "TLP:AMBER")
    assert (fields["actor"], fields["source_name"]) == ("wing-one", "Corridor watch")
    assert (fields["source_reliability"], fields["source_credibility"]) == ("F", "6")
    assert not {"threatened_class", "advised_action", "harm_answer", "window_from"} & set(fields)


def test_event_that_misp_stix_does_not_read_is_refused_in_one_line(stranger):
    broken = json.dumps({"Event": {"uuid": "5c0d7a9e", "info": "x", "Attribute": [{"type": []}]}})
    made = stranger("read_misp", {"event": broken})
    assert made["code"] == "bad-misp" and "\n" not in made["message"]
