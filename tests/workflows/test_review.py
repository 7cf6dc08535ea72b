"""Sources are archived, what they claim is suggested, a person decides, and nothing that was recorded is overwritten."""

import json
from hashlib import sha256

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from safeconduct.agreements.fields import ID_TEXT
from safeconduct.config import NodeConfig
from safeconduct.errors import BadInput, SafeconductError
from safeconduct.incidents.claims import GRADES, VAGUE
from safeconduct.incidents.reader.model import KINDS, Happening, Suggestion
from safeconduct.incidents.reading import read_dossier
from safeconduct.wiring import close_node, init_node, open_node
from safeconduct.workflows import add_source
from safeconduct.workflows.add_source import add_sources, correct_source
from safeconduct.workflows.read_account import read_account
from safeconduct.workflows.review_suggestions import accept, decide_tie, reject, undo
from safeconduct.workflows.review_view import list_suggestions, show_review
from safeconduct.workflows.suggested_claim import FIELDS, Origin, claim_of, happening_key, propose
from workflows.review_samples import FERRY, IN_FERRY, IN_LATER, LATER, by_hand, dated_reader

DESK = "duty desk"


@pytest.fixture
def node(tmp_path):
    config = NodeConfig("evac", "Evacuating party", tmp_path / "data", exercise=True, sign_in=False)
    init_node(tmp_path, config, passphrase=None)
    made = open_node(config)
    made.clock.move_to(1_714_800_000)  # 4 May 2024
    yield made
    close_node(made)


@pytest.fixture
def ferry(node):
    """The node with one report, and its suggestions by their words."""
    add_sources(node, [("ferry.txt", FERRY.encode())], read=by_hand(IN_FERRY), outlet="Coast Gazette")
    return node, by_words(node)


def by_words(node):
    return {one.words: one.id for one in list_suggestions(node, everything=True)}


def held(node, kind):
    with node.store.reading() as tx:
        return {name: json.loads(body) for name, body, _ in tx.records.all(kind)}


def ledger(node, kind=None):
    with node.store.reading() as tx:
        return tx.ledger.size() if kind is None else [json.loads(e.envelope) for e in tx.ledger.find(kind)]


# -- sources ---------------------------------------------------------------------------------------------------------


def test_an_original_is_kept_byte_for_byte_and_the_ledger_holds_its_digest_and_not_its_text(node):
    made = add_sources(node, [("reports/ferry.txt", FERRY.encode())], read=by_hand(IN_FERRY))
    digest = sha256(FERRY.encode()).hexdigest()
    with node.store.reading() as tx:
        assert tx.sources.original(digest) == FERRY.encode()
    entry = {"digest": digest, "name": "reports/ferry.txt", "size": len(FERRY.encode())}
    assert ledger(node, "own:source") == [entry]
    assert [row.digest for row in made.new] == [digest]
    assert made.waiting == len(IN_FERRY)


def test_the_same_bytes_again_change_nothing_and_that_is_said(ferry):
    node, _ = ferry
    size, read = ledger(node), by_hand(IN_FERRY)
    made = add_sources(node, [("another name.txt", FERRY.encode())], read=read)
    assert (made.new, [row.name for row in made.known]) == ((), ["ferry.txt"])
    assert ledger(node) == size
    assert read.asked == []


def test_adding_records_no_claim(ferry):
    node, _ = ferry
    assert held(node, "claims") == {} and held(node, "sources") == {} and held(node, "incidents") == {}


@pytest.mark.parametrize(
    ("name", "data", "code"),
    [("big.txt", b"x" * ((1 << 20) + 1), "too-large"), ("empty.txt", b" \n", "empty-file"), ("..//", b"x", "bad-name")],
)
def test_what_cannot_be_taken_in_is_refused_before_anything_is_stored(node, monkeypatch, name, data, code):
    monkeypatch.setattr(add_source, "LIMIT_MB", 1)
    with pytest.raises(BadInput) as caught:
        add_sources(node, [("good.txt", FERRY.encode()), (name, data)], read=by_hand(IN_FERRY))
    assert caught.value.code == code
    assert "\n" not in str(caught.value)
    assert list_suggestions(node) == [] and ledger(node, "own:source") == []


