"""What must not be found at the partner: every searchable form of every value that a release leaves out.

A form that the release itself carries, or that both parties share already (the name of a control point in their
agreement), is no secret and is not listed. Values too short to be told from chance (a grade such as B2, a precision
in metres) have no form; the record type of a release has no field for them.
"""

import json
import re
from collections.abc import Iterable

from safeconduct.agreements.fields import iso
from safeconduct.alerts.quadtree import centre
from safeconduct.alerts.release import Release, to_json
from safeconduct.alerts.report import ThreatReport
from safeconduct.alerts.words import ADVICE, THREATENED

SHORTEST = 4  # characters; shorter texts occur anywhere
SHORTEST_SENTENCE = 12
_SENTENCE = re.compile(r"(?<=[.!?])\s+|\n+")


def forms_by_field(report: ThreatReport) -> dict[str, tuple[str, ...]]:
    """Forms of each field that a release never carries as it is, released or not."""
    return {
        "id": _short(report.id),
        "what": _sentences(report.what),
        "site": _short(report.site),
        "lat": _position(report.lat),
        "lon": _position(report.lon),
        "window_from": _time(report.window_from),
        "window_to": _time(report.window_to),
        "actor": _short(report.actor),
        "sources": tuple(form for source in report.sources for form in _short(source.name)),
        "entered_by": _short(report.entered_by),
        "entered_at": _time(report.entered_at),
        "harm_answer": _sentences(report.harm_answer or ""),
        "details": _sentences(report.details),
        "embargo_until": () if report.embargo_until is None else _time(report.embargo_until),
    }


def withheld_by_field(
    report: ThreatReport, release: Release, *, already_shared: Iterable[str] = ()
) -> dict[str, tuple[str, ...]]:
    """Forms by field, without those that the release carries or that both parties share already."""
    open_texts = [_released(release), *ADVICE.values(), *THREATENED.values(), *already_shared]
    return {
        field: tuple(form for form in forms if not any(form in text for text in open_texts))
        for field, forms in forms_by_field(report).items()
    }


def withheld_values(report: ThreatReport, release: Release, *, already_shared: Iterable[str] = ()) -> list[str]:
    """Every text whose presence at the partner would be a leak, each once, sorted.

    Args:
        report: the full report.
        release: what was derived from it.
        already_shared: texts that both parties have signed, such as the agreement's.
    """
    fields = withheld_by_field(report, release, already_shared=already_shared)
    return sorted({form for forms in fields.values() for form in forms})


def withheld_bytes(report: ThreatReport, release: Release, *, already_shared: Iterable[str] = ()) -> list[bytes]:
    """The same as byte strings, to search files for: UTF-8, JSON with escapes, and CBOR's form of the integers."""
    texts = withheld_values(report, release, already_shared=already_shared)
    found = {text.encode() for text in texts} | {json.dumps(text)[1:-1].encode() for text in texts}
    numbers = (report.lat, report.lon, report.window_from, report.window_to, report.entered_at)
    for number in (*numbers, report.embargo_until or 0):
        if str(abs(number)) in texts and abs(number) >= 1 << 16:
            # RFC 8949, section 3: major type 0 or 1 with four bytes; a time until 2106 and any position fit.
            head, body = (b"\x3a", -1 - number) if number < 0 else (b"\x1a", number)
            found.add(head + body.to_bytes(4, "big"))
    return sorted(found)


def _released(release: Release) -> str:
    """All that a release says, times and middle of the area in their other forms too."""
    times = (release.window_from, release.window_to, release.first_issued, release.issued, release.expires)
    places = [form for position in centre(release.area) for form in _position(position)]
    return "\n".join([to_json(release).decode(), *(iso(at) for at in times), *(iso(at)[:16] for at in times), *places])


def _short(text: str) -> tuple[str, ...]:
    return (text,) if len(text) >= SHORTEST else ()


def _sentences(text: str) -> tuple[str, ...]:
    parts = tuple(part for part in _SENTENCE.split(text) if len(part) >= SHORTEST_SENTENCE)
    return parts or _short(text)


def _position(micro: int) -> tuple[str, ...]:
    """Microdegrees, degrees with six decimals, and with four (11 m), whatever the sign."""
    degrees, rest = divmod(abs(micro), 1_000_000)
    decimal = f"{degrees}.{rest:06d}"
    return tuple(form for form in (str(abs(micro)), decimal, decimal[:-2]) if len(form) > SHORTEST)


def _time(at: int) -> tuple[str, ...]:
    """Unix seconds, ISO to the second and to the minute, with T and with a space."""
    full = iso(at)
    return str(at), full, full[:16], full[:16].replace("T", " ")
