"""A report as people type it: texts of a form, checked field by field, and the report that they make.

Every field that cannot be read is named with what was expected and what was seen; nothing that was typed is lost.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from safeconduct.agreements.fields import iso, moment
from safeconduct.alerts.report import CREDIBILITY, RELIABILITY, ThreatReport, from_json, plain_fields
from safeconduct.alerts.words import ADVICE, CONFIDENCE, LIKELIHOOD, THREATENED, TLP
from safeconduct.errors import BadInput, Refusal
from safeconduct.operators.people import KEYBOARD
from safeconduct.seal.canonical import encode_json
from safeconduct.workflows.enter_report import enter_report
from safeconduct.workflows.import_report import close_draft, read_draft
from safeconduct.workflows.keep_operators import may_act, name_of
from safeconduct.workflows.keep_policy import policies
from safeconduct.workflows.ports import Node
from safeconduct.workflows.release_warning import stored_report

SOURCES = 4  # rows of the form
TEXTS = ("what", "site", "actor", "details")
ORDER = (  # of the form, for errors to be told from top to bottom
    "id", "what", "threatened_class", "actor", "site", "position", "precision_m", "window_from", "window_to",
    "embargo_until", *(f"source_{row}" for row in range(1, SOURCES + 1)), "likelihood", "confidence",
    "advised_action", "harm_answer", "handling", "details",
)  # fmt: skip
_DEGREES = re.compile(r"([+-]?)(\d{1,3})(?:\.(\d{1,6}))?°?([NSEWnsew]?)", re.ASCII)
_TIME = re.compile(r"(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d)(:\d\d)?Z?", re.ASCII)
_REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Choices:
    """What the form offers: (value, words) of each list, and names of actors that the policies know."""

    threatened: tuple[tuple[str, str], ...]
    advice: tuple[tuple[str, str], ...]
    likelihood: tuple[tuple[str, str], ...]
    confidence: tuple[str, ...]
    handling: tuple[str, ...]
    reliability: tuple[tuple[str, str], ...]
    credibility: tuple[tuple[str, str], ...]
    actors: tuple[str, ...]


RELIABILITY_WORDS = {
    "A": "completely reliable", "B": "usually reliable", "C": "fairly reliable", "D": "not usually reliable",
    "E": "unreliable", "F": "cannot be judged",
}  # fmt: skip
CREDIBILITY_WORDS = {
    1: "confirmed by others", 2: "probably true", 3: "possibly true", 4: "doubtful", 5: "improbable",
    6: "cannot be judged",
}  # fmt: skip


def choices(node: Node) -> Choices:
    """Return what the form offers."""
    with node.store.reading() as tx:
        actors = sorted({name for one in policies(node, tx) for name in one.policy.actors})
    return Choices(
        threatened=tuple(THREATENED.items()),
        advice=tuple(ADVICE.items()),
        likelihood=tuple((str(band), f"{words} ({low}–{high} %)") for band, (words, low, high) in LIKELIHOOD.items()),
        confidence=CONFIDENCE,
        handling=TLP,
        reliability=tuple((grade, f"{grade}: {RELIABILITY_WORDS[grade]}") for grade in RELIABILITY),
        credibility=tuple((str(grade), f"{grade}: {CREDIBILITY_WORDS[grade]}") for grade in CREDIBILITY),
        actors=tuple(actors),
    )


def blank(node: Node) -> dict[str, str]:
    """Return an empty form; its id makes that what is posted twice is entered once."""
    return {"id": node.random.id(), "handling": "TLP:AMBER+STRICT", "precision_m": "500"}


def form_of(node: Node, report_id: str) -> dict[str, str]:
    """Return the form filled in from a stored report, under a fresh id: the way to correct one.

    Raises:
        SafeconductError: `no-report`.
    """
    with node.store.reading() as tx:
        report = stored_report(node, tx, report_id)
    return {**blank(node), **_texts(report)}


def form_of_draft(node: Node, draft_id: str) -> dict[str, str]:
    """Return the form filled in from an imported draft: what its file did not say stays open.

    Raises:
        SafeconductError: there is no such draft.
    """
    texts = dict(read_draft(node, draft_id))
    place = [texts.pop(name, "") for name in ("lat", "lon")]
    if all(place):
        texts["position"] = ", ".join(place)
    for name in ("window_from", "window_to", "embargo_until"):
        if name in texts:
            texts[name] = texts[name].removesuffix("Z").replace("T", " ").removesuffix(":00")
    for ours, theirs in (("source_1", "source_name"), ("reliability_1", "source_reliability"),
                         ("credibility_1", "source_credibility")):  # fmt: skip
        texts[ours] = texts.pop(theirs, "")
    return {**blank(node), **texts}


def enter_form(node: Node, given: Mapping[str, str], *, by: str = KEYBOARD) -> tuple[str, dict[str, str]]:
    """Enter the report that a form says; a draft that it came from is noted as used.

    Returns:
        The report's id and no errors; or an empty id and, by field, what was expected and what was seen.
    """
    now = node.clock.now()
    with node.store.transaction() as tx:
        refusal = may_act(node, tx, by, "enter")
        office = name_of(node, tx, by)
        held = tx.alerts.report(given.get("id", "").strip())
        before = None if held is None else stored_report(node, tx, given["id"].strip())
    if isinstance(refusal, Refusal):
        return "", {_REFUSED: str(refusal)}
    plain, errors = _read(given)
    plain |= {"entered_at": before.entered_at if before else now, "entered_by": before.entered_by if before else office}
    if errors:
        return "", {name: errors[name] for name in sorted(errors, key=ORDER.index)}
    try:
        report_id = enter_report(node, encode_json(plain), by=by)
    except BadInput as error:
        return "", {_field_of(error): _said(error)}
    if given.get("draft") and before is None:
        close_draft(node, given["draft"], report_id)
    return report_id, {}


def _said(error: BadInput) -> str:
    return f"expected {error.expected}, saw {'nothing' if error.seen == repr('') else error.seen}"


def _field_of(error: BadInput) -> str:
    """Return the field of the form that an error of the report's own reader is about."""
    name = error.where.removeprefix("report.").split("[", 1)[0].split(".", 1)[0]
    return {"sources": "source_1", "lat": "position", "lon": "position", "report": "what"}.get(name, name)