def test_a_new_source_leaves_what_was_decided_before(ferry):
    node, ids = ferry
    accept(node, ids["Nine sailors"], by=DESK)
    reject(node, ids["3 guards"], by=DESK)
    add_sources(node, [("later.txt", LATER.encode())], read=by_hand(IN_FERRY, IN_LATER))
    states = {one.words: one.state for one in list_suggestions(node, everything=True)}
    assert (states["Nine sailors"], states["3 guards"], states["Eleven sailors"]) == ("accepted", "rejected", "open")
    assert len(states) == len(IN_FERRY) + 1


def test_a_source_that_was_archived_and_not_read_is_read_with_the_next(node):
    def fails(files, **_):
        raise RuntimeError("the machine stopped")

    with pytest.raises(RuntimeError):
        add_sources(node, [("ferry.txt", FERRY.encode())], read=fails)
    assert list_suggestions(node) == []
    add_sources(node, [("ferry.txt", FERRY.encode())], read=by_hand(IN_FERRY))
    assert len(list_suggestions(node)) == len(IN_FERRY)


@pytest.mark.seed("S-56")
def test_a_corrected_day_of_publication_is_worked_through_and_leaves_decisions(node):
    made = add_sources(node, [("a.txt", LATER.encode()), ("b.txt", b"\n" + LATER.encode())], read=dated_reader(),
                       outlet="Coast Gazette")  # fmt: skip
    first, second = list_suggestions(node)
    assert first.fields["said"] == second.fields["said"] == "2024-05-04"
    accept(node, first.id, by=DESK)
    for row in made.new:
        correct_source(node, row.digest, published="2024-05-06", read=dated_reader())
    first, second = list_suggestions(node, everything=True)
    assert (first.state, first.fields["said"]) == ("accepted", "2024-05-04")
    assert (second.state, second.fields["said"], second.said_wording) == ("open", "2024-05-06", "on Friday")
    accept(node, second.id, by=DESK)
    undo(node, first.id, by=DESK)
    accept(node, first.id, by=DESK)
    published = [(s["id"], s["published"], s["origin"]) for s in held(node, "sources").values() if s["file"] == "a.txt"]
    name = f"s-{made.new[0].digest[:12]}"  # a record of a source is never changed: the corrected day makes another
    assert published == [(name, "2024-05-04", name), (f"{name}.2", "2024-05-06", name)]


def test_a_day_that_is_none_is_refused(ferry):
    node, _ = ferry
    digest = sha256(FERRY.encode()).hexdigest()
    with pytest.raises(BadInput):
        correct_source(node, digest, published="yesterday")
    with pytest.raises(SafeconductError) as caught:
        correct_source(node, "0" * 64, published="2024-05-02")
    assert caught.value.code == "unknown-source"


@pytest.mark.seed("S-109")
def test_a_copy_is_recorded_with_the_source_that_it_comes_from_and_its_origin(node):
    read = by_hand(IN_FERRY, origins={"copy.txt": "ferry.txt"})
    files = [("ferry.txt", FERRY.encode()), ("copy.txt", FERRY.replace("hurt.", "hurt .").encode())]
    add_sources(node, files, read=read, outlet="Coast Gazette")
    ours = [one for one in list_suggestions(node) if one.words == "Nine sailors"]
    for one in ours:
        accept(node, one.id, by=DESK)
    first, second = (held(node, "sources")[claim["source"]] for claim in held(node, "claims").values())
    assert (second["derived_from"], second["origin"]) == (first["id"], first["origin"])
    view = account(node)
    assert view.figures[0].origins == 1 and view.figures[0].claims == 2


def account(node, incident="attack-ferry-landing-2024-05-01"):
    with node.store.reading() as tx:
        return read_account(tx, incident)


# -- decisions -------------------------------------------------------------------------------------------------------


