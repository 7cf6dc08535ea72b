"""The release: what crosses to one partner. It has no field for anything that was not meant to cross.

Its texts come from `words`, its area is a cell, its times are slots; a report's own words cannot occur in it
(spec/releases.md).
"""

from dataclasses import dataclass, replace
from typing import Any

from safeconduct.agreements.fields import Fields
from safeconduct.alerts.policy import SHORTEST_SLOT, Policy
from safeconduct.alerts.quadtree import FINEST_LEVEL, parse_cell
from safeconduct.alerts.words import ADVICE, LIKELIHOOD, THREATENED, TLP
from safeconduct.errors import Refusal
from safeconduct.seal.canonical import decode_json, encode_json

LIMIT_BYTES = 16 * 1024
MAX_VERSION = 999  # a version is also the millisecond of its STIX `modified`


@dataclass(frozen=True, slots=True)
class Release:
    """A warning as one partner gets it.

    `threatened_class` and `advised_action` are keys of `words`; `area` is a cell of the quadtree; all times are unix
    seconds on slot borders, `window_to` and `expires` not included; `lead_seconds` runs from `issued` to
    `window_from`, 0 if that is over; `likelihood` and `actor` are None unless the policy lists them.
    """

    id: str
    agreement_id: str
    partner: str
    purpose: str
    version: int
    revoked: bool
    threatened_class: str
    area: str
    window_from: int
    window_to: int
    lead_seconds: int
    likelihood: int | None
    actor: str | None
    advised_action: str
    handling: str
    first_issued: int
    issued: int
    expires: int
    commitment: bytes
    policy_digest: bytes


def plain_fields(release: Release) -> dict[str, Any]:
    """Every field by name, as plain JSON values; bytes in hexadecimal."""
    return {
        "release_id": release.id,
        "agreement_id": release.agreement_id,
        "partner": release.partner,
        "purpose": release.purpose,
        "version": release.version,
        "revoked": release.revoked,
        "threatened_class": release.threatened_class,
        "area": release.area,
        "window_from": release.window_from,
        "window_to": release.window_to,
        "lead_seconds": release.lead_seconds,
        "likelihood": release.likelihood,
        "actor": release.actor,
        "advised_action": release.advised_action,
        "handling": release.handling,
        "first_issued": release.first_issued,
        "issued": release.issued,
        "expires": release.expires,
        "commitment": release.commitment.hex(),
        "policy_digest": release.policy_digest.hex(),
    }


def read_fields(fields: Fields) -> Release:
    """Release of an object that has the names of `plain_fields`; the caller calls `done()`.

    Raises:
        BadInput: `missing-field`, `bad-field` or `bad-cell`, naming the field.
    """
    release = Release(
        id=fields.ident("release_id"),
        agreement_id=fields.ident("agreement_id"),
        partner=fields.ident("partner"),
        purpose=fields.ident("purpose"),
        version=fields.integer("version", 1, MAX_VERSION),
        revoked=fields.flag("revoked"),
        threatened_class=fields.choice("threatened_class", THREATENED),
        area=parse_cell(fields.text("area", limit=64), where=fields.path("area")),
        window_from=fields.seconds("window_from"),
        window_to=fields.seconds("window_to"),
        lead_seconds=fields.seconds("lead_seconds"),
        likelihood=fields.optional("likelihood", lambda name: fields.integer(name, min(LIKELIHOOD), max(LIKELIHOOD))),
        actor=fields.optional("actor", fields.ident),
        advised_action=fields.choice("advised_action", ADVICE),
        handling=fields.choice("handling", TLP),
        first_issued=fields.seconds("first_issued"),
        issued=fields.seconds("issued"),
        expires=fields.seconds("expires"),
        commitment=bytes.fromhex(fields.hex_text("commitment", 32)),
        policy_digest=bytes.fromhex(fields.hex_text("policy_digest", 32)),
    )
    if len(release.area) > FINEST_LEVEL:
        raise fields.bad("area", f"a cell of level {FINEST_LEVEL} at the finest")
    for name in ("window_from", "window_to", "first_issued", "issued", "expires"):
        if getattr(release, name) % SHORTEST_SLOT:
            raise fields.bad(name, f"a multiple of {SHORTEST_SLOT}")
    if release.window_to <= release.window_from:
        raise fields.bad("window_to", "a time after window_from")
    if release.expires < release.window_to:
        raise fields.bad("expires", "no time before window_to")
    if release.issued < release.first_issued:
        raise fields.bad("issued", "no time before first_issued")
    if release.lead_seconds != lead_seconds(release.issued, release.window_from):
        raise fields.bad("lead_seconds", "window_from − issued, or 0")
    return release


def to_json(release: Release) -> bytes:
    """Canonical JSON of a release."""
    return encode_json(plain_fields(release))


def from_json(data: bytes) -> Release:
    """Release of a JSON document.

    Raises:
        BadInput: `bad-json`, `unknown-field`, and as `read_fields`.
    """
    fields = Fields(decode_json(data, where="release", limit=LIMIT_BYTES), "release")
    release = read_fields(fields)
    fields.done()
    return release


def lead_seconds(issued: int, window_from: int) -> int:
    """Seconds from one slot border to another, 0 if the second is earlier."""
    return max(0, window_from - issued)


def withdraw(release: Release, *, now: int, slot_seconds: int) -> Release:
    """The same warning as a new version that takes it back; what was said before stays on record."""
    issued = now // slot_seconds * slot_seconds
    lead = lead_seconds(issued, release.window_from)
    expires = max(release.expires, issued + slot_seconds)
    return replace(
        release, version=release.version + 1, revoked=True, issued=issued, lead_seconds=lead, expires=expires
    )


def obeys(release: Release, policy: Policy) -> Refusal | None:  # noqa: PLR0911  (one for each numbered reason)
    """Whether a release, whoever made it, keeps to the policy: the last look before it is sent.

    Steps: 1. made for this agreement and partner, and 2. for the policy's purpose; 3. only listed fields; 4. area not
    finer than the floor and 5. not coarser than the ceiling; 6. times on slot borders; 7. marked at least as strictly.
    """
    if (release.agreement_id, release.partner) != (policy.agreement_id, policy.partner):  # 1
        return Refusal("not-for-us", release.partner)
    if release.purpose != policy.purpose:  # 2
        return Refusal("purpose-missing", release.purpose)
    for name in ("likelihood", "actor"):  # 3
        if getattr(release, name) is not None and name not in policy.fields:
            return Refusal("field-not-allowed", name)
    if len(release.area) > policy.max_cell_level:  # 4
        return Refusal("too-precise", f"area of level {len(release.area)}, floor {policy.max_cell_level}")
    if len(release.area) < policy.min_cell_level:  # 5
        return Refusal("too-vague-to-help", f"area of level {len(release.area)}, ceiling {policy.min_cell_level}")
    times = (release.window_from, release.window_to, release.first_issued, release.issued, release.expires)
    if any(at % policy.slot_seconds for at in times):  # 6
        return Refusal("too-precise", f"a time off the slots of {policy.slot_seconds} s")
    if TLP.index(release.handling) < TLP.index(policy.handling):  # 7
        return Refusal("field-not-allowed", f"marked {release.handling}, policy {policy.handling}")
    return None
