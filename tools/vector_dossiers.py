"""Dossiers for spec/vectors/claims.json: what they are made of, and those that are refused, each with its code."""

from typing import Any

Json = dict[str, Any]

DAY, NEXT = "2021-08-26", "2021-08-27"
INCIDENT = {"id": "i1", "title": "An attack", "kind": "attack", "date": DAY, "place": "a gate"}
RECORD = {"id": "rec", "kind": "elsewhere", "publisher": "a public record", "published": DAY, "file": "",
          "origin": "rec"}  # fmt: skip
LOWS, HIGHS = ("exact", "about", "at-least", "more-than"), ("exact", "about", "up-to")


def source(name: str, origin: str | None = None, **changes: Any) -> Json:
    """A report; `origin` where it is a copy of another."""
    return {"id": name, "kind": "press-report", "publisher": f"paper {name}", "published": DAY,
            "file": f"{name}.txt", "origin": origin or name, **changes}  # fmt: skip


SOURCES = [source("a"), source("b"), source("copy-of-a", "a"), RECORD]


def claim(name: str, basis: str = "statement", number: int | None = None, **changes: Any) -> Json:
    """A claim with its bounds; what is usual is left out."""
    bounds = {"min": number} if basis in LOWS else {}
    bounds |= {"max": number} if basis in HIGHS else {}
    kind = {} if basis == "statement" else {"basis": basis, **bounds}
    return {"id": name, "incident": "i1", "attribute": "casualties", "population": "civilians", "outcome": "killed",
            "said": DAY, "claimant": f"office {name}", "source": "a", "line": 4, "text": "In our words.", **kind,
            **changes}  # fmt: skip


def tie(source: str, kind: str, target: str, **changes: Any) -> Json:
    """A relation."""
    return {"from": source, "to": target, "kind": kind, **changes}


def document(claims: list[Json], relations: list[Json] | None = None, **parts: Any) -> Json:
    """A document of one incident, with the sources that its claims cite."""
    cited = {one.get("source") for one in claims}
    return {"incidents": [INCIDENT], "sources": [one for one in SOURCES if one["id"] in cited], "claims": claims,
            "relations": relations or [], "cases": [], **parts}  # fmt: skip


def refused_dossiers() -> list[Json]:
    """Return the dossiers that are refused."""
    return [*_no_document(), *_no_claim(), *_no_relation(), *_no_case()]


def _no(name: str, code: str, **parts: Any) -> Json:
    """The usual document with other parts, which is refused."""
    return {"name": name, "document": document(**{"claims": [claim("c1")], **parts}), "expect": code}


def _no_document() -> list[Json]:
    whole = document([claim("c1")])
    part = {name: value for name, value in whole.items() if name != "cases"}
    texts = {"no-json": "{", "fraction": '{"claims":[1.5]}', "key-twice": '{"claims":[],"claims":[]}'}
    return [
        *({"name": name, "text": text, "expect": "bad-json"} for name, text in texts.items()),
        {"name": "part-missing", "document": part, "expect": "missing-field"},
        {"name": "part-unknown", "document": {**whole, "notes": []}, "expect": "unknown-field"},
        _no("part-is-no-list", "bad-field", incidents={"i1": INCIDENT}),
        _no("incident-twice", "bad-reference", incidents=[INCIDENT, INCIDENT]),
        _no("incident-without-place", "missing-field", incidents=[dict(list(INCIDENT.items())[:-1])]),
        _no("incident-of-an-open-interval", "bad-date", incidents=[{**INCIDENT, "date": f"{DAY}/"}]),
        _no("source-twice", "bad-reference", sources=[source("a"), source("a")]),
        _no("source-of-another-kind", "bad-choice", sources=[source("a", kind="rumour")]),
        _no("source-published-backwards", "bad-date", sources=[source("a", published=f"{NEXT}/{DAY}")]),
        _no("report-without-file", "bad-reference", sources=[source("a", file="")]),
        _no("record-elsewhere-with-a-file", "bad-reference", sources=[source("a", kind="elsewhere")]),
        _no("source-derived-from-an-unknown-one", "bad-reference", sources=[source("a", derived_from="z")]),
        _no("sources-derived-from-each-other", "bad-reference",
            sources=[source("a", derived_from="b"), source("b", derived_from="a")]),
        _no("digest-of-another-length", "bad-field", sources=[source("a", sha256="00ff")]),
        _no("incident-that-is-its-own-part", "bad-reference", incidents=[{**INCIDENT, "part_of": "i1"}]),
        _no("incident-of-another-status", "bad-choice", incidents=[{**INCIDENT, "status": "denied"}]),
        *_no_assessment(),
    ]  # fmt: skip


def _no_assessment() -> list[Json]:
    judged = {"id": "j1", "about": "c1", "grade": "weak", "by": "an office", "said": NEXT, "why": "One voice."}
    changes: dict[str, tuple[str, Json]] = {
        "assessment-of-nothing": ("bad-reference", {"about": "c9"}),
        "assessment-of-another-grade": ("bad-choice", {"grade": "certain"}),
        "assessment-by-nobody": ("bad-field", {"by": ""}),
        "assessment-on-no-day": ("bad-date", {"said": "soon"}),
    }
    return [_no(name, code, assessments=[{**judged, **change}]) for name, (code, change) in changes.items()]


