import re
import shutil
from pathlib import Path

import pytest

from safeconduct.agreements.agreement import holder_at
from safeconduct.agreements.entries import entry_id, references
from safeconduct.errors import BadInput
from safeconduct.incidents.account import account, by_day
from safeconduct.incidents.claims import voice
from safeconduct.incidents.misfits import misfits
from safeconduct.movement.slots import Day, assign, peak
from safeconduct.register.roll_import import parse_roll
from safeconduct.replay.people import generate
from safeconduct.replay.scenario import FILES, agreement, day_counts, load
from safeconduct.seal.keys import SigningKey

ROOT = Path(__file__).resolve().parents[3]
FOLDER = ROOT / "scenarios" / "kabul-2021"
SHARED = ROOT.parent / "shared"
ROOTS = {
    "evac": SigningKey.from_seed(bytes(32)).public.hex(),
    "cordon": SigningKey.from_seed(bytes([1]) * 32).public.hex(),
}


@pytest.fixture(scope="module")
def scenario():
    return load(FOLDER)


def told(scenario, incident, known_at):
    dossier = scenario.dossier
    (found,) = (one for one in dossier.incidents if one.id == incident)
    return account(found, dossier.sources, dossier.claims, dossier.relations, known_at=known_at)


def lines(path: str) -> list[str]:
    if not SHARED.is_dir():
        pytest.skip("the folder of documents is not here")
    return (SHARED / path).read_text(encoding="utf-8").split("\n")


@pytest.mark.seed("S-46", "S-108")
def test_every_claim_stands_in_its_file_and_line(scenario):
    sources = {source.id: source for source in scenario.dossier.sources}
    checked = 0
    for claim in scenario.dossier.claims:
        path = sources[claim.source].file
        if not path:
            continue
        line = lines(path)[claim.line - 1]
        assert line.strip(), claim.id
        assert claim.seen in line, claim.id
        assert claim.seen or not claim.is_figure, claim.id
        checked += claim.is_figure
    assert checked > 50


def test_number_of_a_figure_is_the_number_in_its_line(scenario):
    spoken = {"one": 1, "two": 2, "seven": 7, "Ten": 10, "Twenty": 20, "an": 1, "a": 1}
    for claim in scenario.dossier.claims:
        number = claim.min if claim.min is not None else claim.max
        if number is None or not claim.seen:
            continue
        digits = claim.seen.replace(",", "")
        first = claim.seen.split()[0]
        assert number == (int(digits) if digits.isdigit() else spoken.get(first, 2)), claim.id


@pytest.mark.seed("S-46")
def test_every_entry_quotes_words_that_stand_in_its_file_and_line(scenario):
    for entry in scenario.entries:
        cited = re.fullmatch(r'([\w./-]+), line (\d+) \("([^"]+)"\)', entry.source)
        assert cited, entry
        assert cited[3] in lines(cited[1])[int(cited[2]) - 1], entry


def test_entries_are_in_order_and_refer_to_earlier_ones(scenario):
    held = []
    for entry in scenario.entries:
        assert set(references(entry).values()) <= set(held)
        held.append(entry_id(entry))
    assert [entry.at for entry in scenario.entries] == sorted(entry.at for entry in scenario.entries)
    assert len({entry.kind for entry in scenario.entries}) > 15


def test_every_citation_stands_in_its_file_and_line(scenario):
    for name, citation in scenario.documents.items():
        assert citation.seen in lines(citation.file)[citation.line - 1], name


def test_nobody_is_named(scenario):
    text = "".join((FOLDER / name).read_text(encoding="utf-8") for name in FILES)
    offices = re.findall(
        r"Zemari|Ahmadi|Loghri|McKenzie|Psaki|Biden(?!-)|Baradar|Burns|Milley|Austin", re.sub(r"[\w./-]+\.md", "", text)
    )
    assert offices == []
    assert {point.id for point in scenario.points}.isdisjoint({"kabul"})
    assert {party["name"] for party in scenario.terms["parties"]} == {"Evacuating party", "Cordon party"}


@pytest.mark.seed("S-52")
def test_account_of_the_attack_on_27_august_differs_from_the_latest(scenario):
    early, late = (told(scenario, "gate-attack", day) for day in ("2021-08-27", "2023-12-31"))
    key = "casualties/civilians/killed"
    assert (early.figure(key).conservative.low, early.figure(key).conservative.high) == (60, 100)
    assert (late.figure(key).conservative.low, late.figure(key).conservative.high) == (60, 170)
    assert {(c.first, c.second) for c in late.figure(key).conflicts} == {("g-cv-100", "g-cv-170")}
    assert len(early.claims) < len(late.claims)


