"""Write spec/vectors/entries.json: small things with their canonical bytes and ids, and those that are refused.

The canonical texts are written down here by hand; an id is computed from them with SHA-256 and nothing else.
"""

import json
from hashlib import sha256
from pathlib import Path
from typing import Any

OUT = Path(__file__).resolve().parents[1] / "spec/vectors/entries.json"
AT = 1629460800  # 2021-08-20T12:00:00Z
HELD = "0f" * 16

Json = dict[str, Any]

ESCORT_TEXT = (
    '{"arrived":null,"by":"cordon","count":9,"due":1629460800,"hedge":null,"movement":"m1","points":@,"vehicles":null}'
)
# Name, kind, fields and source as given, fields in canonical form, source in canonical form.
READ: list[tuple[str, str, Json, str, str, str]] = [
    ("words-for-a-number", "bags-carried", {"by": "cordon", "point": "gate-a", "hedge": "some"}, "report 3, line 7",
     '{"by":"cordon","count":null,"group":null,"hedge":"some","point":"gate-a"}', '"report 3, line 7"'),
    ("optional-field-as-null", "bags-carried",
     {"by": "cordon", "point": "gate-a", "hedge": "some", "count": None, "group": None}, "report 3, line 7",
     '{"by":"cordon","count":null,"group":null,"hedge":"some","point":"gate-a"}', '"report 3, line 7"'),
    ("number-zero", "bags-carried", {"by": "cordon", "point": "gate-a", "count": 0}, "tally 4",
     '{"by":"cordon","count":0,"group":null,"hedge":null,"point":"gate-a"}', '"tally 4"'),
    ("list-keeps-its-order", "escort",
     {"movement": "m1", "by": "cordon", "points": ["outer-1", "gate-a"], "due": AT, "count": 9}, "call",
     ESCORT_TEXT.replace("@", '["outer-1","gate-a"]'), '"call"'),
    ("list-in-another-order", "escort",
     {"movement": "m1", "by": "cordon", "points": ["gate-a", "outer-1"], "due": AT, "count": 9}, "call",
     ESCORT_TEXT.replace("@", '["gate-a","outer-1"]'), '"call"'),
    ("time-in-text-is-kept-in-seconds", "route-cleared",
     {"route": "r1", "state": "confirmed", "by": "cordon", "until": "2021-08-20T13:00:00Z"}, "radio",
     '{"by":"cordon","route":"r1","state":"confirmed","until":1629464400}', '"radio"'),
    ("entry-about-an-entry", "public-statement",
     {"speaker": "an office", "occasion": "briefing", "text": "No.", "about": HELD}, "briefing, line 9",
     f'{{"about":"{HELD}","occasion":"briefing","speaker":"an office","text":"No."}}', '"briefing, line 9"'),
    ("line-feed-quote-and-backslash", "small-assistance", {"by": "cordon", "text": 'one\n"two" \\ three'}, "note",
     '{"by":"cordon","point":null,"text":"one\\n\\"two\\" \\\\ three"}', '"note"'),
    ("other-scripts-as-they-are", "small-assistance", {"by": "cordon", "text": "آب و نان 💧"}, "یادداشت",
     '{"by":"cordon","point":null,"text":"آب و نان 💧"}', '"یادداشت"'),
    ("list-that-was-left-out", "area-held", {"area": "the hills", "reliability": "B", "credibility": "2"}, "call",
     '{"area":"the hills","credibility":"2","parties":null,"reliability":"B"}', '"call"'),
    ("composed-letter", "small-assistance", {"by": "cordon", "text": "caf\u00e9"}, "note",
     '{"by":"cordon","point":null,"text":"caf\u00e9"}', '"note"'),
    ("decomposed-letter-is-another-text", "small-assistance", {"by": "cordon", "text": "cafe\u0301"}, "note",
     '{"by":"cordon","point":null,"text":"cafe\u0301"}', '"note"'),
]  # fmt: skip
ROUTE = {"route": "r1", "state": "asked", "by": "cordon", "until": AT}
BAGS = {"by": "cordon", "point": "gate-a", "count": 2}
ESCORT = {"movement": "m1", "by": "cordon", "points": ["outer-1"], "due": AT, "count": 9}
MEETING = {"place": "a hall", "mode": "in-person", "level": "working", "offices": ["one"], "confidential": "no"}


def entries_vectors() -> Json:
    """Return what spec/vectors/entries.json holds."""
    cases = [_read(*row) for row in READ]
    at_text = {**cases[0]["entry"], "at": "2021-08-20T12:00:00Z"}
    cases.append({**cases[0], "name": "own-time-in-text", "entry": at_text})
    return {"cases": cases, "refused": [*_refused_objects(), *_refused_fields()]}


def _read(name: str, kind: str, fields: Json, source: str, canonical_fields: str, canonical_source: str) -> Json:
    text = f'{{"at":{AT},"fields":{canonical_fields},"kind":"{kind}","source":{canonical_source}}}'
    entry = {"kind": kind, "at": AT, "source": source, "fields": fields}
    return {"name": name, "entry": entry, "canonical": text, "id": sha256(text.encode()).hexdigest()[:32]}


