"""Rows of the list of requirements, each shown on the reports from which it was read.

What a report says is looked up by a short snippet; its line and its span come from the report itself.
"""

import json

import pytest

from safeconduct.agreements.entries import make_entry, to_json
from safeconduct.incidents.figures import compatible
from safeconduct.incidents.reader.suggest import read
from safeconduct.storage.database import search_everywhere
from safeconduct.wiring import close_node
from safeconduct.workflows.compare_audiences import compare_audiences
from safeconduct.workflows.protected_list import add_protected, read_concerned
from safeconduct.workflows.read_account import read_account
from safeconduct.workflows.read_entries import list_entries
from safeconduct.workflows.record_entries import record_entries
from safeconduct.workflows.record_incident import record_incident
from safeconduct.workflows.show_oversight import show_oversight
from safeconduct.workflows.take_testimony import new_custodian, read_testimonies, take_testimony
from workflows.five_reports import files, fresh_node, given_days

NO_BREAK = "\u00a0"
ATTACK = "attack-2021-08-26"


class Reports:
    """One reading of all five, asked by number of file and snippet."""

    def __init__(self):
        given = files()
        self.reading = read(given, published=given_days(given))
        self.documents = {one.file[:3]: one for one in self.reading.documents}
        self.by_id = {one.id: one for one in self.reading.suggestions}

    def place(self, number, snippet):
        """Where a snippet begins in the file as decoded; it may stand several times: the first."""
        text = self.documents[number].text.replace(NO_BREAK, " ")
        found = text.find(snippet)
        assert found >= 0, snippet
        return found

    def line(self, number, snippet):
        return self.documents[number].text.count("\n", 0, self.place(number, snippet)) + 1

    def all(self, number, snippet, kind=""):
        """Suggestions over a snippet, or within it."""
        start = self.place(number, snippet)
        end = start + len(snippet)
        return [
            one
            for one in self.reading.suggestions
            if one.file[:3] == number and one.start < end and start < one.end and kind in ("", one.kind)
        ]

    def one(self, number, snippet, kind):
        (found,) = self.all(number, snippet, kind)
        return found

    def ties(self, one):
        return {(tie.kind, tie.target) for tie in self.reading.ties if tie.source == one.id}

    def cited(self, number, snippet):
        """File and line, as an entry of the log cites it."""
        return f"{self.documents[number].file}, line {self.line(number, snippet)}"


@pytest.fixture(scope="module")
def reports():
    return Reports()


@pytest.fixture
def node(tmp_path):
    made, config = fresh_node(tmp_path)
    yield made, config
    close_node(made)


def enter(node, reports, report, snippet, kind, day, **fields):
    """One entry of the log that cites the place of a snippet."""
    given = make_entry(kind, fields, reports.cited(report, snippet), f"{day}T12:00:00Z")
    (made,) = record_entries(node[0], to_json(given))
    return made.id


def held(node, kind):
    with node[0].store.reading() as tx:
        return [one.entry for one in list_entries(tx, kind)]


def record(node, reports, number, snippet, *names, source=None, **parts):
    """Claims by their names at the place of a snippet, with an incident of their own."""
    document = reports.documents[number]
    said = {"day": document.published or "2021-08-31"}
    base = {
        "incidents": [
            {"id": "case", "title": "What the report tells", "kind": "harm", "date": "2021-08-26", "place": "a gate"}
        ],
        "sources": [
            {"id": "report", "kind": "press-report", "publisher": "a paper", "published": said["day"],
             "file": document.file, "origin": "report"},
            *([source] if source else []),
        ],
        "claims": [claim(reports, number, snippet, name, said["day"]) for name in names],
    }  # fmt: skip
    for name, some in parts.items():
        base[name] = [*base.get(name, []), *some]
    record_incident(node[0], json.dumps(base).encode())


def claim(reports, number, snippet, name, day, **more):
    return {
        "id": name, "incident": "case", "attribute": "event", "population": "people", "outcome": name, "said": day,
        "claimant": "an office", "source": "report", "line": reports.line(number, snippet),
        "text": f"What is told of {name}.", **more,
    }  # fmt: skip