@pytest.mark.seed("S-51")
def test_twelve_and_thirteen_soldiers_are_no_conflict(scenario):
    key = "casualties/service-members/killed"
    first, later = (told(scenario, "gate-attack", day).figure(key) for day in ("2021-08-26", "2021-08-27"))
    assert first.conflicts == later.conflicts == ()
    assert (first.full.low, first.full.high) == (12, 13) and (later.conservative.low, later.conservative.high) == (
        13,
        13,
    )


@pytest.mark.seed("S-48")
def test_injured_of_the_unclear_sentence_are_marked(scenario):
    found = told(scenario, "gate-attack", "2021-08-31").figure("casualties/others/injured")
    assert found.ambiguous == ("g-inj-140",)


@pytest.mark.seed("S-81", "S-83")
def test_second_blast_is_reported_first_and_withdrawn_later(scenario):
    first, later = (told(scenario, "gate-attack", day) for day in ("2021-08-26", "2021-09-30"))
    assert first.line("g-bl-hotel").status == "stands" and first.figure("events/blasts/happened").conservative.high == 2
    assert later.line("g-bl-hotel").status == "retracted"
    assert later.figure("events/blasts/happened").conservative.high == 1
    assert later.figure("events/blasts/happened").full.high == 2


@pytest.mark.seed("S-84", "S-85")
def test_attribution_has_its_grades_and_the_actors_claim(scenario):
    grades = {grade.grade for grade in told(scenario, "gate-attack", "2021-09-02").attribution}
    assert {"suspected", "presumed", "believed", "attributed", "claimed-by-actor"} <= grades


@pytest.mark.seed("S-82", "S-100")
def test_blast_and_gunfire_stand_beside_each_other_under_whoever_says_so(scenario):
    found = told(scenario, "gate-attack", "2022-12-31")
    held = {(c.outcome, c.claimant) for c in found.claims if c.attribute == "cause"}
    assert held >= {
        ("gunshots", "witnesses and medics"),
        ("fired-into-crowd", "some witnesses"),
        ("ball-bearings", "defence department"),
    }
    assert {found.line(name).status for name in ("g-shot-wit", "g-shot-troops")} <= {"stands", "disputed"}


@pytest.mark.seed("S-86")
def test_condemnations_belong_to_their_incident_and_party(scenario):
    condemned = [c for c in scenario.dossier.claims if c.speech == "condemnation"]
    assert {(c.incident, c.claimant) for c in condemned} == {("gate-attack", "the Cordon party")}


@pytest.mark.seed("S-80", "S-105", "S-106")
def test_account_says_who_is_unnamed_through_whom_and_what_was_asked(scenario):
    claims = {claim.id: claim for claim in scenario.dossier.claims}
    assert voice(claims["d-10-surv"]) == "a survivor (unnamed, 1), through broadcaster"
    assert voice(claims["g-sm-12-001"]).endswith("(unnamed), through newspaper, then broadcaster, then news agency")
    assert voice(claims["g-ne-cmd"]).endswith("; asked whether the Cordon party was complacent")
    assert "unnamed" not in voice(claims["g-shot-dd"])


@pytest.mark.seed("S-88")
def test_no_evidence_is_never_recorded_as_a_denial(scenario):
    speeches = {claim.speech for claim in scenario.dossier.claims if claim.attribute == "knowledge"}
    assert speeches == {"no-evidence"}


@pytest.mark.seed("S-95", "S-96", "S-97")
def test_strike_is_justified_challenged_and_reversed_in_that_order(scenario):
    def status(day, claim):
        line = told(scenario, "strike-29-august", day).line(claim)
        return line and line.status

    assert status("2021-08-28", "d-just-cent") is None
    assert [status(day, "d-just-cent") for day in ("2021-08-31", "2021-09-10", "2021-09-17")] == [
        "stands",
        "disputed",
        "retracted",
    ]
    late = told(scenario, "strike-29-august", "2021-09-17")
    assert late.line("d-success").shaken_by == ("d-just-cent",)
    assert late.figure("casualties/civilians/killed").origins == 2
    assert (
        late.figure("casualties/children/killed").conservative.low,
        late.figure("casualties/civilians/killed").conservative.high,
    ) == (7, 10)
    assert misfits(late) == ()


@pytest.mark.seed("S-98", "S-101", "S-102")
def test_scenario_has_cases_against_both_sides_with_what_is_open(scenario):
    assert {case.against for case in scenario.cases} >= {"evac", "third-party"}