@pytest.mark.seed("S-46", "S-56")
def test_to_accept_records_one_claim_with_its_source_place_and_exact_words(ferry):
    node, ids = ferry
    made = accept(node, ids["Nine sailors"], by=DESK)
    (claim,) = held(node, "claims").values()
    assert (made.state, made.claim) == ("accepted", claim["id"])
    assert FERRY[claim["start"] : claim["end"]] == claim["quote"] == claim["seen"] == "Nine sailors"
    assert (claim["min"], claim["max"], claim["basis"], claim["attribute"]) == (9, 9, "exact", "casualties")
    assert (claim["claimant"], claim["said"], claim["text"]) == ("harbour office", "2024-05-02", "9 sailors killed")
    assert (claim["meant"], claim["meant_wording"], claim["line"]) == ("", "Wednesday", 5)  # the whole incident
    source = held(node, "sources")[claim["source"]]
    assert (source["publisher"], source["file"]) == ("Coast Gazette", "ferry.txt")
    assert source["sha256"] == sha256(FERRY.encode()).hexdigest()
    incident = held(node, "incidents")[claim["incident"]]
    assert (incident["kind"], incident["date"], incident["place"]) == ("attack", "2024-05-01", "ferry landing")
    assert [line.text for line in account(node).timeline] == ["9 sailors killed"]
    assert ledger(node, "own:review")[0]["by"] == DESK


@pytest.mark.seed("S-80", "S-106", "S-108")
def test_a_quotation_keeps_its_words_its_question_and_its_way_here(ferry):
    node, ids = ferry
    accept(node, ids["We will search every boat,"], by=DESK)
    (claim,) = held(node, "claims").values()
    assert claim["quote"] == "We will search every boat,"
    assert (claim["question"], claim["relay"]) == ("about the next crossing", ["a wire service"])
    assert (claim["claimant_kind"], claim["speech"], claim["basis"]) == ("named-office", "assertion", "statement")


def test_a_second_suggestion_of_one_happening_goes_to_the_same_incident(ferry):
    node, ids = ferry
    accept(node, ids["Nine sailors"], by=DESK)
    accept(node, ids["denied that the gate had been closed"], by=DESK)
    assert len(held(node, "incidents")) == 1
    assert {claim["incident"] for claim in held(node, "claims").values()} == set(held(node, "incidents"))


def test_an_existing_incident_can_be_chosen_and_is_offered_from_then_on(ferry):
    node, ids = ferry
    accept(
        node, ids["Nine sailors"], by=DESK, changes={"incident_title": "The landing", "incident_place": "north quay"}
    )
    (chosen,) = held(node, "incidents")
    view = show_review(node, suggestion=ids["denied that the gate had been closed"])
    assert view.current.fields["incident"] == chosen
    accept(node, ids["3 guards"], by=DESK, changes={"incident": chosen})
    assert len(held(node, "incidents")) == 1
    with pytest.raises(BadInput):
        accept(node, ids["denied that the gate had been closed"], by=DESK, changes={"incident": "no-such"})


def test_an_ambiguous_suggestion_is_accepted_only_with_a_reading_which_is_recorded(ferry):
    node, ids = ferry
    name = ids["Dozens of travellers"]
    with pytest.raises(BadInput) as caught:
        accept(node, name, by=DESK)
    assert "one verb for two groups" in str(caught.value)
    assert held(node, "claims") == {}
    made = accept(node, name, by=DESK, changes={"outcome": "hurt-or-killed"}, reading="both groups")
    (claim,) = held(node, "claims").values()
    assert made.state == "amended"
    assert claim["ambiguous"] == "one verb for two groups; read here: both groups"
    assert (claim["min"], claim["max"], claim["basis"]) == (None, None, "dozens")


def test_what_the_text_says_itself_is_offered_to_its_outlet_and_without_one_asked_for(node):
    add_sources(node, [("ferry.txt", FERRY.encode())], read=by_hand(IN_FERRY))
    name = by_words(node)["3 guards"]
    with pytest.raises(BadInput) as caught:
        accept(node, name, by=DESK)
    assert "claimant" in str(caught.value)
    correct_source(node, sha256(FERRY.encode()).hexdigest(), outlet="Coast Gazette")
    changes = {"incident": "new", "incident_title": "Guards hurt", "incident_kind": "attack"}
    assert accept(node, name, by=DESK, changes=changes).state == "accepted"  # what was empty was filled in
    (claim,) = held(node, "claims").values()
    assert (claim["claimant"], claim["claimant_kind"]) == ("Coast Gazette", "body")


