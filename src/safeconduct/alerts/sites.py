"""Places that people gather at beside the gates, and where the control points are: so that warnings find their users.

A place is private to its node. It may be placed on the map, or only by its distance to gates, or both.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from safeconduct.agreements.fields import Fields
from safeconduct.alerts.hold_advice import PointWarning
from safeconduct.alerts.quadtree import HALF_TURN, MAX_LEVEL, QUARTER_TURN, cell, contains
from safeconduct.alerts.release import Release
from safeconduct.errors import BadInput
from safeconduct.seal.canonical import decode_json, encode_json

KINDS = ("control-point", "assembly", "coordination")
NEAR_M = 1_000  # metres from a gate within which its warnings concern a place too
LIMIT = 64 * 1024  # bytes of JSON


@dataclass(frozen=True, slots=True)
class Site:
    """A place: position in microdegrees, or None; `near` has metres by control point; `users` are offices, no names."""

    id: str
    kind: str
    name: str
    lat: int | None
    lon: int | None
    near: Mapping[str, int]
    users: tuple[str, ...]


def to_json(site: Site) -> bytes:
    """Canonical JSON of a place."""
    plain = {name: getattr(site, name) for name in Site.__slots__}
    return encode_json({**plain, "near": dict(site.near), "users": list(site.users)})


def from_json(data: bytes) -> Site:
    """Place of a JSON document.

    Raises:
        BadInput: `bad-json`, `missing-field`, `unknown-field` or `bad-field`, naming the field.
    """
    fields = Fields(decode_json(data, where="place", limit=LIMIT), "place")
    site = Site(
        fields.ident("id"),
        fields.choice("kind", KINDS),
        fields.text("name", limit=120),
        fields.optional("lat", lambda name: fields.integer(name, -QUARTER_TURN, QUARTER_TURN)),
        fields.optional("lon", lambda name: fields.integer(name, -HALF_TURN, HALF_TURN)),
        _near(fields),
        fields.texts("users", most=50, limit=120),
    )
    fields.done()
    if (site.lat is None) != (site.lon is None):
        raise BadInput("missing-field", where="place.lat, place.lon", expected="both, or neither", seen=site.lat)
    if site.lat is None and not site.near:
        raise BadInput("missing-field", where="place", expected="a position, or a distance to a gate", seen=None)
    if site.kind == "control-point" and site.lat is None:
        raise BadInput("missing-field", where="place.lat", expected="the position of the control point", seen=None)
    return site


def _near(fields: Fields) -> dict[str, int]:
    value = fields.take("near")
    if not isinstance(value, dict) or len(value) > 50:
        raise fields.bad("near", "up to 50 distances in metres, by control point")
    inner = Fields(value, fields.path("near"))
    return {point: inner.integer(point, 0, 100_000) for point in sorted(value)}


def lies_in(site: Site, area: str) -> bool:
    """Whether a place that has a position lies in a cell."""
    return site.lat is not None and site.lon is not None and contains(area, cell(site.lat, site.lon, MAX_LEVEL))


def placed(sites: Iterable[Site], releases: Iterable[Release]) -> tuple[PointWarning, ...]:
    """Which releases concern which control points by where these are."""
    points = [site for site in sites if site.kind == "control-point"]
    return tuple(
        PointWarning(site.id, release, "placed")
        for release in releases
        for site in points
        if lies_in(site, release.area)
    )


def concerning(site: Site, releases: Iterable[Release], at_points: Iterable[PointWarning]) -> tuple[Release, ...]:
    """Releases that concern a place: it lies in the area, or near a control point that they concern; each once."""
    close = {point for point, metres in site.near.items() if metres <= NEAR_M}
    beside = {one.release.id for one in at_points if one.point in close}
    return tuple(one for one in releases if one.id in beside or lies_in(site, one.area))
