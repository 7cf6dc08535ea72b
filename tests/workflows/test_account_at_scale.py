"""An account read from the tables is the one that the rules give over all claims, however few of them are read."""

import json
from itertools import count

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from safeconduct.config import NodeConfig
from safeconduct.errors import BadInput, SafeconductError
from safeconduct.incidents.account import account, by_day
from safeconduct.incidents.figures import words
from safeconduct.incidents.misfits import misfits
from safeconduct.storage import schema
from safeconduct.wiring import close_node, init_node, open_node
from safeconduct.workflows import claim_index, read_account, record_incident
from safeconduct.workflows.held_account import incident_dossier
from safeconduct.workflows.kept import Kept
from safeconduct.workflows.read_account import OPENED
from workflows.two_nodes import SCENARIO

LATER, LAST = "2021-09-10T08:00:00Z", "2022-12-31"
DAYS = [f"2021-09-0{day}" for day in range(1, 8)]
KINDS = ["updates", "corrects", "retracts", "repeats", "variant", "disputes", "refines", "rests-on", "qualifies"]
NUMBERS = {"exact": ("min", "max"), "at-least": ("min",), "more-than": ("min",), "up-to": ("max",),
           "about": ("min", "max"), "dozens": (), "many": (), "statement": ()}  # fmt: skip
SOURCES = [
    {"id": f"s{n}", "kind": "press-report", "publisher": f"paper {n}", "published": DAYS[0], "file": f"{n}.txt",
     "origin": f"o{n}", **({"derived_from": "s0"} if n == 3 else {})}
    for n in range(4)
]  # fmt: skip
serial = count()


@pytest.fixture(scope="module")
def node(tmp_path_factory):
    folder = tmp_path_factory.mktemp("node")
    config = NodeConfig("evac", "Evacuating party", folder / "data", exercise=True, sign_in=False)
    init_node(folder, config, passphrase=None)
    opened = open_node(config)
    opened.clock.move_to(1_630_000_000)
    yield opened
    close_node(opened)


@st.composite
def claims(draw):
    basis = draw(st.sampled_from(list(NUMBERS)))
    number = draw(st.integers(1, 40))
    unnamed = draw(st.booleans())
    return {
        "attribute": "casualties", "population": draw(st.sampled_from(["civilians", "children"])), "outcome": "killed",
        "meant": draw(st.sampled_from(["", "", DAYS[0]])), "basis": basis, **dict.fromkeys(NUMBERS[basis], number),
        "said": draw(st.sampled_from(DAYS)), "claimant": draw(st.sampled_from(["office a", "office b", "witnesses"])),
        "claimant_kind": "unnamed" if unnamed else "body", "source": f"s{draw(st.integers(0, 3))}", "line": 1,
        "text": "In our words.", "ambiguous": draw(st.sampled_from(["", "", "", "either side?"])),
    }  # fmt: skip


@st.composite
def dossiers(draw):
    name = f"i{next(serial)}"
    items = [{**item, "id": f"{name}-c{n}", "incident": name} for n, item in
             enumerate(draw(st.lists(claims(), min_size=1, max_size=14)))]  # fmt: skip
    ids = [item["id"] for item in items]
    pairs = draw(st.lists(st.tuples(st.sampled_from(ids), st.sampled_from(ids), st.sampled_from(KINDS)), max_size=8))
    ties = {(a, b, kind): {"from": a, "to": b, "kind": kind, "said": draw(st.sampled_from(DAYS))}
            for a, b, kind in pairs if a != b}  # fmt: skip
    incident = {"id": name, "title": "An attack", "kind": "attack", "date": DAYS[0], "place": "a gate"}
    return {"incidents": [incident], "sources": SOURCES, "claims": items, "relations": list(ties.values()), "cases": []}


def shown(figure, claims_of_it):
    low, full = figure.conservative, figure.full
    disputed = figure.disputed or bool(figure.conflicts)
    return (str(figure.key), low.low, low.high, low.open_above, full.low, full.high, full.open_above, words(figure),
            claims_of_it, figure.origins, disputed)  # fmt: skip


def expected(node, incident_id, known_at, recorded_at=None):
    with node.store.reading() as tx:
        whole, _ = record_incident.dossier(tx)
    incident = next(one for one in whole.incidents if one.id == incident_id)
    parts = (whole.sources, [c for c in whole.claims if c.incident == incident_id], whole.relations)
    return account(incident, *parts, known_at=known_at, recorded_at=recorded_at), parts, incident


def opened(node, incident_id, **when):
    with node.store.reading() as tx:
        return read_account.read_account(tx, incident_id, **when)


