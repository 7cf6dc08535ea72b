"""The full threat report with its sources: it never leaves its node.

Only this room and the workflows may import this module, so that no transport and no page can name an unreleased
report. Everything in it is withheld unless a policy lists it.
"""

from dataclasses import dataclass

from safeconduct.agreements.fields import Fields
from safeconduct.alerts.quadtree import HALF_TURN, QUARTER_TURN
from safeconduct.alerts.words import CONFIDENCE, LIKELIHOOD, TLP
from safeconduct.errors import BadInput
from safeconduct.seal.canonical import decode_json, encode_json

RELIABILITY = ("A", "B", "C", "D", "E", "F")  # of the source; F: cannot be judged (NATO AJP-2.1, the Admiralty code)
CREDIBILITY = (1, 2, 3, 4, 5, 6)  # of what it says; 6: cannot be judged
LIMIT_BYTES = 256 * 1024


@dataclass(frozen=True, slots=True)
class Source:
    """Where a report comes from, with both grades of the Admiralty code."""

    name: str
    reliability: str
    credibility: int


@dataclass(frozen=True, slots=True)
class ThreatReport:
    """All that one party knows of one threat.

    Positions are microdegrees, `precision_m` metres around them; times are unix seconds, `window_to` not included;
    `likelihood` is a band of ICD 203 from 1 to 7; `confidence` is one of `words.CONFIDENCE`, None if not stated, and
    no text ever has both in one sentence; `advised_action` is a key of `words.ADVICE`, or empty; `harm_answer` answers
    "who could be harmed if this is acted on?", None as long as nobody did; nothing is released before `embargo_until`
    (unix seconds, None without an embargo).
    """

    id: str
    what: str
    threatened_class: str
    site: str
    lat: int
    lon: int
    precision_m: int
    window_from: int
    window_to: int
    actor: str
    sources: tuple[Source, ...]
    likelihood: int
    advised_action: str
    handling: str
    entered_by: str
    entered_at: int
    harm_answer: str | None
    details: str
    confidence: str | None = None
    embargo_until: int | None = None


def from_json(data: bytes) -> ThreatReport:
    """Report of a JSON document.

    Raises:
        BadInput: `bad-json`, `missing-field`, `unknown-field` or `bad-field`, naming the field.
    """
    plain = decode_json(data, where="report", limit=LIMIT_BYTES)
    if isinstance(plain, dict):  # reports of older versions have neither
        plain = {"confidence": None, "embargo_until": None, **plain}
    fields = Fields(plain, "report")
    report = ThreatReport(
        id=fields.ident("id"),
        what=fields.text("what"),
        threatened_class=fields.text("threatened_class", limit=200),
        site=fields.text("site", limit=200),
        lat=fields.integer("lat", -QUARTER_TURN, QUARTER_TURN),
        lon=fields.integer("lon", -HALF_TURN, HALF_TURN),
        precision_m=fields.integer("precision_m", 1, 1_000_000),
        window_from=fields.seconds("window_from"),
        window_to=fields.seconds("window_to"),
        actor=fields.text("actor", limit=200),
        sources=fields.records("sources", _source, most=50),
        likelihood=fields.integer("likelihood", min(LIKELIHOOD), max(LIKELIHOOD)),
        advised_action=fields.text("advised_action", limit=400, empty=True),
        handling=fields.choice("handling", TLP),
        entered_by=fields.text("entered_by", limit=200),
        entered_at=fields.seconds("entered_at"),
        harm_answer=fields.optional("harm_answer", fields.text),
        details=fields.text("details", limit=20_000, empty=True),
        confidence=fields.optional("confidence", lambda name: fields.choice(name, CONFIDENCE)),
        embargo_until=fields.optional("embargo_until", fields.seconds),
    )
    fields.done()
    if not report.sources:
        raise BadInput("bad-field", where="report.sources", expected="at least one source", seen=[])
    if report.window_to <= report.window_from:
        expected = f"a time after {report.window_from}"
        raise BadInput("bad-field", where="report.window_to", expected=expected, seen=report.window_to)
    return report


def to_json(report: ThreatReport) -> bytes:
    """Canonical JSON of a report, for sealed storage on its own node."""
    return encode_json(plain_fields(report))


def plain_fields(report: ThreatReport) -> dict[str, object]:
    """Every field by name, as plain values: what the commitment of a release is made over."""
    return {
        "id": report.id,
        "what": report.what,
        "threatened_class": report.threatened_class,
        "site": report.site,
        "lat": report.lat,
        "lon": report.lon,
        "precision_m": report.precision_m,
        "window_from": report.window_from,
        "window_to": report.window_to,
        "actor": report.actor,
        "sources": [
            {"name": s.name, "reliability": s.reliability, "credibility": s.credibility} for s in report.sources
        ],
        "likelihood": report.likelihood,
        "advised_action": report.advised_action,
        "handling": report.handling,
        "entered_by": report.entered_by,
        "entered_at": report.entered_at,
        "harm_answer": report.harm_answer,
        "details": report.details,
        "confidence": report.confidence,
        "embargo_until": report.embargo_until,
    }


def _source(fields: Fields) -> Source:
    return Source(
        fields.text("name", limit=200),
        fields.choice("reliability", RELIABILITY),
        fields.integer("credibility", CREDIBILITY[0], CREDIBILITY[-1]),
    )
