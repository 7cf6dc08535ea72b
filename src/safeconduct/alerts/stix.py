"""A release as a STIX 2.1 bundle, and back: extension definition and its author, TLP 2.0 marking, location, report.

STIX 2.1 (OASIS, 10 June 2021): report 4.16, location 4.11, data markings 7.2, extension definition 7.3. The author of
the extension is this software; there is no author of the warning. Reading is by re-rendering: the one bundle that
says this release is the only one that is accepted, so that nothing else can ride along.
"""

import json
import re
from dataclasses import dataclass
from typing import Any

from safeconduct.agreements.fields import Fields, iso
from safeconduct.alerts.quadtree import centre, size_m
from safeconduct.alerts.release import Release, plain_fields, read_fields
from safeconduct.alerts.words import ADVICE, LIKELIHOOD, THREATENED
from safeconduct.errors import BadInput

SPEC = "2.1"
EXTENSION_ID = "extension-definition--9f076793-7a86-48a7-89ec-a8a6605246c3"
AUTHOR_ID = "identity--fbc32e2e-9c92-4bda-ad6a-4ad31fbc595e"
BORN = "2021-08-14T00:00:00.000Z"  # of the two constant objects: any constant would do

# The published TLP 2.0 markings (oasis-open/cti-stix-common-objects, extension-definition-specifications/tlp-2.0).
TLP_EXTENSION = "extension-definition--60a3c5c5-0d10-413e-aab3-9e08dde9e88d"
_TLP_BORN = "2022-10-01T00:00:00.000Z"
TLP_IDS = {
    "TLP:CLEAR": "marking-definition--94868c89-83c2-464b-929b-a1a8aa3c8487",
    "TLP:GREEN": "marking-definition--bab4a63c-aed9-4cf5-a766-dfca5abac2bb",
    "TLP:AMBER": "marking-definition--55d920b0-5e8b-4f79-9ee9-91f868d9b421",
    "TLP:AMBER+STRICT": "marking-definition--939a9414-2ddd-4d32-a0cd-375ea402b003",
    "TLP:RED": "marking-definition--e828b379-4e03-4974-9ac4-e53a884c97c1",
}

LIMIT_BYTES = 64 * 1024
UUID_4 = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")


NOT_GIVEN = {"likelihood": None, "actor": None}  # STIX has no null: what is not given is not there


@dataclass(frozen=True, slots=True)
class StixIds:
    """Random UUIDs (version 4) for one bundle; `report` and `location` stay the same for all versions of a release."""

    bundle: str
    report: str
    location: str