def account(node, known_at=None):
    with node[0].store.reading() as tx:
        return read_account(tx, "case", known_at=known_at)


# -- figures -------------------------------------------------------------------------------------------------------


@pytest.mark.seed("S-48")
def test_one_verb_for_two_groups_is_flagged_and_not_guessed(reports):
    people, guards = reports.one("000", "60 civilians", "figure"), reports.one("000", "12 United States", "figure")
    assert (people.population, people.outcome, people.min, people.max) == ("civilians", "injured", 60, None)
    assert (guards.population, guards.min, guards.max) == ("service-members", 12, 12)
    assert people.ambiguous and guards.ambiguous
    assert not reports.one("000", "about 140 others", "figure").ambiguous


@pytest.mark.seed("S-49")
def test_an_upper_bound_stays_one_beside_lower_ones(reports):
    most = reports.one("001", "up to 100", "figure")
    assert (most.min, most.max, most.basis, most.outcome) == (None, 100, "up-to", "killed")
    all_told = reports.one("001", "170 Afghan civilians", "figure")
    assert not compatible(most, all_told) and ("contradicts", most.id) in reports.ties(all_told)


@pytest.mark.seed("S-50")
def test_vague_words_get_no_number_and_fit_exact_ones(reports):
    dozens, many = reports.one("002", "dozens of Afghan", "figure"), reports.one("003", "many Afghans", "figure")
    assert (dozens.min, dozens.max, dozens.basis) == (None, None, "dozens")
    assert (many.min, many.max, many.basis) == (None, None, "many")
    assert compatible(dozens, reports.one("001", "170 Afghan civilians", "figure"))


@pytest.mark.seed("S-51")
def test_thirteen_updates_at_least_twelve(reports):
    first, later = reports.one("003", "at least 12", "figure"), reports.one("001", "13 US", "figure")
    assert (first.basis, first.min, first.max) == ("at-least", 12, None)
    assert (later.min, later.max) == (13, 13) and compatible(first, later)
    assert ("updates", first.id) in reports.ties(later)
    assert reports.one("004", "13 U.S. service", "figure").population == first.population


@pytest.mark.seed("S-52")
def test_latest_toll_has_its_own_place_and_days_and_the_older_ones_stay(reports):
    latest = [reports.one("001", words, "figure") for words in ("170 Afghan civilians", "13 US")]
    assert [(one.population, one.min) for one in latest] == [("civilians", 170), ("service-members", 13)]
    assert all(one.meant == "2021-08-01/2021-08-31" and one.incident.startswith(ATTACK) for one in latest)
    assert reports.one("001", "At least 12", "figure").min == 12


@pytest.mark.seed("S-56")
def test_a_relative_span_is_worked_out_and_its_words_are_kept(reports):
    days = reports.one("003", "next five days", "duration")
    assert (days.meant, days.meant_wording) == ("2021-08-26/2021-08-31", "in the next five days")
    assert (days.min, days.unit) == (5, "days")


@pytest.mark.seed("S-94")
def test_one_speaker_updates_the_count_on_the_next_day(reports):
    first, later = reports.one("001", "an ISIS-K target", "figure"), reports.one("001", "two “high-profile”", "figure")
    assert (first.min, later.min, first.incident) == (1, 2, later.incident)
    assert (first.said, later.said, later.said_wording) == ("2021-08-27", "2021-08-28", "The following day")
    assert ("updates", first.id) in reports.ties(later)
    hurt = reports.one("001", "one other person", "figure")
    assert (hurt.outcome, hurt.said) == ("injured", "2021-08-28")


@pytest.mark.seed("S-97")
def test_ten_killed_are_one_figure_with_seven_children_as_its_part(reports):
    total, part = reports.one("001", "10 civilians", "figure"), reports.one("001", "seven children. “I", "figure")
    assert (total.min, total.outcome, total.claimant_kind) == (10, "killed", "body")
    assert (part.min, part.population, part.part_of) == (7, "children", total.id)
    assert reports.one("001", "Ten members", "figure").claimant_kind == "unnamed"