def test_without_a_day_of_publication_nothing_is_accepted(node):
    text = FERRY.replace("2 May 2024\n", "")
    add_sources(node, [("ferry.txt", text.encode())], read=by_hand(IN_FERRY), outlet="Coast Gazette")
    with pytest.raises(BadInput) as caught:
        accept(node, by_words(node)["Nine sailors"], by=DESK)
    assert "published" in str(caught.value)
    assert held(node, "incidents") == {} and held(node, "claims") == {}


@pytest.mark.parametrize(
    "changes",
    [{"min": "nine"}, {"min": "7"}, {"said": "Friday"}, {"speech": "song"}, {"basis": "at-most"}, {"colour": "red"},
     {"text": " "}, {"population": "!"}, {"claimant_kind": "person"}],
)  # fmt: skip
def test_a_claim_that_is_not_whole_is_refused_in_one_line_and_stays_open(ferry, changes):
    node, ids = ferry
    size = ledger(node)
    with pytest.raises(BadInput) as caught:
        accept(node, ids["Nine sailors"], by=DESK, changes=changes)
    assert "\n" not in str(caught.value)
    assert held(node, "claims") == {} and held(node, "incidents") == {} and ledger(node) == size
    assert show_review(node, suggestion=ids["Nine sailors"]).current.state == "open"


def test_what_is_decided_is_not_decided_twice(ferry):
    node, ids = ferry
    reject(node, ids["3 guards"], by=DESK)
    for act in (accept, reject):
        with pytest.raises(SafeconductError) as caught:
            act(node, ids["3 guards"], by=DESK)
        assert caught.value.code == "already-decided"
    for act in (accept, reject, undo):
        with pytest.raises(SafeconductError) as caught:
            act(node, "no-such", by=DESK)
        assert caught.value.code == "unknown-suggestion"


def test_a_rejection_is_taken_back_without_a_trace_in_the_account(ferry):
    node, ids = ferry
    with pytest.raises(SafeconductError):
        undo(node, ids["3 guards"], by=DESK)
    reject(node, ids["3 guards"], by=DESK)
    assert undo(node, ids["3 guards"], by="night desk").state == "open"
    assert held(node, "claims") == {}
    assert [entry["state"] for entry in ledger(node, "own:review")] == ["rejected", "open"]


def test_an_acceptance_taken_back_leaves_the_claim_recorded_and_shown_as_withdrawn(ferry):
    node, ids = ferry
    made = accept(node, ids["Nine sailors"], by=DESK)
    before = held(node, "claims")[made.claim]
    assert undo(node, ids["Nine sailors"], by=DESK).claim == made.claim
    assert held(node, "claims")[made.claim] == before
    status = {line.claim: line.status for line in account(node).timeline}
    assert status[made.claim] == "retracted"
    again = accept(node, ids["Nine sailors"], by=DESK)
    status = {line.claim: line.status for line in account(node).timeline}
    assert again.claim != made.claim
    assert (status[made.claim], status[again.claim]) == ("retracted", "stands")
    assert undo(node, ids["Nine sailors"], by=DESK).claim == again.claim
    view = show_review(node, suggestion=ids["Nine sailors"]).current
    assert (view.state, [state for _, state, _ in view.history]) == ("open", ["accepted", "open", "accepted"])