def _no_claim() -> list[Json]:
    changes: dict[str, tuple[str, Json]] = {
        "field-unknown": ("unknown-field", {"mood": "sure"}),
        "id-with-a-space": ("bad-field", {"id": "c 1"}),
        "figure-below-zero": ("bad-field", {"basis": "exact", "min": -1, "max": -1}),
        "figure-above-a-thousand-million": ("bad-field", {"basis": "at-least", "min": 10**9 + 1}),
        "figure-as-text": ("bad-field", {"basis": "at-least", "min": "60"}),
        "text-ends-with-a-space": ("bad-field", {"text": "In our words. "}),
        "relay-twice-the-same": ("bad-field", {"relay": ["a broadcaster", "a broadcaster"]}),
        "recorded-in-another-form": ("bad-field", {"recorded": "2021-08-26 21:00"}),
        "incident-unknown": ("bad-reference", {"incident": "i9"}),
        "source-unknown": ("no-source", {"source": "z"}),
        "source-empty": ("no-source", {"source": ""}),
        "no-line-of-a-file": ("no-source", {"line": 0}),
        "line-of-a-record-elsewhere": ("no-source", {"source": "rec"}),
        "claimant-empty": ("no-claimant", {"claimant": ""}),
        "claimant-kind-unknown": ("bad-choice", {"claimant_kind": "person"}),
        "speech-unknown": ("bad-choice", {"speech": "guess"}),
        "said-basis-unknown": ("bad-choice", {"said_basis": "guessed"}),
        "basis-unknown": ("bad-choice", {"basis": "few"}),
        "said-on-no-day": ("bad-date", {"said": "2021-02-29"}),
        "said-in-words": ("bad-date", {"said": "yesterday"}),
        "meant-for-an-open-interval": ("bad-date", {"meant": f"/{DAY}"}),
        "span-with-one-end": ("bad-span", {"start": 4}),
        "span-that-ends-before-it-starts": ("bad-span", {"start": 4, "end": 3}),
        "span-of-another-length-than-its-words": ("bad-span", {"start": 4, "end": 9, "quote": "four"}),
        "words-with-a-control-character": ("bad-field", {"quote": "a\u0007b"}),
        "order-without-another-end": ("bad-reference", {"order": "before"}),
        "order-against-itself": ("bad-reference", {"order": "before", "relative_to": "c1"}),
        "order-of-another-kind": ("bad-choice", {"order": "around", "relative_to": "i1"}),
        "audience-unknown": ("bad-choice", {"audience": "friends"}),
        "grade-unknown": ("bad-grade", {"attribute": "attribution", "outcome": "proven"}),
    }
    bounds: list[tuple[str, int | None, int | None]] = [
        ("exact", 12, 13), ("exact", 12, None), ("about", None, 12), ("at-least", 12, 13), ("more-than", None, 12),
        ("up-to", 1, 12), ("up-to", None, None), ("dozens", 24, None), ("hundreds", None, 999), ("statement", 1, 1),
    ]  # fmt: skip
    lacking = [
        _no(f"claim-without-{name}", "missing-field", claims=[{k: v for k, v in claim("c1").items() if k != name}])
        for name in ("claimant", "source", "line", "said", "text")
    ]
    made = [_no(name, code, claims=[claim("c1", **change)]) for name, (code, change) in changes.items()]
    made += [
        _no(f"{basis}-from-{low}-to-{high}", "bad-basis", claims=[claim("c1", basis=basis, min=low, max=high)])
        for basis, low, high in bounds
    ]
    return [*lacking, *made, _no("claim-twice", "bad-reference", claims=[claim("c1"), claim("c1")])]


def _no_relation() -> list[Json]:
    ties: dict[str, tuple[str, Json]] = {
        "relation-of-another-kind": ("bad-choice", tie("c2", "proves", "c1")),
        "relation-to-nothing": ("bad-reference", tie("c2", "denies", "c9")),
        "relation-to-itself": ("bad-reference", tie("c2", "denies", "c2")),
        "relation-from-no-day": ("bad-date", tie("c2", "denies", "c1", said="2021-08-32")),
        "relation-with-a-field-too-many": ("unknown-field", tie("c2", "denies", "c1", weight=1)),
    }
    both = [claim("c1"), claim("c2")]
    return [_no(name, code, claims=both, relations=[tie]) for name, (code, tie) in ties.items()]


def _no_case() -> list[Json]:
    step = {"track": "harm", "status": "reported", "by": "an office", "said": DAY, "claim": "c1"}
    steps: dict[str, tuple[str, Json]] = {
        "step-of-another-track": ("bad-case", {"track": "blame"}),
        "step-of-another-status": ("bad-case", {"status": "paid"}),
        "step-without-its-claim": ("bad-case", {"claim": "c9"}),
        "step-by-nobody": ("bad-case", {"by": ""}),
        "harm-to-one-family": ("bad-case", {"to": "family-1"}),
        "step-on-no-day": ("bad-date", {"said": "soon"}),
    }
    case = {"id": "case-1", "incident": "i1", "against": "evac", "steps": [step]}
    made = [_no(name, code, cases=[{**case, "steps": [{**step, **change}]}]) for name, (code, change) in steps.items()]
    second = {**INCIDENT, "id": "i2"}
    return [
        *made,
        _no("case-of-no-incident", "bad-case", cases=[{**case, "incident": "i9"}]),
        _no("step-with-a-claim-of-another-incident", "bad-case", incidents=[INCIDENT, second],
            cases=[{**case, "incident": "i2"}]),
    ]  # fmt: skip
