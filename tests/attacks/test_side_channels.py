"""Ids, timestamps, counts, order, lengths and unknown fields as side channels."""

import json
import re
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from attacks.oracle import fields_of
from attacks.setting import NOW, POLICY, REPORT, crossing, fresh, policy, released, report
from safeconduct.alerts.stix import decode_stix
from safeconduct.errors import BadInput

UUID4 = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")
RANDOM = {"id", "release_id", "commitment", "policy_digest", "object_refs"}
TEXT = (
    st.text(st.characters(categories=("L", "N"), include_characters=" "), min_size=1, max_size=180)
    .map(str.strip)
    .filter(bool)
)
# Anything that no field of a release is made of; places and times move within their cell and slots.
HIDDEN = st.fixed_dictionaries(
    {},
    optional={
        "id": st.from_regex(r"[a-z][a-z0-9]{0,40}", fullmatch=True), "what": TEXT, "site": TEXT, "details": TEXT,
        "entered_by": TEXT, "harm_answer": TEXT, "entered_at": st.integers(0, NOW),
        "confidence": st.sampled_from(["low", "moderate", "high", None]), "embargo_until": st.integers(0, NOW),
        "lat": st.integers(REPORT["lat"] - 200, REPORT["lat"] + 200), "precision_m": st.integers(1, 900),
        "window_from": st.integers(NOW + 104_400, NOW + 107_999), "window_to": st.integers(NOW + 122_401, NOW + 126_000),
        "actor": st.sampled_from(["cell-9", "cell-7", "cell-5"]),
        "sources": st.lists(
            st.fixed_dictionaries({"name": TEXT, "reliability": st.sampled_from("ABCDEF"), "credibility": st.integers(1, 6)}),
            min_size=1, max_size=9,
        ),
    },
)  # fmt: skip


def plain(value):
    """A bundle without what is random."""
    if isinstance(value, dict):
        return {name: plain(inner) for name, inner in value.items() if name not in RANDOM}
    return [plain(inner) for inner in value] if isinstance(value, list) else value


@settings(max_examples=150, deadline=None)
@given(HIDDEN, st.integers(0, 1 << 30))
def test_reports_that_differ_in_withheld_values_only_cross_in_the_same_bytes_but_for_random_ones(changes, seed):
    """So neither length nor count nor order nor any field can tell of them."""
    usual, other = (
        crossing(released(report(), policy())),
        crossing(released(report(**changes), policy(), seed=seed), seed),
    )
    assert len(other) == len(usual)
    assert plain(json.loads(other)) == plain(json.loads(usual))
    assert list(json.loads(other)) == list(json.loads(usual))


def test_the_same_with_nothing_in_a_field_has_the_same_length():
    empty = report(details="", embargo_until=None, confidence=None)
    assert len(crossing(released(empty, policy()))) == len(crossing(released(report(), policy())))


@pytest.mark.parametrize("likelihood", [1, 7])
def test_a_field_that_is_not_listed_has_no_length(likelihood):
    """The report's value is not even the reason for the null."""
    unlisted = policy(fields=POLICY["fields"][:4])
    got = crossing(released(report(likelihood=likelihood, actor="an unknown name"), unlisted))
    assert len(got) == len(crossing(released(report(), unlisted)))
    assert fields_of(got).get("likelihood") is fields_of(got).get("actor") is None


def test_every_time_lies_on_a_slot_and_no_clock_shows():
    made = json.loads(crossing(released(report(), policy(slot_seconds=7_200), now=NOW + 4_321)))
    report_object = next(one for one in made["objects"] if one["type"] == "report")
    for name in ("created", "modified", "published"):
        at = datetime.fromisoformat(report_object[name]).astimezone(UTC)
        assert at.timestamp() % 7_200 == 0, name
    numbers = [v for v in fields_of(json.dumps(made)).values() if type(v) is int and v > 1_000_000]
    assert len(numbers) == 5 and all(at % 7_200 == 0 for at in numbers)


def test_ids_are_random_and_not_made_of_anything_in_the_report():
    for seed in (1, 2):
        ids = {
            UUID4.search(one["id"])[0]
            for one in json.loads(crossing(released(report(), policy(), seed=seed), seed))["objects"][3:]
        }
        assert all(UUID4.fullmatch(one) for one in ids)
    assert fresh(1)[0] != fresh(2)[0]
    with pytest.raises(BadInput):
        crossing(released(report(id=fresh(5)[0]), policy(), seed=5))


@pytest.mark.parametrize("where", ["bundle", 0, 1, 2, 3, 4, "extension"])
def test_an_unknown_field_is_refused_wherever_it_rides(where):
    made = json.loads(crossing(released(report(), policy())))
    at = made if where == "bundle" else made["objects"][4 if where == "extension" else where]
    if where == "extension":
        [at] = at["extensions"].values()
    at["x_note"] = "R. at the canal"
    with pytest.raises(BadInput):
        decode_stix(json.dumps(made).encode())


def test_an_unknown_field_of_a_report_is_refused_before_it_could_be_carried_on():
    with pytest.raises(BadInput):
        report(x_note="R. at the canal")
