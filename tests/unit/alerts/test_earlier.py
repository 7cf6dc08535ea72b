"""Which earlier releases count for one more, and who is left; the table answers as the plain rule does."""

import dataclasses

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import create_engine

from safeconduct.alerts.candidates import Candidates
from safeconduct.alerts.derive import derive
from safeconduct.alerts.earlier import (
    Earlier,
    Trace,
    counted,
    earlier_of,
    question,
    readers,
    source_names,
    source_tags,
    trace_of,
)
from safeconduct.alerts.policy import Candidate, plausible
from safeconduct.alerts.quadtree import around, cell
from safeconduct.errors import Refusal
from safeconduct.storage import schema
from safeconduct.storage.trace_tables import TraceTables

KEY = bytes(range(32))
CELLS = st.text("0123", min_size=1, max_size=4).map(lambda tail: "30132001" + tail)


@pytest.fixture
def trace(release):
    return trace_of(release, "rep-0")


@pytest.fixture
def asked(report, policy):
    return question(report, policy)


def test_what_is_asked_names_cells_slots_and_readers(asked, report, policy):
    assert asked.widest == cell(report.lat, report.lon, policy.min_cell_level) and asked.widest in asked.near
    assert len(asked.near) == 9 and asked.readers == ("cordon", "friend-of-cordon")
    assert (asked.window_from, asked.window_to) == (1629982800, 1630004400)
    assert asked.reports == (report.id,)


def test_comparing_goes_both_ways_and_further_on(policy):
    pairs = [("friend-of-cordon", "far"), ("further", "far"), ("a", "b")]
    assert readers(policy, pairs) == ("cordon", "far", "friend-of-cordon", "further")


@pytest.mark.parametrize(
    ("changes", "reasons"),
    [
        ({}, ("touching", "alike")),
        ({"partner": "nobody"}, ()),
        ({"threatened_class": "guards"}, ("touching",)),
        ({"window_from": 1630004400, "window_to": 1630008000}, ("touching",)),
        ({"area": "30"}, ("touching", "alike")),
        ({"area": "1"}, ()),
        ({"area": "1", "report": "rep-0017"}, ("sourced",)),
        ({"area": "1", "release_id": "w-1"}, ("continued",)),
    ],
)
def test_an_earlier_release_counts_for_its_reasons(asked, trace, changes, reasons):
    asked = dataclasses.replace(asked, release_id="w-1")
    assert counted(asked, dataclasses.replace(trace, **changes)) == reasons


def test_the_same_threat_in_the_next_cell_counts_and_one_further_off_does_not(asked, trace):
    beside = next(one for one in asked.near if one != asked.widest)
    assert counted(asked, dataclasses.replace(trace, area=beside)) == ("alike",)
    far = next(one for one in around(around(beside)[0]) if one not in asked.near)
    assert counted(asked, dataclasses.replace(trace, area=far)) == ()


def test_a_source_is_known_by_its_tag_whatever_the_writing_of_its_name(report):
    other = dataclasses.replace(report, sources=(dataclasses.replace(report.sources[0], name="SOURCE  heron"),))
    assert source_names(other) < source_names(report)
    assert set(source_tags(other, KEY)) < set(source_tags(report, KEY))
    assert not set(source_tags(other, KEY)) & set(source_tags(other, KEY[::-1])), "without the key a name is not found"


@given(st.lists(st.tuples(st.lists(CELLS, max_size=3)), max_size=6), CELLS)
def test_candidates_found_by_index_are_those_of_the_plain_rule(policy, reach, area):
    declared = tuple(Candidate(f"c{n}", tuple(cells)) for n, (cells,) in enumerate(reach))
    many = dataclasses.replace(policy, candidates=declared)
    found = Candidates(many)
    assert set(found.names(found.plausible(area))) == plausible(many, area)


TRACES = st.lists(
    st.builds(
        Trace,
        release_id=st.sampled_from(["w-1", "w-2", "w-3", "w-4"]),
        version=st.integers(1, 999),
        report=st.sampled_from([None, "rep-0017", "rep-1", "rep-2"]),
        partner=st.sampled_from(["cordon", "friend-of-cordon", "far", "nobody"]),
        area=st.one_of(CELLS, st.sampled_from(["3", "301320010213", "30132001021", "301320010211", "30132001021300"])),
        threatened_class=st.sampled_from(["people-waiting", "guards"]),
        window_from=st.sampled_from([1629979200, 1629982800, 1630004400]),
        window_to=st.sampled_from([1629982800, 1630000800, 1630008000]),
        actor=st.sampled_from([None, "armed-group"]),
    ),
    max_size=12,
    unique_by=lambda one: (one.release_id, one.version),
)