# -- how it was said -----------------------------------------------------------------------------------------------


@pytest.mark.seed("S-25")
def test_an_allegation_stays_one_and_its_author_stays_unnamed(reports):
    found = reports.one("002", "Taliban battered", "allegation")
    assert (found.claimant_kind, found.population) == ("unnamed", "mistreatment")


@pytest.mark.seed("S-80")
def test_an_answer_keeps_its_question(reports):
    assert "complacency" in reports.one("000", "convince me that", "quotation").question
    assert reports.one("004", "put a label", "quotation").question.startswith("What is the Taliban?")
    assert reports.one("000", "We shared this", "quotation").question == ""


@pytest.mark.seed("S-84")
def test_grades_of_blame_are_kept_apart_by_source(reports):
    grades = {
        (number, words): reports.one(number, words, "attribution").grade
        for number, words in (("000", "is suspected of"), ("001", "are presumed"), ("003", "two ISIS-K-linked"),
                              ("003", "administration attributed"), ("004", "were believed to"))
    }  # fmt: skip
    assert list(grades.values()) == ["suspected", "presumed", "linked", "attributed", "believed"]
    assert reports.one("000", "is suspected of", "attribution").actor == "islamic-state"
    assert reports.one("004", "were believed to", "attribution").actor == "islamic-state-khorasan"


@pytest.mark.seed("S-85")
def test_who_claims_to_have_done_it_is_its_own_kind_by_the_actor_itself(reports):
    for number in ("003", "004"):
        found = reports.one(number, "claimed responsibility", "claim-of-responsibility")
        assert (found.actor, found.grade) == ("islamic-state-khorasan", "claimed-by-actor")
        assert found.claimant in ("ISIS-K", "Afghan affiliate of the Islamic State")
        assert found.incident.startswith(ATTACK)
    assert reports.one("003", "claimed responsibility", "claim-of-responsibility").meant_wording == "Thursday evening"


@pytest.mark.seed("S-86")
def test_condemnations_are_tied_to_the_incident(reports):
    for number, words in (("000", "strongly condemned"), ("001", "condemned the blasts")):
        found = reports.one(number, words, "condemnation")
        assert found.incident.startswith(ATTACK) and found.claimant_kind == "body"


@pytest.mark.seed("S-88")
def test_knowing_of_nothing_is_no_denial(reports):
    for number, words in (("000", "had no information"), ("000", "anything to convince"), ("003", "no indication")):
        assert reports.one(number, words, "no-evidence").population == "complicity"
        assert not reports.all(number, words, "denial")


@pytest.mark.seed("S-89")
def test_what_is_expected_is_an_assessment_with_its_author_and_words(reports):
    found = reports.all("003", "attacks to continue", "assessment")
    assert found and all(one.claimant_kind == "person" and one.said == "2021-08-26" for one in found)
    assert any("real" in self_text(reports, one) for one in reports.all("003", "is extremely real", "assessment"))


def self_text(reports, one):
    return reports.documents[one.file[:3]].text[one.start : one.end]


@pytest.mark.seed("S-95")
def test_a_mistake_admitted_later_corrects_the_reason_given_before(reports):
    reason = reports.one("001", "carrying explosives", "justification")
    admitted = reports.one("001", "has acknowledged", "admission")
    assert ("corrects", reason.id) in reports.ties(admitted)
    own = reports.one("001", "was necessary to", "justification")
    assert ("corrects", own.id) in reports.ties(admitted)


@pytest.mark.seed("S-96")
def test_a_challenge_is_tied_to_the_account_that_it_doubts_with_its_method(reports):
    challenge = reports.one("001", "cast doubt", "challenge")
    reason = reports.one("001", "carrying explosives", "justification")
    (tie,) = [tie for tie in reports.reading.ties if tie.source == challenge.id]
    assert (tie.kind, tie.target, tie.method) == ("disputes", reason.id, "video analysis, interviews")
    other = reports.one("001", "calls into question", "challenge")
    assert {kind for kind, _ in reports.ties(other)} == {"disputes"} and other.claimant == "CNN"