def _read(given: Mapping[str, str]) -> tuple[dict[str, Any], dict[str, str]]:
    """Return the report's plain fields, and an error by field of the form."""
    plain: dict[str, Any] = {}
    errors: dict[str, str] = {}

    def put(name: str, read: Callable[[str], Any], *, field: str = "") -> None:
        text = given.get(field or name, "").strip()
        try:
            plain[name] = read(text)
        except BadInput as error:
            errors.setdefault(field or name, _said(error))

    put("id", _needed)
    for name in TEXTS:
        put(name, (lambda text: text.replace("\r\n", "\n")) if name == "details" else _needed)
    put("threatened_class", lambda text: _one_of(text, THREATENED))
    put("advised_action", lambda text: _one_of(text, ADVICE) if text else "")
    put("handling", lambda text: _one_of(text, TLP))
    put("likelihood", lambda text: int(_one_of(text, [str(band) for band in LIKELIHOOD])))
    put("confidence", lambda text: _one_of(text, CONFIDENCE) if text else None)
    put("precision_m", _metres)
    put("window_from", _time)
    put("window_to", _time)
    put("embargo_until", lambda text: _time(text) if text else None)
    put("harm_answer", lambda text: text.replace("\r\n", "\n") or None)
    put("position", _position)
    plain["lat"], plain["lon"] = plain.pop("position", (0, 0))
    if not errors.get("window_from") and not errors.get("window_to") and plain["window_to"] <= plain["window_from"]:
        errors["window_to"] = f"expected a time after {iso(plain['window_from'])}, saw {iso(plain['window_to'])}"
    plain["sources"] = _sources(given, errors)
    return plain, errors


