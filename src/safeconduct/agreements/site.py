"""The hand-over of a site, zone by zone: planned, handed over in a state, received by the other party's signature.

A zone is handed over once. Its receipt says whether the zone was as stated; a receipt with a remark is a receipt.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Literal, cast, get_args

from safeconduct.agreements.agreement import Agreement
from safeconduct.agreements.fields import Fields
from safeconduct.errors import Refusal
from safeconduct.seal.canonical import decode_json, encode_json

LIMIT = 64 << 10  # bytes of one event
Stage = Literal["planned", "handed-over", "received"]


@dataclass(frozen=True, slots=True)
class SiteEvent:
    """One step of one zone.

    `text` is the zone's state when it is handed over, the receiving party's remark when it is received. `due` (unix
    seconds) stands in a plan, `as_stated` in a receipt, the common purpose in all but a receipt.
    """

    stage: Stage
    by: str
    at: int
    site: str
    zone: str
    text: str = ""
    purpose: str | None = None
    due: int | None = None
    as_stated: bool | None = None


@dataclass(frozen=True, slots=True)
class Zone:
    """Where one zone stands: what was planned, handed over and received, None for what has not happened."""

    site: str
    zone: str
    planned: SiteEvent | None = None
    handed_over: SiteEvent | None = None
    received: SiteEvent | None = None

    @property
    def state(self) -> str:
        """One of planned, handed-over, received, differs (received, but not as stated)."""
        if self.received is not None:
            return "received" if self.received.as_stated else "differs"
        return "handed-over" if self.handed_over is not None else "planned"


def site_json(event: SiteEvent) -> bytes:
    """Canonical JSON of an event; the inverse of `read_site_event`."""
    return encode_json(
        {
            "as_stated": event.as_stated, "at": event.at, "by": event.by, "due": event.due,
            "purpose": event.purpose, "site": event.site, "stage": event.stage, "text": event.text, "zone": event.zone,
        }
    )  # fmt: skip


def read_site_event(data: bytes) -> SiteEvent:
    """Event of a JSON document; the state of a zone that is handed over must be said.

    Raises:
        BadInput: `bad-json`, `missing-field`, `unknown-field` or `bad-field`, naming the field.
    """
    fields = Fields(decode_json(data, where="site event", limit=LIMIT), "site event")
    stage = cast("Stage", fields.choice("stage", get_args(Stage)))
    event = SiteEvent(
        stage,
        fields.ident("by"),
        fields.seconds("at"),
        fields.text("site", limit=100),
        fields.text("zone", limit=100),
        fields.text("text", empty=stage != "handed-over"),
        fields.optional("purpose", fields.ident),
        fields.optional("due", fields.seconds),
        fields.optional("as_stated", fields.flag),
    )
    fields.done()
    if (event.due is not None) != (stage == "planned"):
        raise fields.bad("due", "a time in a plan, null elsewhere")
    if (event.as_stated is not None) != (stage == "received"):
        raise fields.bad("as_stated", "true or false in a receipt, null elsewhere")
    return event


def accept(agreement: Agreement, events: Iterable[SiteEvent], event: SiteEvent) -> SiteEvent | Refusal:
    """The event if it may follow `events`, else why not.

    Steps: 1. `by` is a party; 2. a zone is planned and handed over as long as it was not handed over; 3. only what was
    handed over is received, 4. by the other party, 5. and once.
    """
    zone = next((one for one in zones(events) if (one.site, one.zone) == (event.site, event.zone)), None)
    given = zone.handed_over if zone else None
    if agreement.party(event.by) is None:  # 1
        return Refusal("unknown-sender", event.by)
    if event.stage != "received":
        return event if given is None else Refusal("already-handed-over", event.zone)  # 2
    if zone is None or given is None:  # 3
        return Refusal("unknown-zone", event.zone)
    if given.by == event.by:  # 4
        return Refusal("unknown-sender", "a zone is received by the other party")
    return event if zone.received is None else Refusal("already-handed-over", event.zone)  # 5


def zones(events: Iterable[SiteEvent]) -> tuple[Zone, ...]:
    """Every zone with where it stands, in the order in which zones were named; of several plans the newest stands."""
    found: dict[tuple[str, str], Zone] = {}
    for event in events:
        key = (event.site, event.zone)
        zone = found.get(key, Zone(*key))
        if event.stage == "planned":
            zone = replace(zone, planned=event)
        elif event.stage == "handed-over":
            zone = replace(zone, handed_over=zone.handed_over or event)
        else:
            zone = replace(zone, received=zone.received or event)
        found[key] = zone
    return tuple(found.values())