@pytest.mark.seed("S-94")
def test_first_strike_keeps_both_counts(scenario):
    found = told(scenario, "strike-27-august", "2021-09-02").figure("casualties/targets/killed")
    assert found.superseded == ("n-1",) and found.conservative.high == 2 and found.conflicts == ()


def test_range_over_the_days_grows_with_what_is_known(scenario):
    dossier = scenario.dossier
    (incident,) = (one for one in dossier.incidents if one.id == "gate-attack")
    days = ["2021-08-25", "2021-08-26", "2021-08-27", "2022-02-04"]
    rows = by_day(incident, dossier.sources, dossier.claims, dossier.relations, days=days)
    assert rows["casualties/civilians/killed"] == (
        ("2021-08-26", None, 100),
        ("2021-08-27", 60, 100),
        ("2022-02-04", 60, 170),
    )


@pytest.mark.seed("S-44", "S-45")
def test_series_of_the_record_shows_where_it_does_not_add_up(scenario):
    found = misfits(told(scenario, "airlift", "2021-12-31"))
    assert {m.kind for m in found} == {"differs-from-daily"}
    assert {(m.key.outcome[10:], m.key.meant[8:], m.by) for m in found} == {
        ("14-august", "22", 3_100),
        ("14-august", "23", -7_000),
        ("end-of-july", "23", -7_000),
        ("14-august", "25", 4_600),
        ("14-august", "27", -2_700),
    }


@pytest.mark.seed("S-44")
def test_totals_since_july_stand_apart_from_those_since_14_august(scenario):
    figures = told(scenario, "airlift", "2021-12-31").figures
    totals = {
        f.key.outcome: {g.key.meant: g.full.low for g in figures if g.key.outcome == f.key.outcome} for f in figures
    }
    since, july = totals["out-since-14-august"], totals["out-since-end-of-july"]
    both = {day: july[day] - since[day] for day in july.keys() & since.keys()}
    assert set(both) >= {"2021-08-20", "2021-08-22", "2021-08-23", "2021-08-25"}
    assert all(5_000 <= more <= 5_700 for more in both.values()), both


@pytest.mark.seed("S-88", "S-105")
def test_list_of_names_is_reported_then_denied_and_the_denial_is_narrowed(scenario):
    def status(day):
        return {line.claim: line.status for line in told(scenario, "names-list", day).timeline}

    first, last = status("2021-08-26"), status("2021-08-30")
    assert set(first) == {"l-report", "l-q-26", "l-p-bus", "l-p-through", "l-p-unsure", "l-p-maybe"}
    assert set(first.values()) == {"stands"}
    assert {name for name, shown in last.items() if shown == "disputed"} == {"l-report", "l-q-26"}
    narrowed = {(r.source, r.target) for r in scenario.dossier.relations if r.kind == "qualifies"}
    assert narrowed >= {("l-ps-limited", "l-ps-deny"), ("l-ps-advance", "l-ps-deny"), ("l-ps-noconf", "l-ps-limited")}
    claims = {claim.id: claim for claim in scenario.dossier.claims if claim.incident == "names-list"}
    assert {claims[name].speech for name in ("l-ps-deny", "l-ps-advance")} == {"denial"}
    assert claims["l-p-unsure"].speech == "no-evidence"
    asked = [claim.question for claim in claims.values() if claim.claimant_kind == "named-office" and not claim.relay]
    assert asked and all(asked)


def test_days_are_shared_out_to_the_last_person(scenario):
    for people in (1, 16, 1_000, 122_000):
        counts = day_counts(scenario, people)
        assert sum(count for _, count in counts) == people and len(counts) == 17
    assert max(day_counts(scenario, 122_000), key=lambda row: row[1])[0] == "2021-08-24"


@pytest.mark.seed("S-53", "S-54", "S-60", "S-63", "S-111")
def test_agreement_of_the_scenario_is_whole(scenario):
    terms = agreement(scenario, ROOTS)
    assert terms.deadline == "2021-08-31T19:29:00Z" and scenario.deadline == terms.deadline_at == 1_630_438_140
    assert set(terms.purposes) == {"complete-evacuation", "protect-people"} and "threat-warning" in terms.scope
    assert "recognises" in terms.no_recognition
    assert len(terms.founding) == 2 and terms.undertakings and terms.expectations


@pytest.mark.seed("S-15", "S-18")
def test_outer_ring_is_held_by_the_cordon_and_the_gates_change_hands_at_the_end(scenario):
    terms = agreement(scenario, ROOTS)
    for point in scenario.points:
        before = "cordon" if point.ring == "outer" else "evac"
        assert holder_at(terms, point.id, scenario.now) == before
        assert holder_at(terms, point.id, scenario.last_departure) == "cordon"