@pytest.mark.seed("S-100")
def test_a_denied_explanation_stands_beside_what_is_alleged_each_with_its_holder(reports):
    denied = reports.one("001", "caused by ball-bearings", "denial")
    assert (denied.claimant, denied.claimant_kind, denied.population) == ("medics", "unnamed", "cause: ball-bearings")
    said = reports.one("001", "had been shot", "allegation")
    assert said.population == "shooting" and ("denies", said.id) not in reports.ties(denied)


@pytest.mark.seed("S-101")
def test_an_allegation_against_the_own_side_is_the_same_kind_of_suggestion(reports):
    own, partner = (
        reports.one("001", "troops firing", "allegation"),
        reports.one("002", "Taliban battered", "allegation"),
    )
    assert own.kind == partner.kind and own.claimant_kind == partner.claimant_kind == "unnamed"
    assert own.incident.startswith(ATTACK)


@pytest.mark.seed("S-78")
def test_those_who_are_barred_are_named_and_by_whom(reports, node):
    found = reports.one("001", "barred local medics", "restriction")
    assert (found.population, found.claimant) == ("medics", "Taliban")
    assert not [one for one in reports.all("001", "barred local medics", "figure") if one.min == 0]


@pytest.mark.seed("S-92")
def test_a_day_told_only_against_another_event_is_kept_as_an_order(reports, node):
    record(
        node, reports, "001", "only days before", "freed", claims=[
            claim(reports, "001", "only days before", "released", "2021-08-27", order="before", relative_to="case",
                  meant_wording="days before"),
        ],
    )  # fmt: skip
    (order,) = account(node).orders
    assert (order.claim, order.order, order.wording) == ("released", "before", "days before")


# -- incidents -----------------------------------------------------------------------------------------------------


@pytest.mark.seed("S-81")
def test_how_many_attacks_there_were_is_told_by_each_source(reports):
    attacks, blasts = (
        reports.one("000", "two bomb attacks", "figure"),
        reports.one("003", "two ISIS-K-linked", "figure"),
    )
    assert (attacks.unit, attacks.min, blasts.unit, blasts.min) == ("attacks", 2, "blasts", 2)
    assert attacks.incident == blasts.incident == reports.one("001", "At least 12", "figure").incident


@pytest.mark.seed("S-82")
def test_bomb_and_gunfire_belong_to_one_incident(reports):
    blast = reports.one("001", "A second such", "allegation").incident
    assert blast == reports.one("001", "had been shot", "allegation").incident
    assert reports.one("001", "troops firing", "allegation").population == "shooting"


@pytest.mark.seed("S-83")
def test_a_part_that_one_source_reports_is_an_allegation(reports):
    found = reports.one("001", "Baron Hotel", "allegation")
    assert found.incident.startswith(ATTACK) and found.claimant == ""
    assert not [one for number in ("000", "002", "003", "004") if "Baron" in reports.documents[number].text
                for one in reports.reading.suggestions]  # fmt: skip


@pytest.mark.seed("S-90")
def test_rockets_known_from_a_caption_are_an_incident_without_author(reports):
    found = reports.one("004", "multiple rockets", "figure")
    assert found.incident.startswith("rockets-2021-08-30") and found.basis == "several"
    about = [one for one in reports.reading.suggestions if one.incident == found.incident]
    assert {one.kind for one in about} == {"figure"}


@pytest.mark.seed("S-93")
def test_an_identity_that_is_withheld_is_a_statement_of_its_own(reports):
    found = reports.one("001", "did not name", "withheld")
    assert found.population == "identity" and not found.actor