@pytest.mark.seed("S-51")
def test_a_relation_is_offered_once_both_ends_are_recorded_and_then_recorded(node):
    ties = (("Eleven sailors", "Nine sailors", "updates"),)
    files = [("ferry.txt", FERRY.encode()), ("later.txt", LATER.encode())]
    add_sources(node, files, read=by_hand(IN_FERRY, IN_LATER, ties=ties), outlet="Coast Gazette")
    ids = by_words(node)
    accept(node, ids["Nine sailors"], by=DESK)
    assert show_review(node).ties == ()
    accept(node, ids["Eleven sailors"], by=DESK)
    (tie,) = show_review(node).ties
    assert (tie.kind, tie.source) == ("updates", ids["Eleven sailors"])
    decide_tie(node, tie.id, by=DESK, accepted=True)
    assert show_review(node).ties == ()
    assert {line.text: line.status for line in account(node).timeline}["9 sailors killed"] == "updated"
    with pytest.raises(SafeconductError):
        decide_tie(node, tie.id, by=DESK, accepted=True)
    undo(node, ids["Eleven sailors"], by=DESK)
    accept(node, ids["Eleven sailors"], by=DESK)
    assert [one.id for one in show_review(node).ties] == [tie.id]  # the claim is another one now
    decide_tie(node, tie.id, by=DESK, accepted=False)
    assert show_review(node).ties == ()
    assert len(held(node, "relations")) == 2  # the update, and the withdrawal of the first claim


def test_the_page_goes_on_to_the_next_open_one_under_its_filters(ferry):
    node, ids = ferry
    first = show_review(node)
    assert (first.current.words, first.before, first.after) == ("Nine sailors", None, ids["We will search every boat,"])
    figures = show_review(node, kind="figure", suggestion=ids["Nine sailors"])
    assert (figures.after, figures.total, figures.decided) == (ids["Dozens of travellers"], 3, 0)
    reject(node, ids["Nine sailors"], by=DESK)
    after = show_review(node, kind="figure")
    assert (after.current.words, after.decided) == ("Dozens of travellers", 1)
    assert {kind: (done, all_) for kind, done, all_ in after.kinds}["figure"] == (1, 3)


def test_the_text_is_shown_whole_with_each_suggestion_at_its_place(node):
    page = b"<html><head><title>Ferry</title></head><body><p>Nine sailors &amp; <b>3 guards</b> were hurt.</p></body></html>"
    add_sources(node, [("ferry.html", page)], read=by_hand(IN_FERRY))
    view = show_review(node)
    (paragraph,) = [p for p in view.paragraphs if p.kind == "paragraph"]
    assert "".join(piece.text for piece in paragraph.pieces) == "Nine sailors & 3 guards were hurt."
    marked = {piece.text: (piece.current, piece.first) for piece in paragraph.pieces if piece.suggestion}
    assert marked == {"Nine sailors": (True, True), "3 guards": (False, False)}


def test_a_suggestion_within_another_is_reached_and_both_are_seen(node):
    table = (("3 guards were hurt", "allegation", {}), ("3 guards", "figure", {"min": 3, "max": 3, "basis": "exact"}))
    add_sources(node, [("a.txt", b"It is said that 3 guards were hurt at the gate.\n")], read=by_hand(table))
    ids = by_words(node)
    outer = show_review(node, suggestion=ids["3 guards were hurt"])
    pieces = [(p.text, p.suggestion, p.current, p.first) for q in outer.paragraphs for p in q.pieces if p.suggestion]
    assert pieces == [
        ("3 guards", ids["3 guards"], True, True), (" were hurt", ids["3 guards were hurt"], True, False),
    ]  # fmt: skip


def test_of_a_long_text_the_part_around_the_suggestion_is_shown(node):
    text = "\n\n".join(f"Paragraph {n} of a long report without any count." for n in range(6_000))
    text += "\n\nNine sailors were killed.\n\n" + text
    add_sources(node, [("long.txt", text.encode())], read=by_hand(IN_FERRY))
    view = show_review(node)
    shown = sum(len(piece.text) for p in view.paragraphs for piece in p.pieces)
    assert shown < 90_000 and view.cut.startswith("characters ")
    assert any(piece.first for p in view.paragraphs for piece in p.pieces)


# -- from a suggestion to a claim ------------------------------------------------------------------------------------

NAMES = st.sampled_from(["", "harbour office", "ein Büro", "three officials", "  two\nlines  "])
DAYS = st.sampled_from(["", "2024-05-02", "2024-05-01/2024-05-03"])
TEXT = "Nine sailors,\r\nat least, were killed \x00 “so it is said”."