def _sources(given: Mapping[str, str], errors: dict[str, str]) -> list[dict[str, Any]]:
    found = []
    for row in range(1, SOURCES + 1):
        name = given.get(f"source_{row}", "").strip()
        if not name:
            continue
        try:
            grade = _one_of(given.get(f"reliability_{row}", ""), RELIABILITY)
            credible = _one_of(given.get(f"credibility_{row}", ""), [str(one) for one in CREDIBILITY])
        except BadInput as error:
            errors[f"source_{row}"] = f"both grades: {_said(error)}"
            continue
        found.append({"name": name, "reliability": grade, "credibility": int(credible)})
    if not found:
        errors.setdefault("source_1", "expected at least one source with both grades, saw nothing")
    return found


def _texts(report: ThreatReport) -> dict[str, str]:
    """Return a report as the texts of the form."""
    plain = plain_fields(report)
    texts = {name: str(plain[name]) for name in (*TEXTS, "threatened_class", "advised_action", "handling")}
    for row, source in enumerate(report.sources[:SOURCES], 1):
        texts |= {
            f"source_{row}": source.name, f"reliability_{row}": source.reliability,
            f"credibility_{row}": str(source.credibility),
        }  # fmt: skip
    return {
        **texts,
        "position": f"{report.lat / 1_000_000:.6f}, {report.lon / 1_000_000:.6f}",
        "precision_m": str(report.precision_m),
        "window_from": _typed(report.window_from),
        "window_to": _typed(report.window_to),
        "embargo_until": "" if report.embargo_until is None else _typed(report.embargo_until),
        "likelihood": str(report.likelihood),
        "confidence": report.confidence or "",
        "harm_answer": report.harm_answer or "",
    }


def _typed(at: int) -> str:
    """Return a time as people type it; seconds only where there are some."""
    text = iso(at)[:-1].replace("T", " ")
    return text.removesuffix(":00")


def report_as_texts(data: bytes) -> dict[str, str]:
    """Return the texts of the form of a report's JSON.

    Raises:
        BadInput: the report is malformed.
    """
    return _texts(from_json(data))


def _needed(text: str) -> str:
    if not text:
        raise BadInput("missing-field", where="form", expected="some words", seen=text)
    return text


def _one_of(text: str, options: Any) -> str:
    if text not in options:
        raise BadInput("bad-field", where="form", expected="one of the list", seen=text)
    return text


def _metres(text: str) -> int:
    plain = text.replace(",", "").removesuffix("m").strip()
    if not plain.isascii() or not plain.isdigit() or not 1 <= int(plain) <= 1_000_000:
        raise BadInput("bad-field", where="form", expected="metres, from 1 to 1,000,000", seen=text)
    return int(plain)


def _time(text: str) -> int:
    """Read `2021-08-26 13:00` in UTC, with a T or a space, with seconds or without."""
    found = _TIME.fullmatch(text)
    expected = "a day and time in UTC, as 2021-08-26 13:00"
    if not found:
        raise BadInput("bad-field", where="form", expected=expected, seen=text)
    try:
        return moment(f"{found[1]}T{found[2]}{found[3] or ':00'}Z")
    except BadInput:
        raise BadInput("bad-field", where="form", expected=expected, seen=text) from None


def _position(text: str) -> tuple[int, int]:
    """Read `34.558600, 69.221400`, or with N, S, E, W; return microdegrees."""
    expected = "latitude and longitude in degrees, as 34.5586, 69.2214"
    found = [_DEGREES.fullmatch(part) for part in re.split(r"[,;\s]+", text.strip(" ,;"))]
    if len(found) != 2 or not all(found):
        raise BadInput("bad-field", where="form", expected=expected, seen=text)
    micro = []
    for one, limit in zip(found, (90, 180), strict=True):
        assert one is not None  # noqa: S101  (all matched)
        value = int(one[2]) * 1_000_000 + int((one[3] or "0").ljust(6, "0"))
        if value > limit * 1_000_000:
            raise BadInput("bad-field", where="form", expected=expected, seen=text)
        micro.append(-value if one[1] == "-" or one[4].upper() in ("S", "W") else value)
    return micro[0], micro[1]
