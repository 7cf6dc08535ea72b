"""Reading a dossier from JSON: incidents, sources, claims, relations and cases, every field by name.

What is usual may be left out (`DEFAULTS`); what a claim stands on (claimant, source, line, day) may not.
"""

from collections.abc import Mapping
from typing import Any

from safeconduct.agreements.fields import Fields
from safeconduct.errors import BadInput
from safeconduct.incidents.cases import Case, Step, check_case
from safeconduct.incidents.claims import Claim, Dossier, Incident, Relation, Source, check_dossier
from safeconduct.incidents.dates import check_days, last_day
from safeconduct.seal.canonical import decode_json

LIMIT_BYTES = 4 << 20
COUNT_LIMIT = 10**9

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
}
STEP_DEFAULTS: Mapping[str, Any] = {"reported_by": "", "unconfirmed": "", "to": ""}


def read_dossier(data: bytes, *, where: str = "claims") -> tuple[Dossier, tuple[Case, ...]]:
    """Dossier and cases of a JSON document.

    Raises:
        BadInput: `bad-json`, `missing-field`, `unknown-field`, `bad-field`, and the codes of `check_dossier` and
            `check_case`.
    """
    fields = Fields(decode_json(data, where=where, limit=LIMIT_BYTES), where)
    incidents = fields.records("incidents", _incident, most=1_000)
    sources = fields.records("sources", _source, most=10_000)
    days = {source.id: last_day(source.published) for source in sources}
    raw = fields.items("claims", most=100_000)
    claims = tuple(_claim(item, f"{where}.claims[{place}]", days) for place, item in enumerate(raw))
    said = {claim.id: claim.known_from for claim in claims}
    about = {claim.id: claim.incident for claim in claims}
    raw = fields.items("relations", most=100_000)
    relations = tuple(_relation(item, f"{where}.relations[{place}]", said) for place, item in enumerate(raw))
    cases = fields.records("cases", _case, most=1_000)
    fields.done()
    dossier = check_dossier(Dossier(incidents, sources, claims, relations))
    for case in cases:
        check_case(case, {incident.id for incident in incidents}, about)
    return dossier, cases


def _incident(fields: Fields) -> Incident:
    return Incident(
        fields.ident("id"),
        fields.text("title", limit=200),
        fields.ident("kind"),
        fields.text("date"),
        fields.text("place"),
    )


def _source(fields: Fields) -> Source:
    published = check_days(fields.text("published"), where=fields.path("published"))
    return Source(
        id=fields.ident("id"),
        kind=fields.text("kind"),
        publisher=fields.text("publisher", limit=200),
        published=published,
        file=fields.text("file", empty=True),
        origin=fields.ident("origin"),
    )


def _claim(item: Any, where: str, published: Mapping[str, str]) -> Claim:
    fields = Fields({**DEFAULTS, **item} if isinstance(item, dict) else item, where)
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
    )
    fields.done()
    return claim


def _recorded(fields: Fields, published: str) -> str:
    """Time of recording; a node that replays a record has it from the evening of the day of its publication."""
    given = fields.text("recorded", empty=True)
    return fields.moment_text("recorded") if given else f"{published}T21:00:00Z"


def _relation(item: Any, where: str, said: Mapping[str, str]) -> Relation:
    if not isinstance(item, dict):
        raise BadInput("bad-field", where=where, expected="an object", seen=item)
    fields = Fields({"method": "", "said": "", **item}, where)
    source, target = fields.ident("from"), fields.ident("to")
    relation = Relation(
        source=source,
        target=target,
        kind=fields.text("kind"),
        method=fields.text("method", empty=True),
        said=fields.text("said", empty=True) or said.get(source, "9999-12-31"),
    )
    fields.done()
    return relation


def _case(fields: Fields) -> Case:
    where = fields.path("steps")
    raw = fields.items("steps", most=200)
    steps = tuple(_step(item, f"{where}[{place}]") for place, item in enumerate(raw))
    return Case(fields.ident("id"), fields.ident("incident"), fields.ident("against"), steps)


def _step(item: Any, where: str) -> Step:
    fields = Fields({**STEP_DEFAULTS, **item} if isinstance(item, dict) else item, where)
    step = Step(
        track=fields.text("track"),
        status=fields.text("status"),
        by=fields.text("by", limit=200, empty=True),
        said=fields.text("said"),
        claim=fields.ident("claim"),
        reported_by=fields.text("reported_by", limit=200, empty=True),
        unconfirmed=fields.text("unconfirmed", limit=400, empty=True),
        to=fields.text("to", limit=40, empty=True),
    )
    fields.done()
    return step