@pytest.mark.seed("S-91")
def test_people_let_out_of_prison_are_a_vague_figure_by_its_speaker(reports):
    found = reports.one("002", "a lot of", "figure")
    assert (found.outcome, found.basis, found.min, found.claimant_kind) == ("released", "many", None, "person")


# -- voices, copies, names -----------------------------------------------------------------------------------------


@pytest.mark.seed("S-105")
def test_unnamed_voices_are_kept_apart_from_offices(reports):
    kinds = {one.claimant: one.claimant_kind for one in reports.reading.suggestions if one.claimant}
    assert kinds["reports"] == kinds["US officials"] == kinds["medics"] == "unnamed"
    assert kinds["White House"] == kinds["Pentagon"] == "body"
    survivor = reports.one("001", "Ten members", "figure")
    assert (survivor.claimant, survivor.claimant_count) == ("survivor", 1)
    officials = reports.one("002", "three senior", "figure")
    assert (officials.population, officials.min) == ("officials", 3)


@pytest.mark.seed("S-106")
def test_through_whom_a_statement_came_is_kept(reports):
    assert reports.one("001", "Ten members", "figure").relay == ("CNN",)
    assert reports.one("001", "practical reason", "quotation").relay == ("CNN",)
    group = next(some for some in reports.reading.variants if reports.one("000", "There is an", "quotation").id in some)
    assert {reports.by_id[name].file[:3] for name in group} == {"000", "001", "003"}


@pytest.mark.seed("S-107")
def test_several_outlets_stand_for_the_whole_passage(reports):
    assert reports.one("001", "up to 100", "figure").relay == ("NYT", "Al Jazeera", "Khaama")
    assert reports.one("001", "barred local medics", "restriction").relay[-3:] == ("NYT", "Al Jazeera", "Khaama")


@pytest.mark.seed("S-108")
def test_a_stray_mark_stays_and_the_two_wordings_are_paired(reports):
    first, second = reports.one("001", "strike was not", "quotation"), reports.one("004", "strike was not", "quotation")
    assert "hunt 'down" in second.quote and "hunt down" in first.quote.replace(NO_BREAK, " ")
    assert any({first.id, second.id} <= set(group) for group in reports.reading.variants)


@pytest.mark.seed("S-109")
def test_a_republished_text_names_its_origin_and_copies_are_found(reports):
    assert reports.reading.origins[reports.documents["003"].file] == "Business Insider"
    captions = [group for group in reports.reading.copies if {place[0][:3] for place in group} == {"004"}]
    assert len(captions) >= 4


@pytest.mark.seed("S-110")
def test_aliases_are_one_identity_and_the_name_used_is_kept(reports):
    names = {}
    for found in reports.reading.names.items():
        text = next(one.plain for one in reports.reading.documents if one.file == found[0])
        for name in found[1]:
            names.setdefault(name.identity, set()).add(text[name.start : name.end])
    assert {"ISIS-K", "ISKP", "Islamic State-Khorasan Province"} <= names["islamic-state-khorasan"]
    assert {"Taliban", "Afghanistan Islamic Emirate"} <= names["taliban"]
    assert "ISIS-K" not in names["islamic-state"]
    assert reports.one("001", "condemned the blasts", "condemnation").claimant == "Afghanistan Islamic Emirate"


@pytest.mark.seed("S-73")
def test_a_remark_on_conduct_is_a_statement_with_its_day_and_no_figure(reports, node):
    said = reports.one("002", "very pragmatic", "assessment")
    assert said.claimant_kind == "person" and said.said == "2021-08-30" and said.min is None
    enter(node, reports, "002", "very pragmatic", "conduct-remark", said.said, speaker="a commander", about="partner",
          text="Calls the other side practical in the last days.")  # fmt: skip
    (kept,) = held(node, "conduct-remark")
    assert kept.source.endswith("line 9")


# -- kept by the workflows -----------------------------------------------------------------------------------------