def _no(name: str, code: str, kind: str, fields: Any, **more: Any) -> Json:
    entry = {"kind": kind, "at": AT, "source": "note", "fields": fields, **more}
    return {"name": name, "entry": entry, "expect": code}


def _refused_objects() -> list[Json]:
    whole = {"kind": "route-cleared", "at": AT, "source": "note", "fields": ROUTE}
    texts = {
        "no-json": "route-cleared",
        "fraction": '{"kind":"area-control","at":1.5,"source":"note","fields":{"area":"a","party":"b"}}',
        "key-twice": '{"kind":"area-control","kind":"area-control","at":1,"source":"","fields":{}}',
    }
    long = {name: [f"{n:03}" + "x" * 397 for n in range(100)] for name in ("offices", "subjects")}
    without = {name: {key: value for key, value in whole.items() if key != name} for name in whole}
    return [
        *({"name": name, "text": text, "expect": "bad-json"} for name, text in texts.items()),
        *({"name": f"no-{name}", "entry": entry, "expect": "missing-field"} for name, entry in without.items()),
        {"name": "no-object", "entry": "route-cleared", "expect": "bad-field"},
        _no("id-given", "unknown-field", "route-cleared", ROUTE, id=HELD),
        _no("kind-unknown", "unknown-kind", "weather", {}),
        _no("kind-in-capitals", "unknown-kind", "Escort", ESCORT),
        _no("kind-is-no-id", "bad-field", "route cleared", ROUTE),
        _no("fields-are-a-list", "bad-field", "route-cleared", [ROUTE]),
        _no("source-empty", "bad-field", "route-cleared", ROUTE, source=""),
        _no("source-above-400", "bad-field", "route-cleared", ROUTE, source="x" * 401),
        _no("at-before-1970", "bad-field", "route-cleared", ROUTE, at=-1),
        _no("at-after-9999", "bad-field", "route-cleared", ROUTE, at=253_402_300_800),
        _no("at-as-text-of-digits", "bad-field", "route-cleared", ROUTE, at=str(AT)),
        _no("at-a-truth-value", "bad-field", "route-cleared", ROUTE, at=True),
        _no("above-64-kib", "bad-json", "meeting", {**MEETING, **long}),
    ]


def _refused_fields() -> list[Json]:
    changes: list[tuple[str, str, Json, Json]] = [
        ("field-null", "route-cleared", ROUTE, {"until": None}),
        ("choice-unknown", "route-cleared", ROUTE, {"state": "open"}),
        ("id-with-a-space", "route-cleared", ROUTE, {"route": "r 1"}),
        ("id-ends-with-a-dot", "route-cleared", ROUTE, {"route": "r1."}),
        ("id-of-65", "route-cleared", ROUTE, {"route": "r" * 65}),
        ("time-without-seconds", "route-cleared", ROUTE, {"until": "2021-08-20T12:00Z"}),
        ("time-of-another-zone", "route-cleared", ROUTE, {"until": "2021-08-20T12:00:00+04:30"}),
        ("time-of-no-day", "route-cleared", ROUTE, {"until": "2021-02-29T12:00:00Z"}),
        ("count-as-text", "bags-carried", BAGS, {"count": "2"}),
        ("count-below-zero", "bags-carried", BAGS, {"count": -1}),
        ("count-above-100-million", "bags-carried", BAGS, {"count": 100_000_001}),
        ("text-empty", "area-control", {"area": "a", "party": "b"}, {"area": ""}),
        ("text-ends-with-a-space", "area-control", {"area": "a", "party": "b"}, {"area": "a "}),
        ("text-with-a-tab", "area-control", {"area": "a", "party": "b"}, {"area": "a\tb"}),
        ("text-with-a-direction-mark", "area-control", {"area": "a", "party": "b"}, {"area": "a\u202eb"}),
        ("text-above-4000", "area-control", {"area": "a", "party": "b"}, {"area": "x" * 4001}),
        ("list-as-text", "escort", ESCORT, {"points": "outer-1"}),
        ("list-twice-the-same", "escort", ESCORT, {"points": ["outer-1", "outer-1"]}),
        ("list-of-101", "escort", ESCORT, {"points": [f"p{n}" for n in range(101)]}),
    ]  # fmt: skip
    missing = {key: value for key, value in ROUTE.items() if key != "until"}
    return [
        *(_no(name, "bad-field", kind, {**fields, **change}) for name, kind, fields, change in changes),
        _no("field-missing", "missing-field", "route-cleared", missing),
        _no("field-unknown", "unknown-field", "route-cleared", {**ROUTE, "mood": "good"}),
        _no("neither-number-nor-words", "missing-field", "bags-carried", {"by": "cordon", "point": "gate-a"}),
    ]


def main() -> None:
    """Write the file."""
    OUT.write_text(json.dumps(entries_vectors(), indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main()