@st.composite
def suggestions(draw):
    low = draw(st.integers(0, 10**6))
    high = draw(st.integers(low, 10**6 + 1))
    basis, low, high = draw(st.sampled_from([
        *((basis, low, low) for basis in ("exact", "about")), *((basis, low, None) for basis in ("at-least", "more-than")),
        *((basis, None, high) for basis in ("up-to", "fewer-than")), ("between", low, high),
        *((basis, None, None) for basis in (*VAGUE, "a-few", "thousands")),
    ]))  # fmt: skip
    start = draw(st.integers(0, len(TEXT) - 1))
    return Suggestion(
        "x", "a.txt", start, draw(st.integers(start + 1, len(TEXT))), draw(st.sampled_from(KINDS)),
        claimant=draw(NAMES), claimant_kind=draw(st.sampled_from(["", "person", "body", "unnamed"])),
        claimant_count=draw(st.none() | st.integers(1, 9)), relay=draw(st.sampled_from([(), ("wire", "wire", "paper")])),
        population=draw(NAMES), outcome=draw(st.sampled_from(["", "killed", "turned-away"])), min=low, max=high,
        basis=basis,
        said=draw(DAYS), meant=draw(DAYS), actor=draw(NAMES), grade=draw(st.sampled_from(GRADES)), quote=TEXT,
        hedge=draw(st.sampled_from(["", "may"])), unit=draw(st.sampled_from(["", "people", "attacks"])),
    )  # fmt: skip


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(suggestions(), st.booleans())
def test_every_suggestion_makes_a_claim_that_is_whole_or_says_what_it_lacks(one, told):
    happening = Happening("h", "attack", "2024-05-01", "quay", "A blast") if told else None
    fields = propose(one, happening, Origin("d" * 64, "a.txt", "2024-05-02", "Coast Gazette"))
    assert set(fields) == set(FIELDS)
    assert fields["claimant"] and fields["said"] and fields["text"]
    claim = claim_of(fields, one, TEXT) | {"id": "c", "incident": "i", "source": "s"}
    incident = {"id": "i", "title": "t", "kind": "attack", "date": "2024-05-01", "place": "p"}
    source = {
        "id": "s",
        "kind": "press-report",
        "publisher": "p",
        "published": "2024-05-02",
        "file": "a",
        "origin": "s",
    }
    parts = {"incidents": [incident], "sources": [source], "claims": [claim], "relations": [], "cases": []}
    dossier, _ = read_dossier(json.dumps(parts).encode())
    (made,) = dossier.claims
    assert made.is_figure == (one.kind in ("figure", "duration"))
    assert made.quote in ("", TEXT[one.start : one.end])


def test_an_incident_keeps_its_id_whatever_number_the_reader_gives_it():
    one = Happening("h1", "attack", "2024-05-01", "ferry-landing", "x")
    assert happening_key(one) == "attack-ferry-landing-2024-05-01"
    other = Happening("h9", "attack", "", "ferry-landing", "Blast at the landing")
    assert happening_key(other) == "attack-ferry-landing-blast-at-the-landing"


def test_an_id_of_an_incident_fits_whatever_the_words_are():
    for date in ("2024-05-01/2024-05-03", ""):
        key = happening_key(Happening("h", "x" * 90, date, "y " * 90, "z" * 90))
        assert ID_TEXT.fullmatch(key), key


def test_two_incidents_of_one_kind_place_and_day_are_told_apart_by_their_titles(ferry):
    node, ids = ferry
    for words, title in (("Nine sailors", "First"), ("We will search every boat,", "Second"), ("3 guards", "Second")):
        new = {"incident": "new", "incident_title": title, "incident_kind": "attack", "incident_place": "quay",
               "incident_date": "2024-05-01"}  # fmt: skip
        accept(node, ids[words], by=DESK, changes=new)
    found = {name: incident["title"] for name, incident in held(node, "incidents").items()}
    assert found == {"attack-quay-2024-05-01": "First", "attack-quay-2024-05-01.2": "Second"}
