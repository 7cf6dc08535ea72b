"""Beside the figures: judgements, parts, order, audiences, protected list, upstream points, oversight."""

import json
from hashlib import sha256

import pytest
from typer.testing import CliRunner

from safeconduct.agreements.entries import make_entry, to_json
from safeconduct.cli.main import app
from safeconduct.errors import BadInput, SafeconductError
from safeconduct.storage.database import search_everywhere
from safeconduct.workflows.compare_audiences import compare_audiences
from safeconduct.workflows.protected_list import add_protected, read_concerned, read_protected
from safeconduct.workflows.publish_bundle import publish_bundle
from safeconduct.workflows.read_account import read_account
from safeconduct.workflows.receive_segment import receive_from_device
from safeconduct.workflows.record_entries import record_entries
from safeconduct.workflows.record_incident import record_incident
from safeconduct.workflows.show_oversight import show_oversight
from safeconduct.workflows.source_rows import SourceRow
from safeconduct.workflows.trace_upstream import trace_upstream
from workflows.two_nodes import HOUR, START, Phone

DAY, NEXT, LATER = "2021-08-26", "2021-08-27", "2021-09-01"
LIST = [{"kind": "staff", "text": "driver of the Blue Example Trust"}, {"kind": "vehicle", "text": "plate QX 77-119"},
        {"kind": "site", "text": "store behind the old mill"}]  # fmt: skip


def source(name, **more):
    return {"id": name, "kind": "press-report", "publisher": f"paper {name}", "published": DAY, "file": f"{name}.txt",
            "origin": name, **more}  # fmt: skip


def incident(name="gate", **more):
    return {"id": name, "title": f"The {name}", "kind": "attack", "date": DAY, "place": "a gate", **more}


def claim(name, **more):
    return {"id": name, "incident": "gate", "attribute": "event", "population": "people", "outcome": name, "said": DAY,
            "claimant": "an office", "source": "a", "line": 1, "text": f"What {name} says.", **more}  # fmt: skip


def record(node, **parts):
    return record_incident(node, json.dumps(parts).encode())


def read(node, name="gate", **when):
    with node.store.reading() as tx:
        return read_account(tx, name, **when)


def enter(node, kind, at, **fields):
    (made,) = record_entries(node, to_json(make_entry(kind, fields, "log, line 2", f"{at}T09:00:00Z")))
    return made.id


@pytest.fixture
def node(world):
    record(world.evac, incidents=[incident()], sources=[source("a"), source("b", published=LATER)],
           claims=[claim("one"), claim("two", said=NEXT, source="b")])  # fmt: skip
    return world.evac


def test_judgements_are_shown_side_by_side_from_their_day_and_recording_on(node):
    judged = {"about": "one", "said": NEXT, "why": "One voice.", "by": "analysis cell"}
    record(node, assessments=[{"id": "j1", "grade": "weak", **judged}, {"id": "j2", "grade": "confirmed", **judged},
                              {"id": "j3", "grade": "fair", **judged, "about": "gate", "said": LATER}])  # fmt: skip
    before = read(node, known_at=DAY)
    assert before.judgements == () and {line.status for line in read(node, known_at=LATER).timeline} == {"stands"}
    assert [(one.about, one.grade) for one in read(node, known_at=NEXT).judgements] == [
        ("one", "weak"), ("one", "confirmed")
    ]  # fmt: skip
    assert len(read(node, known_at=LATER).judgements) == 3
    assert read(node, known_at=LATER, recorded_at="2021-08-01").judgements == ()
    with pytest.raises(BadInput):
        record(node, assessments=[{"id": "j9", "grade": "weak", **judged, "about": "nobody"}])


@pytest.mark.seed("S-81", "S-83")
def test_reported_part_stays_reported_and_later_silence_is_shown(node):
    record(node, incidents=[incident("second", part_of="gate", status="reported")],
           claims=[claim("inn", incident="second")])  # fmt: skip
    (part,) = read(node).parts
    assert (part.id, part.status, part.last_mention, part.later_sources) == ("second", "reported", DAY, 1)
    assert part.words == f"reported; not mentioned since {DAY} in 1 later source"
    assert read(node, known_at=NEXT).parts[0].later_sources == 0
    assert read(node, known_at="2021-08-25").parts == ()
    assert read(node, "second").parts == ()


@pytest.mark.seed("S-90")
def test_incident_of_unknown_author_and_harm_is_tied_to_nothing(node):
    record(node, incidents=[incident("rockets", kind="unknown", place="unknown")],
           claims=[claim("fired", incident="rockets")])  # fmt: skip
    found = read(node, "rockets")
    assert (found.attribution, found.parts, found.cases, found.figures, found.orders) == ("", (), (), (), ())
    assert read(node).parts == () and "fired" not in {line.claim for line in read(node).timeline}


