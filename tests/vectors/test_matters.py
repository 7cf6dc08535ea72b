"""spec/vectors/matters.json: notices, site events and recalls, and how they follow one another."""

import json

import pytest

from safeconduct.agreements import notices, recall, site
from safeconduct.agreements.notices import Notice
from safeconduct.agreements.reading import from_json
from safeconduct.errors import BadInput, Refusal
from vectors.generators import ROOT, load

VECTORS = json.loads((ROOT / "spec/vectors/matters.json").read_text(encoding="utf-8"))
FILES = json.loads((ROOT / "spec/vectors/agreement.json").read_text(encoding="utf-8"))["files"]
AGREEMENT = from_json(FILES[0]["file"]["agreement"].encode())
READERS = {"notice": notices.read_notice, "site": site.read_site_event, "recall": recall.read_recall}
WRITERS = {"notice": notices.notice_json, "site": site.site_json, "recall": recall.recall_json}


def follow(kind, held, event):
    if kind == "site":
        return site.accept(AGREEMENT, held, event)
    return {"notice": notices.accept, "recall": recall.accept}[kind](held, event)


@pytest.mark.seed("S-41", "S-57", "S-58", "S-39")
@pytest.mark.parametrize("case", VECTORS["read"], ids=lambda case: case["name"])
def test_event_has_the_bytes_of_the_vector(case):
    event = READERS[case["kind"]](json.dumps(case["document"]).encode())
    assert WRITERS[case["kind"]](event) == case["canonical"].encode()
    assert READERS[case["kind"]](case["canonical"].encode()) == event
    if isinstance(event, Notice):
        assert notices.notice_id(event) == case["id"]


@pytest.mark.parametrize("case", VECTORS["refused"], ids=lambda case: case["name"])
def test_event_is_refused_with_the_code_of_the_vector(case):
    with pytest.raises(BadInput) as caught:
        READERS[case["kind"]](json.dumps(case["document"]).encode())
    assert caught.value.code == case["expect"]


@pytest.mark.parametrize("case", VECTORS["courses"], ids=lambda case: case["name"])
def test_the_last_event_is_taken_or_refused_as_the_vector_says(case):
    read = READERS[case["kind"]]
    *before, last = [read(json.dumps(event).encode()) for event in case["events"]]
    for place, event in enumerate(before):
        assert not isinstance(follow(case["kind"], before[:place], event), Refusal)
    made = follow(case["kind"], before, last)
    assert (made.code if isinstance(made, Refusal) else "ok") == case["expect"]


def test_the_file_is_what_the_tool_writes():
    assert load("make_vectors_matters").matters_vectors() == VECTORS