def to_stix(release: Release, ids: StixIds) -> dict[str, Any]:
    """The STIX 2.1 bundle of a release. `created` is the first slot; the millisecond of `modified` is the version.

    Raises:
        BadInput: `bad-stix`, if an id is not a UUID of version 4.
    """
    for name in ("bundle", "report", "location"):
        if not UUID_4.fullmatch(getattr(ids, name)):
            raise BadInput("bad-stix", where=f"ids.{name}", expected="a UUID, version 4", seen=getattr(ids, name))
    created = stamp(release.first_issued, 0)
    modified = stamp(release.issued, release.version - 1)
    common = {"spec_version": SPEC, "created": created, "modified": modified}
    marking = {"object_marking_refs": [TLP_IDS[release.handling]]}
    south_north, west_east = centre(release.area)
    location = {
        "type": "location",
        "id": f"location--{ids.location}",
        **common,
        **marking,
        "latitude": south_north / 1_000_000,
        "longitude": west_east / 1_000_000,
        # A circle around the cell's middle that holds the whole cell: half of the square root of 2, and a metre.
        "precision": float(size_m(release.area) * 7_072 // 10_000 + 1),
        "name": f"Cell {release.area}",
        "description": f"Somewhere in a cell {size_m(release.area)} m wide at most; the middle is nothing special.",
    }
    report = {
        "type": "report",
        "id": f"report--{ids.report}",
        **common,
        **marking,
        "revoked": release.revoked,
        "name": f"{'Withdrawn: w' if release.revoked else 'W'}arning for {THREATENED[release.threatened_class]}",
        "description": in_words(release),
        "report_types": ["threat-report"],
        "published": created,
        "object_refs": [location["id"]],
        "extensions": {EXTENSION_ID: property_extension(plain_fields(release))},
    }
    objects = [author(), _extension(), tlp_marking(release.handling), location, report]
    return {"type": "bundle", "id": f"bundle--{ids.bundle}", "objects": objects}


def in_words(release: Release) -> str:
    """What a release says, for a reader who does not know the extension: no word of it is anybody's own."""
    if release.revoked:
        return "Withdrawn by its sender: do not act on it any more. This says nothing of whether there is danger."
    lines = [
        f"Advice: {ADVICE[release.advised_action]}.",
        f"For: {THREATENED[release.threatened_class]}.",
        f"From {iso(release.window_from)} until {iso(release.window_to)}.",
        f"Where: in a cell {size_m(release.area)} m wide at most.",
    ]
    if release.likelihood is not None:
        lines.append(f"Likelihood: {LIKELIHOOD[release.likelihood][0]}.")
    return " ".join([*lines, "It carries no instruction to use force."])


def from_stix(bundle: Any) -> Release:
    """The release of a bundle that `to_stix` made.

    Steps: 1. a bundle of five objects; 2. the last is a report with our extension and nothing unknown in it; 3. its
    release is well formed; 4. the bundle of that release is this bundle, object by object.

    Raises:
        BadInput: `bad-stix`, `missing-field`, `unknown-field`, `bad-field` or `bad-cell`, naming the place.
    """
    outer = Fields(bundle, "bundle")  # 1
    outer.choice("type", ("bundle",))
    bundle_id = uuid_of(outer, "id", "bundle")
    objects = outer.items("objects", most=5)
    outer.done()
    if len(objects) != 5:
        raise BadInput("bad-stix", where="bundle.objects", expected="five objects", seen=len(objects))
    report = Fields(objects[4], "report")  # 2
    extensions = Fields(report.take("extensions"), "report.extensions")
    plain = extensions.take(EXTENSION_ID)
    fields = Fields({**NOT_GIVEN, **plain} if isinstance(plain, dict) else plain, "report.extension")
    fields.choice("extension_type", ("property-extension",))
    release = read_fields(fields)  # 3
    fields.done()
    location_id = uuid_of(Fields(objects[3], "location"), "id", "location")
    ids = StixIds(bundle_id, uuid_of(report, "id", "report"), location_id)
    for place, (expected, seen) in enumerate(zip(to_stix(release, ids)["objects"], objects, strict=True)):  # 4
        check_same(expected, seen, f"bundle.objects[{place}]")
    return release


def ids_of(bundle: Any) -> StixIds:
    """The three UUIDs of a bundle that `from_stix` accepts, for a later version.

    Raises:
        BadInput: as `from_stix`.
    """
    from_stix(bundle)
    names = (bundle["id"], bundle["objects"][4]["id"], bundle["objects"][3]["id"])
    return StixIds(*(name.partition("--")[2] for name in names))


def encode_stix(bundle: dict[str, Any]) -> bytes:
    """JSON bytes of a bundle: keys sorted, no spaces, UTF-8. It has floats (latitude, longitude), so it is not signed;
    what is signed and logged is the envelope around it.
    """  # noqa: D205
    return json.dumps(bundle, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False).encode()


def decode_stix(data: bytes) -> Release:
    """Release of the JSON bytes of a bundle.

    Raises:
        BadInput: `bad-json`, and as `from_stix`.
    """
    if len(data) > LIMIT_BYTES:
        raise BadInput("bad-json", where="bundle", expected=f"at most {LIMIT_BYTES} bytes", seen=len(data))
    try:
        value = json.loads(data.decode(), object_pairs_hook=_unique)
    except (ValueError, RecursionError) as error:
        raise BadInput("bad-json", where="bundle", expected="JSON without duplicate keys", seen=str(error)) from None
    return from_stix(value)


def check_same(expected: dict[str, Any], seen: Any, where: str) -> None:
    """Refuse an object that differs in any field from the one that its fields make.

    Raises:
        BadInput: `bad-stix`, `missing-field` or `unknown-field`, naming the place.
    """
    fields = Fields(seen, where)
    for name, value in expected.items():
        found = fields.take(name)
        if found != value:
            raise BadInput("bad-stix", where=f"{where}.{name}", expected=repr(value), seen=found)
    fields.done()


def uuid_of(fields: Fields, name: str, kind: str) -> str:
    """The UUID of a STIX identifier of this kind.

    Raises:
        BadInput: `missing-field` or `bad-field`.
    """
    value = fields.text(name, limit=100)
    head, _, uuid = value.partition("--")
    if head != kind or not UUID_4.fullmatch(uuid):
        raise fields.bad(name, f"{kind}-- and a UUID, version 4")
    return uuid


def stamp(at: int, millisecond: int = 0) -> str:
    """STIX timestamp of unix seconds."""
    return f"{iso(at)[:-1]}.{millisecond:03d}Z"


def property_extension(plain: dict[str, Any]) -> dict[str, Any]:
    """Fields as a property extension, without those that are null."""
    return {"extension_type": "property-extension", **{name: one for name, one in plain.items() if one is not None}}


def author() -> dict[str, Any]:
    """The identity behind our extensions: this software, and nobody who knows anything."""
    return {
        "type": "identity",
        "spec_version": SPEC,
        "id": AUTHOR_ID,
        "created": BORN,
        "modified": BORN,
        "name": "safeconduct (software)",
        "identity_class": "system",
    }


def _extension() -> dict[str, Any]:
    return {
        "type": "extension-definition",
        "spec_version": SPEC,
        "id": EXTENSION_ID,
        "created": BORN,
        "modified": BORN,
        "created_by_ref": AUTHOR_ID,
        "name": "safeconduct release",
        "description": "A warning as one partner gets it: class of people, area, window, advice.",
        "schema": "spec/releases.md of safeconduct, section Fields",
        "version": "1.0.0",
        "extension_types": ["property-extension"],
    }


def tlp_marking(handling: str) -> dict[str, Any]:
    """The published TLP 2.0 marking of this name."""
    extension = {"extension_type": "property-extension", "tlp_2_0": handling.removeprefix("TLP:").lower()}
    return {
        "type": "marking-definition",
        "spec_version": SPEC,
        "id": TLP_IDS[handling],
        "created": _TLP_BORN,
        "name": handling,
        "extensions": {TLP_EXTENSION: extension},
    }


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    mapping = dict(pairs)
    if len(mapping) != len(pairs):
        raise ValueError("a duplicate key")
    return mapping