def agrees(node, incident_id, known_at, recorded_at=None):
    view = opened(node, incident_id, known_at=known_at, recorded_at=recorded_at)
    pure, parts, incident = expected(node, incident_id, known_at, recorded_at)
    assert [
        (f.key, f.low, f.high, f.open_above, f.full_low, f.full_high, f.full_open_above, f.words, f.claims, f.origins,
         f.disputed) for f in view.figures
    ] == [shown(figure, len(figure.claims)) for figure in pure.figures]  # fmt: skip
    assert [(line.claim, line.status) for line in view.timeline] == [(x.claim, x.status) for x in pure.timeline]
    assert [(m.text, m.claims) for m in view.misfits] == [(m.text, m.claims) for m in misfits(pure)]
    assert view.timeline_total == len(pure.claims)
    assert {key: {mark.claim for mark in marks} for key, marks in view.marks.items()} == {
        str(figure.key): {claim.id for claim in figure.claims} for figure in pure.figures
    }
    if recorded_at is None:
        for key, rows in by_day(incident, *parts, days=[day for day in view.days if day <= known_at]).items():
            for day, *bounds in rows:
                assert [list(row[1:]) for row in view.ranges[key] if row[0] <= day][-1] == bounds
    return view


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(dossiers(), st.sampled_from(DAYS))
def test_account_from_the_tables_is_the_one_over_all_claims(node, given_dossier, day):
    record_incident.record_incident(node, json.dumps(given_dossier).encode())
    name = given_dossier["incidents"][0]["id"]
    agrees(node, name, LAST)
    agrees(node, name, day)


@pytest.mark.parametrize("incident", ["gate-attack", "strike-29-august", "airlift"])
def test_accounts_of_the_scenario_are_the_same_on_every_day(world, incident):
    record_incident.record_incident(world.evac, (SCENARIO / "claims.json").read_bytes())
    for day in opened(world.evac, incident).days:
        agrees(world.evac, incident, day)


def many(name, number, **changes):
    claim = {"attribute": "casualties", "population": "civilians", "outcome": "killed", "basis": "exact",
             "claimant": "office a", "source": "s1", "line": 1, "text": "In our words.", "incident": name}  # fmt: skip
    return {
        "incidents": [{"id": name, "title": "An attack", "kind": "attack", "date": DAYS[0], "place": "a gate"}],
        "sources": SOURCES,
        "claims": [
            {
                **claim,
                "id": f"{name}-{n}",
                "min": n % 700,
                "max": n % 700,
                "said": f"2021-09-{n % 28 + 1:02}",
                **changes,
            }
            for n in range(number)
        ],
    }


def test_page_of_many_claims_shows_the_newest_lines_and_the_marks_that_decide(node):
    record_incident.record_incident(node, json.dumps(many("big", 2_000)).encode())
    view = opened(node, "big")
    assert view.timeline_total == 2_000 and len(view.timeline) == read_account.MOST_LINES
    (figure,) = view.figures
    assert (figure.low, figure.high, figure.claims, figure.origins) == (0, 699, 2_000, 1)
    marks = view.marks[figure.key]
    assert len(marks) <= read_account.MOST_MARKS
    assert {0, 699} <= {mark.low for mark in marks}
    assert view.timeline[-1].claim == max(f"big-{n}" for n in range(2_000) if n % 28 == 27)


def test_what_was_not_yet_written_down_is_left_out_of_the_second_clock(node):
    before = many("clock", 5)
    record_incident.record_incident(node, json.dumps(before).encode())
    first = node.clock.now()
    node.clock.move_to(first + 3_600)
    more = many("clock", 7)["claims"][5:]
    tie = {"from": "clock-6", "to": "clock-1", "kind": "corrects"}
    record_incident.record_incident(node, json.dumps({"claims": more, "relations": [tie]}).encode())
    node.clock.move_to(first + 7_200)
    late = {"from": "clock-2", "to": "clock-3", "kind": "disputes"}
    record_incident.record_incident(node, json.dumps({"relations": [late]}).encode())
    times = [f"2021-08-26T{hour}:00:00Z" for hour in ("17", "18", "19", "20")]
    totals = [agrees(node, "clock", LAST, at).timeline_total for at in times]
    states = [{line.status for line in opened(node, "clock", recorded_at=at).timeline} for at in times]
    assert totals == [0, 5, 7, 7]
    assert states == [set(), {"stands"}, {"stands", "corrected"}, {"stands", "corrected", "disputed"}]
    assert opened(node, "clock", recorded_at="2021-08-25").timeline_total == 0
    assert opened(node, "clock", recorded_at="2021-08-26").timeline_total == 7


@pytest.mark.parametrize("wrong", ["yesterday", "2021-13-01", "2021-08-26T25:00:00Z", ""])
def test_time_of_recording_that_is_none_is_refused_in_one_line(node, wrong):
    record_incident.record_incident(node, json.dumps(many("wrong", 1)).encode())
    with pytest.raises(BadInput) as caught:
        opened(node, "wrong", recorded_at=wrong)
    assert "\n" not in str(caught.value)