@pytest.mark.seed("S-92")
def test_relative_order_is_shown_with_its_tension_as_soon_as_both_are_known(node):
    record(node, claims=[
        claim("freed", order="before", relative_to="gate", meant_wording="days before"),
        claim("dated", outcome="freed", meant=LATER, said=LATER, source="b"),
    ])  # fmt: skip
    (early,) = read(node, known_at=NEXT).orders
    assert (early.claim, early.wording, early.tension) == ("freed", "days before", ())
    (late,) = read(node).orders
    assert len(late.tension) == 1 and "dated" in late.tension[0]


@pytest.mark.seed("S-13")
def test_what_the_public_is_not_told_is_listed(node):
    record(node, sources=[source("log", kind="log")], claims=[claim("inside", source="log")],
           relations=[{"from": "inside", "to": "one", "kind": "contradicts"}])  # fmt: skip
    with node.store.reading() as tx:
        found = compare_audiences(tx, "gate")
        assert found.claims == ("inside",) and [one.claim for one in found.undercut] == ["one"]
        assert compare_audiences(tx, "gate", audience="internal").claims == ()
        for wrong in ({"audience": "friends"}, {"recorded_at": "soon"}):
            with pytest.raises(BadInput):
                compare_audiences(tx, "gate", **wrong)
        with pytest.raises(SafeconductError):
            compare_audiences(tx, "nothing")


@pytest.mark.seed("S-99")
def test_protected_list_is_sealed_and_an_incident_names_it_by_number(node, world):
    staff, vehicle, _ = add_protected(node, json.dumps(LIST).encode())
    enter(node, "protected-told", "2021-08-20", number=staff, to="cordon party")
    enter(node, "protected-told", NEXT, number=staff, to="air command")
    for number in (staff, vehicle, "p-unknown"):
        enter(node, "protected-concerned", NEXT, number=number, incident="gate", how="in the car that was hit")
    with node.store.reading() as tx:
        assert [(one.kind, one.text) for one in read_protected(node, tx)] == [(x["kind"], x["text"]) for x in LIST]
        found = {one.number: one for one in read_concerned(node, tx, "gate")}
        with pytest.raises(SafeconductError):
            read_concerned(node, tx, "nothing")
    assert [(one.to, one.before) for one in found[staff].told] == [("cordon party", True), ("air command", False)]
    assert "cordon party had been told on 2021-08-20; air command was told only on 2021-08-27" in found[staff].words
    assert found[vehicle].words.endswith("nobody was told") and found["p-unknown"].kind == ""
    texts = ["Blue Example Trust", "QX 77-119", "old mill"]
    assert set(search_everywhere(world.evac_config.data_dir / "node.db", texts).values()) == {0}
    for wrong in (b"[7]", b'[{"kind":"pet","text":"x"}]', b'[{"kind":"site"}]', b"{"):
        with pytest.raises(BadInput):
            add_protected(node, wrong)


@pytest.mark.seed("S-19")
def test_upstream_points_are_a_hypothesis_with_holder_and_recorded_passages(node, world):
    gate = world.gates[0]
    record(node, incidents=[incident("blast", place=gate)])
    with node.store.reading() as tx:
        found = trace_upstream(tx, "blast", hours=6)
        assert trace_upstream(tx, "gate", gate=gate).gate == gate
    assert (found.gate, found.since, found.until) == (gate, "2021-08-25T18:00:00Z", "2021-08-26T23:59:59Z")
    assert {one.point for one in found.points} == set(world.outer)
    assert {(one.passages, one.silent, one.status) for one in found.points} == {(0, True, "open")}
    assert all(one.holders for one in found.points) and "hypothesis" in found.words
    fields = {"incident": "blast", "point": world.outer[0]}
    enter(node, "upstream-passage", NEXT, **fields, status="supported", because="two witnesses")
    enter(node, "upstream-passage", LATER, **fields, status="contested", because="a log")
    with node.store.reading() as tx:
        stands = {one.point: (one.status, one.because) for one in trace_upstream(tx, "blast").points}
        for wrong in ({"gate": "nowhere"}, {"hours": -1}):
            with pytest.raises(BadInput):
                trace_upstream(tx, "blast", **wrong)
        with pytest.raises(SafeconductError):
            trace_upstream(tx, "nothing")
    assert stands[world.outer[0]] == ("contested", "a log")