@pytest.mark.seed("S-13")
def test_what_the_log_holds_and_the_public_account_does_not_is_listed(reports, node):
    log = {"id": "log", "kind": "log", "publisher": "duty log", "published": "2021-08-31", "file": "log.txt",
           "origin": "log"}  # fmt: skip
    record(
        node, reports, "002", "well exceeded", "public", source=log,
        claims=[claim(reports, "002", "well exceeded", "inside", "2021-08-31", source="log")],
        relations=[{"from": "inside", "to": "public", "kind": "contradicts"}],
    )  # fmt: skip
    with node[0].store.reading() as tx:
        found = compare_audiences(tx, "case")
    assert found.claims == ("inside",) and [one.claim for one in found.undercut] == ["public"]


@pytest.mark.seed("S-19")
def test_passage_upstream_is_a_belief_of_unnamed_voices_and_a_hypothesis(reports, node):
    found = reports.one("003", "attacker would have", "assessment")
    assert found.claimant_kind == "unnamed" and "would have" in found.hedge
    record(node, reports, "003", "attacker would have", "passage")
    for day, status in (("2021-08-27", "open"), ("2021-08-28", "contested")):
        enter(node, reports, "003", "attacker would have", "upstream-passage", day, incident="case", point="outer-1",
              status=status, because="what officials believe")  # fmt: skip
    assert [one.fields["status"] for one in held(node, "upstream-passage")] == ["open", "contested"]


@pytest.mark.seed("S-59")
def test_equipment_left_is_kept_with_origin_and_a_hedge_for_a_count(reports, node):
    enter(node, reports, "004", "tactical helmets", "equipment-left", "2021-09-02", item="body armour and helmets",
          origin="troops that left", state="unknown", hedge="a huge amount")  # fmt: skip
    (kept,) = held(node, "equipment-left")
    assert kept.fields["hedge"] and kept.fields["count"] is None and kept.source.endswith("line 38")


@pytest.mark.seed("S-66")
def test_a_clarification_is_linked_to_what_it_qualifies(reports, node):
    first = enter(node, reports, "003", "actually providing security", "public-statement", "2021-08-26",
                  speaker="a commander", occasion="press conference", text="The other side guards the outer ring.")  # fmt: skip
    enter(node, reports, "003", "clarified that", "public-statement", "2021-08-26", speaker="press secretary",
          occasion="evening briefing", text="That makes nobody a friend.", about=first)  # fmt: skip
    assert [one.fields.get("about") for one in held(node, "public-statement")] == [None, first]
    trust = reports.all("003", "a group we", "quotation")
    assert trust and trust[0].claimant_kind == "person"


@pytest.mark.seed("S-67")
def test_the_relation_may_stay_without_a_label(reports, node):
    enter(node, reports, "004", "put a label", "relation-label", "2021-08-31", speaker="security adviser")
    enter(node, reports, "004", "their mutual enemy", "relation-label", "2021-09-01", speaker="a paper", label="enemy")
    assert [one.fields.get("label") for one in held(node, "relation-label")] == [None, "enemy"]


@pytest.mark.seed("S-77")
def test_two_speakers_say_the_same_on_two_occasions(reports, node):
    for speaker, occasion in (("head of government", "address"), ("a commander", "press conference")):
        enter(node, reports, "003", "both confirmed", "public-statement", "2021-08-26", speaker=speaker,
              occasion=occasion, text="Coordination goes on.")  # fmt: skip
    kept = held(node, "public-statement")
    assert len({one.fields["speaker"] for one in kept}) == 2 and len({one.fields["text"] for one in kept}) == 1


@pytest.mark.seed("S-79")
def test_testimony_of_a_witness_is_apart_from_who_it_was(reports, node):
    found = reports.one("001", "had been shot", "allegation")
    assert found.claimant_kind == "unnamed" and found.relay == ("CNN",)
    new_custodian(node[0])
    who = "Testname Exampleson, ward 9"
    taken = take_testimony(node[0], b"Some of the wounds that I saw were from bullets.", who.encode())
    with node[0].store.reading() as tx:
        assert [one.number for one in read_testimonies(tx)] == [taken.number]
    assert set(search_everywhere(node[1].data_dir / "node.db", [who]).values()) == {0}