def test_document_above_the_ledgers_limit_is_entered_by_its_digest(node):
    record_incident.record_incident(node, json.dumps(many("digest", 1_500)).encode())
    with node.store.reading() as tx:
        entry = json.loads(tx.ledger.find("own:claims")[-1].envelope)
    assert entry["counts"]["claims"] == 1_500 and len(entry["sha256"]) == 64


def test_node_of_an_older_version_is_indexed_when_it_is_opened(world):
    record_incident.record_incident(world.evac, (SCENARIO / "claims.json").read_bytes())
    before = opened(world.evac, "gate-attack")
    with world.evac.store._engine.connect() as connection:
        for table in (schema.claims, schema.claim_days, schema.claim_ties, schema.incident_parts, schema.terms):
            connection.exec_driver_sql(f"DROP TABLE {table.name}")
        connection.exec_driver_sql("DELETE FROM settings WHERE key = ?", (claim_index._DONE,))
        connection.exec_driver_sql("PRAGMA user_version=1")
    world.reopen()
    OPENED.clear()
    assert opened(world.evac, "gate-attack") == before


def test_incident_that_is_not_recorded_is_told_in_one_line(node):
    for ask in (lambda tx: read_account.read_account(tx, "nothing"), lambda tx: incident_dossier(tx, "nothing")):
        with node.store.reading() as tx, pytest.raises(SafeconductError) as caught:
            ask(tx)
        assert caught.value.code == "no-incident"


def test_many_grades_are_told_with_their_number(node):
    blame = {"attribute": "attribution", "population": "a-group", "outcome": "suspected", "basis": "statement"}
    record_incident.record_incident(node, json.dumps(many("blame", 250, min=None, max=None, **blame)).encode())
    told = opened(node, "blame").attribution
    assert told.startswith("50 earlier ones; suspected (a-group) by office a") and told.count(";") == 200


def test_whole_record_of_one_incident_has_its_sources_relations_cases_and_judgements(node):
    given = many("whole", 3)
    given["claims"][0]["source"] = "s3"  # derived from s0, which no claim cites
    step = {"track": "harm", "status": "reported", "by": "an office", "said": DAYS[0], "claim": "whole-0"}
    given |= {
        "relations": [{"from": "whole-1", "to": "whole-0", "kind": "disputes", "method": "video"}],
        "cases": [{"id": "case-whole", "incident": "whole", "against": "evac", "steps": [step]}],
        "assessments": [{"id": "j-whole", "about": "whole-2", "grade": "fair", "by": "a cell", "said": DAYS[1],
                         "why": "Two voices."}],
    }  # fmt: skip
    record_incident.record_incident(node, json.dumps(given).encode())
    with node.store.reading() as tx:
        whole, cases = incident_dossier(tx, "whole")
        everything, every_case = record_incident.dossier(tx)
    assert {one.id for one in whole.sources} == {"s0", "s1", "s3"}
    assert [one.id for one in whole.claims] == ["whole-0", "whole-1", "whole-2"]
    assert whole.relations == tuple(one for one in everything.relations if one.target == "whole-0")
    assert whole.assessments == tuple(one for one in everything.assessments if one.id == "j-whole")
    assert cases == tuple(case for case in every_case if case.id == "case-whole")
    assert set(whole.claims) <= set(everything.claims) and set(whole.sources) <= set(everything.sources)


def test_relation_between_incidents_changes_neither_account(node):
    record_incident.record_incident(node, json.dumps(many("here", 1)).encode())
    record_incident.record_incident(node, json.dumps(many("there", 1)).encode())
    tie = {"from": "here-0", "to": "there-0", "kind": "corrects"}
    record_incident.record_incident(node, json.dumps({"relations": [tie]}).encode())
    agrees(node, "there", LAST)
    assert opened(node, "there").timeline[0].status == "stands"


def test_room_shows_each_incident_and_an_answer_is_kept_until_something_is_recorded(node):
    for name in ("left", "right"):
        record_incident.record_incident(node, json.dumps(many(name, 1)).encode())
    with node.store.reading() as tx:
        views = read_account.read_accounts(tx)
        assert {"left", "right"} <= {view.id for view in views}
        assert read_account.read_account(tx, "left") is read_account.read_account(tx, "left")
        before = read_account.read_account(tx, "left")
    record_incident.record_incident(node, json.dumps({"claims": many("left", 2)["claims"][1:]}).encode())
    assert opened(node, "left").timeline_total == before.timeline_total + 1


def test_answers_that_were_not_asked_for_longest_make_room():
    kept = Kept(2)
    made = [kept.get(key, lambda key=key: [key]) for key in "abaca"]
    assert made[0] is made[2] is made[4] and kept.get("b", lambda: "again") == "again"