@pytest.mark.seed("S-28", "S-110")
def test_names_of_one_group_and_place_resolve_to_one_identity(scenario):
    assert {scenario.resolve(name).id for name in ("ISIS-K", "iskp")} == {"armed-group-k"}
    assert scenario.resolve("Baron Hotel") == scenario.resolve("Barron Hotel")
    assert scenario.resolve("Nowhere") is None


@pytest.mark.slow
def test_everybody_of_the_busiest_day_finds_a_slot_without_a_crowd(scenario):
    people = max(count for _, count in day_counts(scenario, scenario.people))
    groups = [(group.group_id, group.heads) for group in parse_roll(generate(people, 1), filename="x").groups]
    day = Day(scenario.start, scenario.start + 86_400)
    plan = assign(groups, [day], scenario.gates(), scenario.outer_points())
    caps = {gate.id: gate.cap for gate in scenario.gates()}
    assert plan.unplaced == () and all(heads <= caps[gate] for (gate, _), heads in peak(plan).items())


@pytest.fixture
def broken(tmp_path):
    def change(name, old, new):
        folder = tmp_path / "scenario"
        shutil.copytree(FOLDER, folder)
        text = (folder / name).read_text(encoding="utf-8")
        assert old in text
        (folder / name).write_text(text.replace(old, new, 1), encoding="utf-8")
        with pytest.raises(BadInput) as caught:
            load(folder)
        return caught.value

    return change


@pytest.mark.parametrize(
    ("name", "old", "new", "code", "place"),
    [
        ("scenario.toml", "out = 16_300", "out = 16_000", "bad-scenario", "2021-08-23"),
        ("scenario.toml", '"a-cum-23"', '"a-cum-99"', "bad-field", "2021-08-23"),
        ("scenario.toml", "people = 122_000", "people = 0", "bad-field", "people"),
        ("scenario.toml", "people = 122_000", "people = 1.5", "bad-field", "people"),
        ("scenario.toml", "exercise = true", "exercise = true\ncolour = 1", "unknown-field", "scenario.toml"),
        ("scenario.toml", 'deadline = "2021-08-31T19:29:00Z"', 'deadline = "tomorrow"', "bad-field", "deadline"),
        ("scenario.toml", 'now = "2021-08-26T06:00:00Z"', 'now = "2022-08-26T06:00:00Z"', "bad-scenario", "now"),
        ("scenario.toml", 'id = "cordon"\n', 'id = "evac"\n', "bad-field", "parties"),
        ("scenario.toml", 'party = "cordon", start', 'party = "nobody", start', "bad-field", "holders"),
        ("scenario.toml", "cap = 120", 'cap = "many"', "bad-field", "cap"),
        ("scenario.toml", "[agreement]", "[agreement", "bad-toml", "scenario.toml"),
        ("scenario.toml", "records = 88_977", "records = 1", "bad-field", "errors"),
        ("scenario.toml", 'point = "abbey"', 'point = "gate-9"', "bad-field", "places.abbey"),
        ("scenario.toml", "names = { en =", "names = { de =", "bad-field", "names"),
        ("scenario.toml", "[documents]", "documents = 3\n[other]", "bad-field", "documents"),
        ("scenario.toml", 'date = "2021-08-14"\nout', 'date = "2021-08-31"\nout', "bad-scenario", "days"),
        ("scenario.toml", "out = 500\nassumed = true", "out = 500\nassumed = false", "bad-scenario", "2021-08-14"),
        ("scenario.toml", "parties]]", "sides]]", "bad-field", "agreement.parties"),
        ("scenario.toml", 'id = "evac"\nname', "name", "bad-scenario", "agreement"),
        ("claims.json", '"incident": "gate-attack"', '"incident": "other"', "bad-reference", "claim"),
        ("report.json", "{", "[", "bad-json", "report.json"),
        ("entries.json", '"kind": "meeting"', '"kind": "feast"', "unknown-kind", "entries.json[1]"),
        ("entries.json", '"hedge": "bags; no number is given"', '"count": -1', "bad-field", "bags-carried.count"),
    ],
)
def test_broken_scenario_is_refused_by_file_and_field(broken, name, old, new, code, place):
    error = broken(name, old, new)
    assert error.code == code and place in error.where, str(error)


@pytest.mark.parametrize("name", FILES)
def test_missing_file_is_named(tmp_path, name):
    shutil.copytree(FOLDER, tmp_path / "s")
    (tmp_path / "s" / name).unlink()
    with pytest.raises(BadInput) as caught:
        load(tmp_path / "s")
    assert caught.value.code == "no-scenario" and name in caught.value.where
