"""A MISP event as draft reports, through misp-stix, which the MISP project itself keeps: an extra, `safeconduct[misp]`.

The library turns the event into STIX 2.1, and `stix_import` reads that. It is an extra because it brings 40 packages
with it, for one file format.
"""

import io
import json
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import replace
from typing import Any

from safeconduct.errors import BadInput, SafeconductError
from safeconduct.exchange.draft_texts import Filling
from safeconduct.exchange.stix_import import drafts_of_stix, load_json
from safeconduct.workflows.import_report import Drafted

FORM = "MISP"


def drafts_of_misp(data: bytes) -> list[Drafted]:
    """Drafts of a MISP event in JSON, as `{"Event": {…}}` or the event by itself.

    Raises:
        BadInput: `bad-json`; `bad-misp`, for what misp-stix does not read as an event.
        SafeconductError: `no-misp-stix`, where the extra is not installed.
    """
    event = event_of(load_json(data, where="event"))
    if event is None:
        raise BadInput("bad-misp", where="event", expected="a MISP event with uuid and info", seen="something else")
    try:
        from misp_stix_converter import MISPtoSTIX21Parser  # noqa: PLC0415  (an extra)
    except ImportError:
        raise SafeconductError(
            "no-misp-stix", "MISP events are read by misp-stix, which is not installed: pip install 'safeconduct[misp]'"
        ) from None
    parser = MISPtoSTIX21Parser()
    with redirect_stdout(io.StringIO()), redirect_stderr(io.StringIO()):  # it prints what it warns of
        try:
            parser.parse_misp_event({"Event": event})
            bundle = json.loads(parser.bundle.serialize())
        except Exception as error:  # noqa: BLE001  (a stranger's parser on a stranger's file: anything may be raised)
            raise BadInput("bad-misp", where="event", expected="an event that misp-stix reads",
                           seen=f"{type(error).__name__}: {error}") from None  # fmt: skip
    remarks = tuple(f"misp-stix: {line}" for line in _lines(parser.errors, parser.warnings))
    return [_completed(one, event, remarks) for one in drafts_of_stix(json.dumps(bundle).encode())]


def event_of(value: Any) -> dict[str, Any] | None:
    """The event in a JSON value; None if there is none."""
    inner = value.get("Event", value) if isinstance(value, dict) else None
    if isinstance(inner, dict) and isinstance(inner.get("uuid"), str) and isinstance(inner.get("info"), str):
        return inner
    return None


def _completed(one: Drafted, event: dict[str, Any], remarks: tuple[str, ...]) -> Drafted:
    """The draft with what has no place in STIX's own objects: who made the event, its comments, its actor."""
    to = Filling(dict(one.fields), list(one.remarks))
    maker = event.get("Orgc")
    to.put_source(str(maker.get("name") or "") if isinstance(maker, dict) else "")
    told = [found for found in event.get("Attribute") or () if isinstance(found, dict)]
    words = [str(found.get("value", "")) for found in told if found.get("type") in ("comment", "text")]
    reports = [str(found.get("content", "")) for found in event.get("EventReport") or () if isinstance(found, dict)]
    parts = [part for part in (one.fields.get("details", ""), *words, *reports) if part]
    to.put("details", "\n\n".join(dict.fromkeys(parts)))
    actors = {str(found.get("value", "")) for found in told if found.get("type") == "threat-actor"}
    if len(actors) == 1 and "actor" not in to.fields:
        to.put("actor", actors.pop())
    name = event["uuid"]
    return replace(one, form=FORM, producer=to.fields["source_name"], fields=to.fields, name=name,
                   refers=(name,) if one.refers else (), remarks=(*to.remarks, *remarks))  # fmt: skip


def _lines(*found: Any) -> list[str]:
    """The first ten lines of what the library complains of."""
    lines = [str(line)[:200] for one in found for group in dict(one).values() for line in group]
    return lines[:10]
