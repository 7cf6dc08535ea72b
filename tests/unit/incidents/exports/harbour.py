"""An invented incident in which claims disagree in every way that an account shows: a blast at a harbour gate in 2031."""

import json

from safeconduct.incidents.account import account
from safeconduct.incidents.reading import read_dossier

FIRST, LAST = "2031-03-03", "2031-04-20"


def source(name, published, **more):
    return {
        "id": name, "kind": "press-report", "publisher": f"{name} wire", "published": published,
        "file": f"reports/{name}.txt", "origin": name, **more,
    }  # fmt: skip


def claim(name, said, who, text, **more):
    return {
        "id": name, "incident": "harbour", "attribute": "casualties", "population": "civilians", "outcome": "killed",
        "said": said, "claimant": who, "claimant_kind": "named-office", "source": "north", "line": 3, "text": text, **more,
    }  # fmt: skip


def figure(name, said, who, basis, number, text, **more):
    low = number if basis in ("exact", "about", "at-least", "more-than") else None
    high = number if basis in ("exact", "about", "up-to") else None
    return claim(name, said, who, text, basis=basis, min=low, max=high, seen=str(number), **more)


def tie(source_id, kind, target, **more):
    return {"from": source_id, "to": target, "kind": kind, **more}


SOURCES = [
    source("north", "2031-03-03"),
    source("copy", "2031-03-04", origin="north", publisher="a paper that prints the north wire"),
    source("south", "2031-03-05", outlets=["south wire", "harbour radio"]),
    source("late", "2031-04-20", kind="statement", publisher="inquiry"),
    source("hearing", "2031-03-10", kind="press-briefing", publisher="a briefing"),
]
ASKED = "whether anybody had been warned"
CLAIMS = [
    figure("c40", "2031-03-03", "harbour master", "at-least", 40, "At least forty are dead at the gate."),
    figure("c40copy", "2031-03-04", "harbour master", "at-least", 40, "A paper prints the same forty.", source="copy"),
    figure("c25", "2031-03-03", "ferry office", "up-to", 25, "No more than twenty-five are dead.", line=7),
    figure("c61", "2031-03-05", "harbour master", "exact", 61, "The harbour now counts sixty-one dead.", source="south"),
    claim("cmany", "2031-03-04", "two nurses", "Many are dead.", basis="many", claimant_kind="unnamed",
          claimant_count=2, relay=["south wire"], source="south", line=9),
    figure("guards9", "2031-03-03", "=coast guard", "exact", 9, "Nine guards are hurt.", population="guards",
           outcome="injured", line=11),
    figure("guards4", "2031-03-10", "=coast guard", "exact", 4, "Four guards were hurt, and not nine.",
           population="guards", outcome="injured", source="hearing", line=2),
    claim("gas", "2031-03-03", "harbour master", "A gas tank burst by accident.", attribute="cause", population="blast",
          outcome="gas-tank", speech="justification", means="fire", line=12),
    claim("safe", "2031-03-04", "harbour master", "The gates were safe, since it was the gas tank.",
          attribute="finding", population="gates", outcome="safe", source="copy", line=5),
    claim("mine", "2031-03-10", "a paper of the port", "Splinters on the quay are those of a mine.", attribute="cause",
          population="blast", outcome="mine", speech="challenge", means="blast", source="south", line=20),
    claim("sorry", "2031-04-20", "inquiry", "It was no gas tank; the first account was wrong.", attribute="finding",
          population="blast", outcome="mistake", speech="admission", source="late", line=1),
    claim("q1", "2031-03-05", "harbour master", "They will find whoever did it.", attribute="promise",
          population="office", outcome="search", source="south", line=30, speech="assertion", question=ASKED,
          quote="We will hunt 'down whoever laid this at our door, today or tomorrow."),
    claim("q2", "2031-03-10", "harbour master", "They will find whoever did it, told a second time.",
          attribute="promise", population="office", outcome="search", source="hearing", line=31, relay=["harbour radio"],
          quote="We shall hunt down whoever laid this at our door."),
    claim("nothing", "2031-03-10", "coast command", "There is no sign that the ferry office knew.",
          attribute="knowledge", population="ferry-office", outcome="knew", speech="no-evidence", source="hearing"),
    claim("denied", "2031-03-10", "ferry office", "The ferry office says it was not warned.", attribute="warning",
          population="ferry-office", outcome="warned", speech="denial", source="hearing", line=9),
    claim("silent", "2031-03-05", "harbour radio", "Dockers may not talk to reporters.", attribute="witnesses",
          population="dockers", outcome="barred-from-speaking", source="south", line=14),
    claim("boat", "2031-03-03", "a fisher", "A second boat burned behind the mole.", attribute="events",
          population="boat", outcome="burned", speech="allegation", claimant_kind="unnamed", claimant_count=1, line=15),
    claim("began1", "2031-03-03", "harbour master", "Work at the gate began on the first.", attribute="start",
          population="closure", outcome="began", meant="2031-03-01", line=16),
    claim("began2", "2031-03-05", "ferry office", "Work at the gate began on the second.", attribute="start",
          population="closure", outcome="began", meant="2031-03-02", source="south", line=17),
    claim("who1", "2031-03-04", "coast command", "A crew from up the coast is suspected.", attribute="attribution",
          population="crew", outcome="suspected", speech="belief", source="copy", line=18),
    claim("who2", "2031-03-10", "the crew itself", "The crew says it did it.", attribute="attribution",
          population="crew", outcome="claimed-by-actor", speech="claim-of-responsibility", claimant_kind="body",
          source="hearing", line=19),
    claim("noword", "2031-03-05", "coast command", "No number was confirmed.", attribute="harm-status",
          population="command", outcome="not-confirmed", speech="refusal-to-confirm", source="south", line=21),
    figure("kids", "2031-03-05", "school office", "about", 5, "About five of them went to school there.",
           population="children", source="south", line=22, ambiguous="it is not said whether they were hurt or dead"),
]  # fmt: skip
TIES = [
    tie("c40copy", "repeats", "c40"),
    tie("c61", "updates", "c40"),
    tie("guards4", "corrects", "guards9", method="a second count at the hospital"),
    tie("sorry", "retracts", "gas", method="own inquiry"),
    tie("safe", "rests-on", "gas"),
    tie("mine", "disputes", "gas", method="splinters and interviews"),
    tie("q2", "variant", "q1"),
]
INCIDENT = {
    "id": "harbour", "title": "Blast at a harbour gate", "kind": "attack", "date": FIRST, "place": "the north gate",
}  # fmt: skip
CASES = [{
    "id": "case-harbour", "incident": "harbour", "against": "third-party",
    "steps": [{"track": "accountability", "status": "open", "by": "own node", "said": FIRST, "claim": "c40"}],
}]  # fmt: skip
ASSESSMENTS = [
    {"id": "a1", "about": "c40", "grade": "fair", "by": "own analyst", "said": "2031-03-06", "why": "seen from the quay"},
    {"id": "a2", "about": "c40", "grade": "weak", "by": "second desk", "said": "2031-03-07", "why": "one voice only"},
]  # fmt: skip


def document(**parts):
    """The dossier as JSON, with some of its parts replaced."""
    whole = {
        "incidents": [INCIDENT], "sources": SOURCES, "claims": CLAIMS, "relations": TIES, "cases": CASES,
        "assessments": ASSESSMENTS,
    }  # fmt: skip
    return json.dumps(whole | parts).encode()


def told(known_at=LAST, **parts):
    """The account as known at a day, its sources by id, and its relations."""
    dossier, _ = read_dossier(document(**parts))
    given = account(
        dossier.incidents[0], dossier.sources, dossier.claims, dossier.relations, known_at=known_at,
        assessments=dossier.assessments,
    )  # fmt: skip
    ids = {one.id for one in given.claims}
    ties = tuple(one for one in dossier.relations if one.source in ids and one.target in ids)
    return given, {one.id: one for one in dossier.sources}, ties