@settings(max_examples=60, deadline=None)
@given(TRACES)
def test_the_table_answers_as_the_plain_rule_does(report, policy, traces):
    tags = {"rep-1": source_tags(report, KEY)[:1], "rep-2": (b"other" * 3,)}
    asked = question(report, policy, pools=[("far", "cordon")], tags=source_tags(report, KEY), replaces="w-1")
    with create_engine("sqlite://").begin() as connection:
        schema.metadata.create_all(connection)
        tables = TraceTables(connection)
        tables.add_pools([("far", "cordon"), ("far", "cordon")])
        tables.add_pools([])
        assert tables.pools() == [("far", "cordon")]
        for index, one in enumerate(traces):
            row = {
                "release": one.release_id, "version": one.version, "report": one.report, "partner": one.partner,
                "cell": one.area, "class": one.threatened_class, "window_from": one.window_from,
                "window_to": one.window_to, "actor": one.actor, "ledger_index": index,
            }  # fmt: skip
            connection.execute(schema.release_cells.insert(), row)
        for name, marks in tags.items():
            tables.tag_report(name, marks)
            tables.tag_report(name, marks)
        marked = [(one, tags.get(one.report, ())) for one in traces]
        assert tables.earlier(asked) == earlier_of(asked, marked)
        counting = [(one, tuple(marks)) for one, marks in marked if counted(asked, one, marks)][::-1]
        found, total = tables.counting(asked, 5)
        assert total == len(counting)
        assert [(one, tuple(marks)) for one, marks in found] == counting[:5]
        reports = sorted({one.report for one in traces[3:] if one.report})
        assert [name for name, _ in tables.reports_released_after(2)] == reports
        assert all(traces[index].report == name and index > 2 for name, index in tables.reports_released_after(2))


# -- in a derivation ---------------------------------------------------------------------------------------------


@pytest.fixture
def split(policy, report):
    """A policy with two candidates here and three elsewhere, of which two must be left."""
    here, there = cell(report.lat, report.lon, 12), cell(0, 0, 12)
    reach = {"a": (here,), "b": (here, there), "c": (here, there), "d": (there,)}
    return dataclasses.replace(
        policy, min_candidates=2, candidates=tuple(Candidate(name, cells) for name, cells in reach.items())
    )


def derived(report, policy, salts, earlier):
    return derive(report, policy, now=1629878400, release_id="w-2", salts=salts, purpose="no-attacks", earlier=earlier)


def test_a_common_source_elsewhere_counts_though_nothing_else_links_the_two(report, split, salts):
    there = frozenset({cell(0, 0, 15)})
    assert derived(report, split, salts, Earlier()).candidates == 3
    assert derived(report, split, salts, Earlier(sourced=there)).candidates == 2


def test_a_common_source_stops_a_release_and_never_shapes_it(report, split, salts):
    strict = dataclasses.replace(split, min_candidates=3)
    there = frozenset({cell(0, 0, 15)})
    assert derived(report, strict, salts, Earlier(sourced=there)) == Refusal("too-few-candidates", "floor 3")
    free = derived(report, split, salts, Earlier())
    assert derived(report, split, salts, Earlier(sourced=there)).release == free.release


def test_cells_that_lie_beside_a_finer_area_count_only_for_the_wider_one(report, policy, salts):
    here = cell(report.lat, report.lon, 15)
    beside = here[:-1] + ("0" if here[-1] != "0" else "1")
    candidates = Candidates(policy)
    assert candidates.seen(here, Earlier(touching=frozenset({beside}))) == candidates.plausible(here)


@given(st.lists(CELLS, min_size=1, max_size=3), st.lists(CELLS, max_size=4))
def test_a_candidate_that_is_out_stays_out(policy, reach, areas):
    alone = dataclasses.replace(policy, candidates=(Candidate("c", tuple(reach)),))
    candidates = Candidates(alone)
    left = candidates.in_all(areas, candidates.all())
    assert bool(left) == all(plausible(alone, area) for area in areas)
