"""A release that locates protected people more finely than allowed: there is no way to ask for one."""

import json

import pytest

from attacks.oracle import cell_of, fields_of, metres
from attacks.setting import NOW, PLACE, POLICY, crossing, fresh, policy, released, report, weigh
from safeconduct.alerts.derive import derive
from safeconduct.alerts.override import Override
from safeconduct.alerts.policy import from_json as read_policy
from safeconduct.alerts.stix import decode_stix
from safeconduct.alerts.words import THREATENED
from safeconduct.errors import BadInput
from safeconduct.workflows.envelopes import send

FINEST = 400  # metres: the shorter side of the finest cell where people live, by the attacker's own reckoning


@pytest.mark.parametrize("people", sorted(THREATENED))
@pytest.mark.parametrize("precision", [1, 50, 300])
def test_however_precise_the_report_the_area_is_the_policys_floor(people, precision):
    got = fields_of(crossing(released(report(threatened_class=people, precision_m=precision), policy())))
    assert got["area"] == cell_of(PLACE[0] / 1e6, PLACE[1] / 1e6, 15)
    assert metres(got["area"]) > 900


def test_the_finest_policy_that_can_be_written_still_gives_hundreds_of_metres():
    finest = policy(min_cell_level=12, max_cell_level=16)
    assert metres(fields_of(crossing(released(report(precision_m=1), finest)))["area"]) > FINEST
    for level in range(17, 25):
        with pytest.raises(BadInput, match="max_cell_level"):
            read_policy(json.dumps({**POLICY, "max_cell_level": level}).encode())


def test_no_two_people_can_decide_for_a_finer_area():
    finer = Override("too-precise", "they asked for it", "Duty officer", "Legal adviser", 1)
    answer = derive(
        report(), policy(), now=NOW, release_id="w", salts=fresh(0)[1], purpose="no-attacks", overrides=[finer]
    )  # fmt: skip
    assert answer.code == "rule-stands"


def test_the_location_object_is_no_finer_than_the_cell():
    """Its point is the middle of the cell, and its precision holds the whole cell."""
    made = json.loads(crossing(released(report(), policy())))
    [place] = [one for one in made["objects"] if one["type"] == "location"]
    assert {"street_address", "postal_code", "city", "region", "country"}.isdisjoint(place)
    assert place["precision"] > metres(fields_of(json.dumps(made))["area"]) / 2
    moved = json.loads(crossing(released(report(lat=PLACE[0] + 90, lon=PLACE[1] - 90), policy())))
    [other] = [one for one in moved["objects"] if one["type"] == "location"]
    assert {**place, "id": ""} == {**other, "id": ""}


def test_a_node_refuses_a_finer_release_of_another_program(warned):
    """Whoever made it: a house is no area."""
    world = warned.world
    with world.cordon.store.reading() as tx:
        body = next(one.body for one in tx.alerts.versions(warned.release))
    finer = json.loads(body)["area"] + "000000"
    made = json.loads(crossing(released(report(), policy())))
    [extension] = made["objects"][4]["extensions"].values()
    extension["area"] = finer[:20]
    data = json.dumps(made).encode()
    with pytest.raises(BadInput) as caught:
        decode_stix(data)
    assert caught.value.code in {"bad-field", "bad-stix"} and "area" in caught.value.where
    with world.evac.store.transaction() as tx:
        send(world.evac, tx, to="cordon", kind="release", agreement="kabul-2021", body=data)
    assert [(kind, one.status) for kind, one in world.settle()] == [("release", "refused")]
    with world.cordon.store.reading() as tx:
        assert len(tx.alerts.versions()) == 1


def test_a_wider_report_never_gives_a_finer_area_than_it_knows():
    for precision in (1_000, 2_000, 5_000, 9_000):
        area = weigh(report(precision_m=precision), policy()).release.area
        assert 40_075_017 / 2 ** len(area) >= precision
