"""Reading a dossier from JSON: incidents, sources, claims, relations and cases, every field by name.

What is usual may be left out (`DEFAULTS`); what a claim stands on (claimant, source, line, day) may not.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from safeconduct.agreements.fields import Fields
from safeconduct.incidents.cases import Case, Step, check_case
from safeconduct.incidents.checking import check_dossier
from safeconduct.incidents.claims import INTERNAL, Assessment, Claim, Dossier, Incident, Relation, Source
from safeconduct.incidents.dates import check_days, last_day
from safeconduct.seal.canonical import decode_json

LIMIT_BYTES = 64 << 20
COUNT_LIMIT = 10**9
PLACE_LIMIT = 1 << 30  # characters of a source
QUOTE_LIMIT = 4_000
# Records of one document.
LIMITS: Mapping[str, int] = {
    "incidents": 1_000, "sources": 10_000, "claims": 100_000, "relations": 100_000, "cases": 1_000,
    "assessments": 10_000,
}  # fmt: skip

DEFAULTS: Mapping[str, Any] = {
    "min": None,
    "max": None,
    "unit": "people",
    "basis": "statement",
    "claimant_kind": "named-office",
    "claimant_count": None,
    "relay": [],
    "speech": "assertion",
    "question": "",
    "said_basis": "stated",
    "meant": "",
    "seen": "",
    "ambiguous": "",
    "recorded": "",
    "start": None,
    "end": None,
    "quote": "",
    "means": "",
    "said_wording": "",
    "meant_wording": "",
    "relative_to": "",
    "order": "",
    "audience": "",
}
INCIDENT_DEFAULTS: Mapping[str, Any] = {"part_of": "", "status": "confirmed", "audience": ""}
SOURCE_DEFAULTS: Mapping[str, Any] = {"retrieved": "", "sha256": "", "derived_from": "", "outlets": []}
RELATION_DEFAULTS: Mapping[str, Any] = {"method": "", "said": "", "recorded": ""}
ASSESSMENT_DEFAULTS: Mapping[str, Any] = {"recorded": "", "audience": INTERNAL}
STEP_DEFAULTS: Mapping[str, Any] = {"reported_by": "", "unconfirmed": "", "to": "", "recorded": ""}


def read_dossier(data: bytes, *, where: str = "claims") -> tuple[Dossier, tuple[Case, ...]]:
    """Dossier and cases of a JSON document.

    Raises:
        BadInput: `bad-json`, `missing-field`, `unknown-field`, `bad-field`, and the codes of `check_dossier` and
            `check_case`.
    """
    return read_parts(decode_json(data, where=where, limit=LIMIT_BYTES), where=where)


def read_parts(value: Any, *, where: str = "claims", documents: int = 1) -> tuple[Dossier, tuple[Case, ...]]:
    """Dossier and cases of decoded JSON, of one document or of several that were put together; see `read_dossier`."""
    fields = Fields({"assessments": [], **value} if isinstance(value, dict) else value, where)
    raw = fields.items("incidents", most=LIMITS["incidents"] * documents)
    incidents = tuple(_incident(item, f"{where}.incidents[{place}]") for place, item in enumerate(raw))
    raw = fields.items("sources", most=LIMITS["sources"] * documents)
    sources = tuple(_source(item, f"{where}.sources[{place}]") for place, item in enumerate(raw))
    days = {source.id: last_day(source.published) for source in sources}
    raw = fields.items("claims", most=LIMITS["claims"] * documents)
    claims = tuple(_claim(item, f"{where}.claims[{place}]", days) for place, item in enumerate(raw))
    said = {claim.id: claim.known_from for claim in claims}
    about = {claim.id: claim.incident for claim in claims}
    raw = fields.items("relations", most=LIMITS["relations"] * documents)
    relations = tuple(_relation(item, f"{where}.relations[{place}]", said) for place, item in enumerate(raw))
    raw = fields.items("assessments", most=LIMITS["assessments"] * documents)
    assessments = tuple(_assessment(item, f"{where}.assessments[{place}]") for place, item in enumerate(raw))
    cases = fields.records("cases", _case, most=LIMITS["cases"] * documents)
    fields.done()
    dossier = check_dossier(Dossier(incidents, sources, claims, relations, assessments))
    for case in cases:
        check_case(case, {incident.id for incident in incidents}, about)
    return dossier, cases


def read_claim(item: Any) -> Claim:
    """A claim of one that was checked when it was recorded: its fields as they are, the usual ones filled in."""
    given = {**DEFAULTS, **item}
    given["recorded"] = given["recorded"] or f"{last_day(given['said'])}T21:00:00Z"
    return Claim(**given | {"relay": tuple(given["relay"])})


def read_source(item: Any) -> Source:
    """A source of one that was checked when it was recorded."""
    given = {**SOURCE_DEFAULTS, **item}
    return Source(**given | {"outlets": tuple(given["outlets"])})


def read_incident(item: Any) -> Incident:
    """An incident of one that was checked when it was recorded."""
    return Incident(**{**INCIDENT_DEFAULTS, **item})


def read_assessment(item: Any) -> Assessment:
    """An assessment of one that was checked when it was recorded."""
    return Assessment(**{**ASSESSMENT_DEFAULTS, **item})


def read_relation(item: Any, said: Mapping[str, str]) -> Relation:
    """A relation of one that was checked when it was recorded; `said` has the days from which claims are known."""
    given = {**RELATION_DEFAULTS, **item}
    day = given["said"] or said[given["from"]]
    return Relation(given["from"], given["to"], given["kind"], given["method"], day, given["recorded"])


def read_case(item: Any, steps: Iterable[Any]) -> Case:
    """A case of one that was checked when it was recorded, with its steps in the order of their recording."""
    return Case(
        item["id"], item["incident"], item["against"], tuple(Step(**{**STEP_DEFAULTS, **step}) for step in steps)
    )


def _with(defaults: Mapping[str, Any], item: Any, where: str) -> Fields:
    """The fields of one record, what is usual filled in."""
    return Fields({**defaults, **item} if isinstance(item, dict) else item, where)


def _incident(item: Any, where: str) -> Incident:
    fields = _with(INCIDENT_DEFAULTS, item, where)
    incident = Incident(
        id=fields.ident("id"),
        title=fields.text("title", limit=200),
        kind=fields.ident("kind"),
        date=fields.text("date"),
        place=fields.text("place"),
        part_of=_ident_or_empty(fields, "part_of"),
        status=fields.text("status"),
        audience=fields.text("audience", empty=True),
    )
    fields.done()
    return incident


def _source(item: Any, where: str) -> Source:
    fields = _with(SOURCE_DEFAULTS, item, where)
    source = Source(
        id=fields.ident("id"),
        kind=fields.text("kind"),
        publisher=fields.text("publisher", limit=200),
        published=check_days(fields.text("published"), where=fields.path("published")),
        file=fields.text("file", empty=True),
        origin=fields.ident("origin"),
        retrieved=fields.moment_text("retrieved") if fields.text("retrieved", empty=True) else "",
        sha256=fields.hex_text("sha256", 32) if fields.text("sha256", empty=True) else "",
        derived_from=_ident_or_empty(fields, "derived_from"),
        outlets=fields.texts("outlets", most=50, limit=200),
    )
    fields.done()
    return source


def _assessment(item: Any, where: str) -> Assessment:
    fields = _with(ASSESSMENT_DEFAULTS, item, where)
    assessment = Assessment(
        id=fields.ident("id"),
        about=fields.ident("about"),
        grade=fields.text("grade"),
        by=fields.text("by", limit=200),
        said=fields.text("said"),
        why=fields.text("why", limit=1_000),
        recorded=_time_or_empty(fields, "recorded"),
        audience=fields.text("audience"),
    )
    fields.done()
    return assessment


def _ident_or_empty(fields: Fields, name: str) -> str:
    return fields.ident(name) if fields.text(name, empty=True) else ""


def _time_or_empty(fields: Fields, name: str) -> str:
    return fields.moment_text(name) if fields.text(name, empty=True) else ""


def _place(fields: Fields, name: str) -> int | None:
    return fields.optional(name, lambda field: fields.integer(field, 0, PLACE_LIMIT))


def _quote(fields: Fields) -> str:
    """The exact words: nothing is trimmed and nothing refused but control characters."""
    value = fields.take("quote")
    if not isinstance(value, str) or len(value) > QUOTE_LIMIT or any(ord(c) < 32 and c not in "\n\r\t" for c in value):
        raise fields.bad("quote", f"text of 0 to {QUOTE_LIMIT} characters")
    return value


def _claim(item: Any, where: str, published: Mapping[str, str]) -> Claim:
    fields = _with(DEFAULTS, item, where)
    source = fields.text("source", empty=True)
    claim = Claim(
        id=fields.ident("id"),
        incident=fields.ident("incident"),
        attribute=fields.ident("attribute"),
        population=fields.ident("population"),
        outcome=fields.ident("outcome"),
        min=fields.optional("min", lambda name: fields.integer(name, 0, COUNT_LIMIT)),
        max=fields.optional("max", lambda name: fields.integer(name, 0, COUNT_LIMIT)),
        unit=fields.text("unit", limit=40),
        basis=fields.text("basis"),
        claimant=fields.text("claimant", limit=200, empty=True),
        claimant_kind=fields.text("claimant_kind"),
        claimant_count=fields.optional("claimant_count", lambda name: fields.integer(name, 1, 10_000)),
        relay=fields.texts("relay", most=10),
        speech=fields.text("speech"),
        question=fields.text("question", empty=True),
        said=check_days(fields.text("said"), where=fields.path("said")),
        said_basis=fields.text("said_basis"),
        meant=fields.text("meant", empty=True),
        text=fields.text("text", limit=400),
        seen=fields.text("seen", limit=40, empty=True),
        ambiguous=fields.text("ambiguous", limit=400, empty=True),
        source=source,
        line=fields.integer("line", 0, 10**6),
        recorded=_recorded(fields, published.get(source, "9999-12-31")),
        start=_place(fields, "start"),
        end=_place(fields, "end"),
        quote=_quote(fields),
        means=_ident_or_empty(fields, "means"),
        said_wording=fields.text("said_wording", limit=200, empty=True),
        meant_wording=fields.text("meant_wording", limit=200, empty=True),
        relative_to=_ident_or_empty(fields, "relative_to"),
        order=fields.text("order", empty=True),
        audience=fields.text("audience", empty=True),
    )
    fields.done()
    return claim


def _recorded(fields: Fields, published: str) -> str:
    """Time of recording; a node that replays a record has it from the evening of the day of its publication."""
    given = fields.text("recorded", empty=True)
    return fields.moment_text("recorded") if given else f"{published}T21:00:00Z"


def _relation(item: Any, where: str, said: Mapping[str, str]) -> Relation:
    fields = _with(RELATION_DEFAULTS, item, where)
    source, target = fields.ident("from"), fields.ident("to")
    relation = Relation(
        source=source,
        target=target,
        kind=fields.text("kind"),
        method=fields.text("method", empty=True),
        said=fields.text("said", empty=True) or said.get(source, "9999-12-31"),
        recorded=_time_or_empty(fields, "recorded"),
    )
    fields.done()
    return relation


def _case(fields: Fields) -> Case:
    where = fields.path("steps")
    raw = fields.items("steps", most=200)
    steps = tuple(_step(item, f"{where}[{place}]") for place, item in enumerate(raw))
    return Case(fields.ident("id"), fields.ident("incident"), fields.ident("against"), steps)


def _step(item: Any, where: str) -> Step:
    fields = _with(STEP_DEFAULTS, item, where)
    step = Step(
        track=fields.text("track"),
        status=fields.text("status"),
        by=fields.text("by", limit=200, empty=True),
        said=fields.text("said"),
        claim=fields.ident("claim"),
        reported_by=fields.text("reported_by", limit=200, empty=True),
        unconfirmed=fields.text("unconfirmed", limit=400, empty=True),
        to=fields.text("to", limit=40, empty=True),
        recorded=_time_or_empty(fields, "recorded"),
    )
    fields.done()
    return step
