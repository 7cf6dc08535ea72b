"""Places, and which warnings concern them."""

import dataclasses
import json

import pytest

from safeconduct.alerts.hold_advice import PointWarning
from safeconduct.alerts.quadtree import bounds
from safeconduct.alerts.sites import Site, concerning, from_json, lies_in, placed, to_json
from safeconduct.errors import BadInput

HOTEL = Site("hotel", "assembly", "Hotel by the canal", None, None, {"gate-a": 320}, ("aid office",))


def _inside(release):
    south, west, north, east = bounds(release.area)
    return (south + north) // 2, (west + east) // 2


@pytest.mark.seed("S-29")
def test_a_place_reads_back_as_it_was_registered():
    assert from_json(to_json(HOTEL)) == HOTEL
    put = dataclasses.replace(HOTEL, lat=34_258_012, lon=69_210_455, near={})
    assert from_json(to_json(put)) == put


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"kind": "house"}, "bad-field"),
        ({"lat": 1}, "missing-field"),
        ({"near": {}}, "missing-field"),
        ({"near": {"gate-a": -1}}, "bad-field"),
        ({"near": ["gate-a"]}, "bad-field"),
        ({"kind": "control-point"}, "missing-field"),
        ({"name": ""}, "bad-field"),
        ({"lat": 91_000_000, "lon": 0}, "bad-field"),
        ({"owner": "x"}, "unknown-field"),
    ],
)
def test_a_place_that_could_not_be_found_again_is_refused(change, code):
    with pytest.raises(BadInput) as caught:
        from_json(json.dumps({**json.loads(to_json(HOTEL)), **change}).encode())
    assert caught.value.code == code


@pytest.mark.seed("S-29")
def test_a_warning_concerns_a_place_in_its_area_and_one_near_a_gate_that_it_concerns(release):
    lat, lon = _inside(release)
    inside = dataclasses.replace(HOTEL, lat=lat, lon=lon, near={})
    outside = dataclasses.replace(HOTEL, lat=lat + 5_000_000, lon=lon, near={})
    far = dataclasses.replace(HOTEL, near={"gate-a": 1_001})
    at_gate = [PointWarning("gate-a", release, "assigned")]
    assert lies_in(inside, release.area) and not lies_in(outside, release.area) and not lies_in(HOTEL, release.area)
    assert concerning(inside, [release], []) == (release,)
    assert concerning(outside, [release], at_gate) == ()
    assert concerning(HOTEL, [release], at_gate) == (release,)
    assert concerning(HOTEL, [release], []) == ()
    assert concerning(far, [release], at_gate) == ()


@pytest.mark.seed("S-27")
def test_a_control_point_that_lies_in_the_area_is_concerned_and_a_hotel_is_none(release):
    lat, lon = _inside(release)
    gate = Site("gate-a", "control-point", "Gate A", lat, lon, {}, ())
    hotel = dataclasses.replace(HOTEL, lat=lat, lon=lon)
    assert placed([gate, hotel], [release]) == (PointWarning("gate-a", release, "placed"),)