def step(name, day, track, status, **more):
    return {"track": track, "status": status, "by": "an office", "said": day, "claim": name, **more}


@pytest.mark.seed("S-97", "S-98")
def test_talk_of_payment_is_an_explored_stage_and_never_paid(reports, node):
    steps = [step("harmed", "2021-08-27", "harm", "acknowledged"),
             step("talk", "2021-08-27", "amends", "exploring", to="family-1")]  # fmt: skip
    record(node, reports, "001", "ex gratia payments", "harmed", "talk",
           cases=[{"id": "one", "incident": "case", "against": "third-party", "steps": steps}])  # fmt: skip
    (case,) = account(node).cases
    (amends,) = case.amends
    assert not amends.paid and case.open and case.harm.status == "acknowledged"
    assert reports.one("001", "ex gratia payments", "quotation").claimant_kind == "person"


@pytest.mark.seed("S-102", "S-103")
def test_a_case_stays_open_until_a_reported_act_closes_it_with_what_is_unconfirmed(reports, node):
    closed = {"reported_by": "a security council", "unconfirmed": "who was killed"}
    steps = [step("promised", "2021-09-02", "accountability", "open"),
             step("killed", "2022-04-25", "accountability", "closed", **closed)]  # fmt: skip
    record(
        node, reports, "004", "hold them accountable", "promised",
        claims=[claim(reports, "004", "hold them accountable", "killed", "2022-04-25")],
        cases=[{"id": "one", "incident": "case", "against": "third-party", "steps": steps}],
    )  # fmt: skip
    (early,), (late,) = account(node, "2021-09-03").cases, account(node).cases
    assert early.open and not late.open
    assert (late.closed.reported_by, late.closed.unconfirmed) == ("a security council", "who was killed")
    told = reports.one("001", "Security Council said", "attribution")
    assert (told.said, told.claimant_kind) == ("2022-04-25", "body")


@pytest.mark.seed("S-99")
def test_a_worker_on_the_protected_list_is_found_by_number_with_who_had_been_told(reports, node):
    assert reports.line("001", "US aid group") == 32
    record(node, reports, "001", "US aid group", "strike")
    (number,) = add_protected(node[0], json.dumps([{"kind": "staff", "text": "driver of the Blue Trust"}]).encode())
    enter(node, reports, "001", "US aid group", "protected-concerned", "2021-08-29", number=number, incident="case",
          how="in the car that was hit")  # fmt: skip
    with node[0].store.reading() as tx:
        (found,) = read_concerned(node[0], tx, "case")
    assert (found.number, found.told) == (number, ())


@pytest.mark.seed("S-104")
def test_oversight_reads_a_decision_with_its_counted_critics(reports, node):
    critics = reports.one("004", "dozens of retired", "figure")
    assert (critics.basis, critics.min, critics.population) == ("dozens", None, "officials")
    decision = enter(node, reports, "004", "intense pressure", "decision-reason", "2021-08-31", office="chiefs of staff",
                     decision="leave by the date", reason="the date was agreed", lowers="losses",
                     makes="people left behind")  # fmt: skip
    enter(node, reports, "004", "should resign", "criticism", "2021-09-02", of=decision, author="retired officers",
          text="Ask two heads of office to go.")  # fmt: skip
    with node[0].store.reading() as tx:
        (one,) = show_oversight(tx).decisions
    assert [(critic.author, critic.authors) for critic in one.critics] == [("retired officers", None)]


@pytest.mark.seed("S-112")
def test_who_examined_a_scene_is_recorded_with_its_place_in_the_caption(reports, node):
    record(node, reports, "004", "investigates a damaged", "rockets")
    enter(node, reports, "004", "investigates a damaged", "scene-examined", "2021-08-30", incident="case",
          by="a fighter of the partner", place="a damaged car")  # fmt: skip
    (kept,) = held(node, "scene-examined")
    assert kept.fields["incident"] == "case" and kept.source.endswith("line 52")