@pytest.mark.seed("S-104")
def test_oversight_reads_decisions_with_critics_named_or_counted(node):
    reason = {"reason": "time", "lowers": "delay", "makes": "exposure", "office": "command"}
    decision = enter(node, "decision-reason", DAY, decision="hold the gate open", **reason)
    enter(node, "criticism", NEXT, of=decision, author="members of a committee", authors=12, text="It was too late.")
    enter(node, "criticism", LATER, of=decision, author="a former officer", text="Both should go.")
    meant = enter(node, "public-statement", DAY, speaker="an office", occasion="briefing", text="No.")
    enter(node, "criticism", LATER, of=meant, author="a paper", text="Evasive.")
    size = len(read(node).timeline)
    with node.store.reading() as tx:
        found = show_oversight(tx)
    (one,) = found.decisions
    assert (one.decision, one.office, one.date) == ("hold the gate open", "command", DAY)
    assert [(c.author, c.authors, c.date) for c in one.critics] == [
        ("members of a committee", 12, NEXT), ("a former officer", None, LATER)
    ]  # fmt: skip
    assert (len(found.other), found.critics, len(read(node).timeline)) == (1, 14, size)


@pytest.mark.seed("S-112")
def test_who_examined_a_scene_and_who_may_see_evidence_is_recorded(node):
    made = enter(node, "scene-examined", NEXT, incident="gate", by="cordon party", place="the wall")
    asked = {"incident": "gate", "item": "camera record", "by": "evac party", "of": "cordon party"}
    ids = {
        enter(node, "evidence-access", day, **asked, state=state) for day, state in ((NEXT, "asked"), (LATER, "given"))
    }
    assert len({made, *ids}) == 3
    with pytest.raises(BadInput):
        enter(node, "evidence-access", NEXT, **asked, state="perhaps")


@pytest.mark.seed("S-108")
def test_quotation_must_stand_at_its_place_in_the_archived_original(node):
    text = "The office said: “nobody knew , nobody”.\n"
    record(node, sources=[source("kept", sha256=archived(node, text.encode()))])
    start = text.index("nobody")
    quote = {"source": "kept", "start": start, "end": start + 20, "quote": text[start : start + 20]}
    assert record(node, claims=[claim("right", **quote)]).claims == 1
    with pytest.raises(BadInput) as caught:
        record(node, claims=[claim("wrong", **{**quote, "quote": "nobody knows, nobody"})])
    assert caught.value.code == "bad-span"
    other = source("lost", sha256="0" * 64)  # nothing is archived under it, so nothing can be compared
    assert record(node, sources=[other], claims=[claim("lost", **{**quote, "source": "lost"})]).claims == 1


def archived(node, data):
    digest = sha256(data).hexdigest()
    with node.store.transaction() as tx:
        tx.sources.archive(SourceRow(digest, "kept.txt", len(data), node.clock.now()), data)
    return digest


def test_commands_show_each_of_them(node, world, tmp_path):
    (tmp_path / "list.json").write_text(json.dumps(LIST))
    record(node, incidents=[incident("part", part_of="gate", status="reported"), incident("blast", place=world.gates[0])],
           assessments=[{"id": "j", "about": "one", "grade": "weak", "by": "cell", "said": NEXT, "why": "One voice."}],
           claims=[claim("early", order="after", relative_to="gate", meant="2021-08-01")])  # fmt: skip
    decision = enter(
        node, "decision-reason", DAY, decision="stay", reason="time", lowers="a", makes="b", office="staff"
    )
    enter(node, "criticism", NEXT, of=decision, author="members", authors=3, text="Late.")
    world.close()
    run = CliRunner()

    def told(*words):
        made = run.invoke(app, ["incident", *words, "--node", str(world.base / "evac")])
        assert made.exit_code == 0, made.output
        return made.stdout

    shown = told("account", "gate", "--recorded-at", "2022-01-01")
    assert "judged weak by cell" in shown and "part The part: reported" in shown and "early after gate" in shown
    numbers = told("protected", "add", str(tmp_path / "list.json")).split()
    assert all(number in told("protected", "list") for number in numbers)
    assert "no number of the list" in told("protected", "concerned", "gate")
    assert "hypothesis open" in told("upstream", "blast", "--hours", "3")
    assert "(3): Late." in told("oversight")
    assert json.loads(told("oversight", "--json"))["critics"] == 3
    assert "0 claims are not for the public audience" in told("compare", "gate")
    world.open()


def test_passages_upstream_are_counted_within_the_window(world):
    groups = world.enlist()
    passes = {(p.group, p.point): p.raw for p in world.issue(groups)}
    publish_bundle(world.evac)
    world.settle()
    phone = Phone(world.cordon, "outer-phone-1", world.outer[0])
    world.settle()
    at = START + 2 * HOUR + 60
    phone.load(at)
    made, event = phone.scan(passes[groups[0], world.outer[0]], at)
    assert made.admit
    world.move(START + 20 * HOUR)
    receive_from_device(world.cordon, phone.segment([event]))
    world.settle()
    record(world.evac, incidents=[incident("blast", place=world.gates[0], date="2021-08-14")])
    with world.evac.store.reading() as tx:
        found = {one.point: one for one in trace_upstream(tx, "blast", hours=1).points}
    assert (found[world.outer[0]].passages, found[world.outer[0]].people) == (1, made.heads)
    assert not found[world.outer[0]].silent
