"""The two collections of an agreement: whose they are, and what `date_added`, order and counts tell."""

import json
from datetime import datetime

import pytest
from litestar.testing import TestClient

from safeconduct.alerts.policy import SHORTEST_SLOT
from safeconduct.errors import BadInput, SafeconductError
from safeconduct.web.api import taxii_answers
from safeconduct.web.api.app import create_app
from safeconduct.wiring import Running
from safeconduct.workflows import taxii_read
from safeconduct.workflows.envelopes import wrap
from safeconduct.workflows.stix_envelope import carrier
from safeconduct.workflows.taxii_access import FORBIDDEN, NOT_FOUND, caller_of_party, to_read, to_write
from safeconduct.workflows.taxii_admin import add_client, add_collection, agreement_collections, publish
from safeconduct.workflows.taxii_query import read_query
from taxii.conftest import TAXII, basic, indicator
from workflows.two_nodes import HOUR, START, World

EVERYTHING = [("match[version]", "all"), ("limit", "1000")]


@pytest.fixture
def world(tmp_path):
    made = World(tmp_path)
    made.agree()
    yield made
    made.close()


def put(node, objects, at):
    slot = at // SHORTEST_SLOT * SHORTEST_SLOT
    with node.store.transaction() as tx:
        return publish(node, tx, objects, added_at=slot)


def seen_by_partner(node, way="to-cordon"):
    """All that the partner's node can read of a collection: pages, dates, manifest."""
    with node.store.reading() as tx:
        caller, root = caller_of_party("cordon"), agreement_collections(node)[0].root
        page = taxii_read.objects(tx, caller, root, way, read_query(EVERYTHING))
        return page.body, page.first, page.last, taxii_read.manifest(tx, caller, root, way, read_query(EVERYTHING)).body


def dates(node):
    return [one["date_added"] for one in json.loads(seen_by_partner(node)[3])["objects"]]


def test_agreement_has_one_collection_each_way_with_ids_that_stay(world):
    out, back = agreement_collections(world.evac)
    assert (out.way, out.alias, out.party) == ("out", "to-cordon", "cordon")
    assert (back.way, back.alias, back.party) == ("in", "from-cordon", "cordon")
    ids = (out.id, back.id)
    world.reopen()
    assert tuple(one.id for one in agreement_collections(world.evac)) == ids
    assert agreement_collections(world.cordon)[0].id not in ids


def test_without_an_agreement_there_is_no_collection_and_nothing_is_published(tmp_path):
    apart = World(tmp_path)
    assert agreement_collections(apart.evac) is None
    assert put(apart.evac, [indicator()], START) == 0
    apart.close()


def test_partner_reads_what_goes_out_writes_what_comes_in_and_deletes_neither(world):
    out, back = agreement_collections(world.evac)
    partner, stranger = caller_of_party("cordon"), caller_of_party("evac")
    with world.evac.store.reading() as tx:
        assert to_read(tx, partner, out.root, "to-cordon") == out
        assert to_read(tx, partner, out.root, back.id) == to_write(tx, partner, out.root, back.id) == back
        with pytest.raises(SafeconductError) as forbidden:
            to_write(tx, partner, out.root, out.id)
        assert forbidden.value.code == FORBIDDEN
        for root, name in ((out.root, "nothing"), ("elsewhere", out.id)):
            with pytest.raises(SafeconductError) as unknown:
                to_read(tx, partner, root, name)
            assert unknown.value.code == NOT_FOUND
        with pytest.raises(SafeconductError):
            to_read(tx, stranger, out.root, out.id)
        assert taxii_read.discovery(world.evac, tx, stranger).find(b"api_roots") == -1


@pytest.fixture
def partner(world, monkeypatch):
    """The partner's node over HTTP, as if its signature had been checked."""
    monkeypatch.setattr(taxii_answers, "party_of", lambda _connection: "cordon")
    agreement_collections(world.evac)
    with TestClient(create_app(Running(world.evac, world.evac_config, None))) as http:
        http.headers.update({"accept": TAXII, "content-type": TAXII})
        yield http


def test_partner_finds_its_collections_and_what_crossed_is_not_deleted(world, partner):
    root = agreement_collections(world.evac)[0].root
    assert partner.get("/taxii2/").json()["api_roots"] == [f"/taxii/{root}/"]
    listed = partner.get(f"/taxii/{root}/collections/").json()["collections"]
    assert [(one["alias"], one["can_read"], one["can_write"]) for one in listed] == [
        ("to-cordon", True, False), ("from-cordon", True, True),
    ]  # fmt: skip
    one = indicator()
    place = f"/taxii/{root}/collections/from-cordon/objects/"
    assert partner.post(place, content=json.dumps({"objects": [one]})).json()["success_count"] == 1
    assert partner.get(place).json()["objects"] == [one]
    assert partner.delete(f"{place}{one['id']}/").status_code == 403
    assert partner.get(place).json()["objects"] == [one]


def test_envelope_in_a_posted_object_is_taken_in_and_a_refused_one_is_a_failure(world, partner):
    root = agreement_collections(world.evac)[0].root
    place = f"/taxii/{root}/collections/from-cordon/objects/"
    with world.cordon.store.transaction() as tx:
        wires = [wrap(world.cordon, tx, to=to, kind="outcome", agreement=root, body=b"{}") for to in ("evac", "other")]
    now = world.cordon.clock.now()
    made = [carrier(wire, uuid=world.cordon.random.id(), now=now) for wire in [*wires, b"no envelope"]]
    made += [
        {**made[0], "id": indicator()["id"].replace("indicator", "x-safeconduct-envelope"), "more": 1},
        indicator(),
    ]
    status = partner.post(place, content=json.dumps({"objects": made})).json()
    assert (status["success_count"], status["failure_count"]) == (1, 4)
    said = [one["message"] for one in status["failures"]]
    assert all(f"objects[{number}].wire" in said[number] for number in (0, 1, 2)) and "not-for-us" in said[1]
    assert {one["id"] for one in status["failures"]} == {one["id"] for one in made[:4]}
    assert [one["id"] for one in partner.get(place).json()["objects"]] == [made[4]["id"]]


def test_no_date_added_of_an_agreement_is_finer_than_the_slot(world, partner):
    root = agreement_collections(world.evac)[0].root
    place = f"/taxii/{root}/collections/from-cordon/objects/"
    for minute in (1, 7, 13, 59):
        world.move(START + HOUR + minute * 60 + 7)
        put(world.evac, [indicator()], world.evac.clock.now())
        partner.post(place, content=json.dumps({"objects": [indicator()]}))
    for way in ("to-cordon", "from-cordon"):
        records = json.loads(seen_by_partner(world.evac, way)[3])["objects"]
        assert len(records) == 4
        for one in records:
            from_start = micros_of(one["date_added"]) % (SHORTEST_SLOT * 1_000_000)
            assert from_start < 4  # a counter, not a time


def micros_of(text):
    """Microseconds since 1970 of a TAXII timestamp, by the standard library alone."""
    at = datetime.fromisoformat(text)
    return int(at.replace(microsecond=0).timestamp()) * 1_000_000 + at.microsecond


def test_time_within_the_slot_and_order_of_objects_leave_no_trace(tmp_path):
    """Two histories that differ in minute, order within one act, and in what else the node does, look alike."""
    views = []
    objects = [indicator() for _ in range(6)]
    for number, (minute, order, noise) in enumerate(((1, 1, 0), (9, -1, 5))):
        (tmp_path / str(number)).mkdir()
        world = World(tmp_path / str(number))
        world.agree()
        world.move(START + 2 * HOUR)
        made = add_collection(world.evac, alias="noise", title="noise")
        for _ in range(noise):
            with world.evac.store.transaction() as tx:
                tx.taxii.publish(made.id, [indicator()], added_at=world.evac.clock.now())
        world.move(START + 2 * HOUR + minute * 60)
        put(world.evac, objects[::order], world.evac.clock.now())
        views.append(seen_by_partner(world.evac))
        world.close()
    assert views[0] == views[1]


def test_dates_only_grow_even_when_the_clock_or_the_caller_goes_back(world):
    for at in (START + 3 * HOUR, START, START + 3 * HOUR):
        put(world.evac, [indicator(), indicator()], at)
    found = dates(world.evac)
    assert found == sorted(set(found)) and len(found) == 6


def test_what_is_published_again_is_not_counted_and_takes_no_place(world):
    one, other = indicator(), indicator()
    assert put(world.evac, [one], START) == 1
    assert put(world.evac, [one], START) == 0
    assert put(world.evac, [one, other], START) == 1
    assert [date[-7:-1] for date in dates(world.evac)] == ["000000", "000001"]


def test_what_is_no_stix_object_is_not_published(world):
    for bad in ({}, {"type": "indicator"}, indicator(spec_version="2.0"), {**indicator(), "created": "now"}):
        with pytest.raises(BadInput):
            put(world.evac, [bad], START)
    with world.evac.store.transaction() as tx, pytest.raises(BadInput):
        tx.taxii.publish("nothing", [indicator()], added_at=START)


def test_named_client_may_read_what_goes_out_but_never_fill_it(world):
    out, back = agreement_collections(world.evac)
    with pytest.raises(BadInput, match="a collection that others may fill"):
        add_client(world.evac, "platform", read=[], write=["to-cordon"])
    token = add_client(world.evac, "platform", read=["to-cordon"], write=["from-cordon"])
    put(world.evac, [indicator()], START)
    with TestClient(create_app(Running(world.evac, world.evac_config, None))) as http:
        asked = {"accept": TAXII, "authorization": basic("platform", token)}
        assert len(http.get(f"/taxii/{out.root}/collections/{out.id}/objects/", headers=asked).json()["objects"]) == 1
        assert http.get(f"/taxii/{back.root}/collections/{back.id}/objects/", headers=asked).status_code == 403


@pytest.mark.parametrize(
    ("options", "code"),
    [
        ({"name": "A b"}, "bad-name"), ({"name": ""}, "bad-name"), ({"read": ["nothing"]}, "unknown-collection"),
        ({"rate": -1}, "bad-limit"), ({"size": 10}, "bad-limit"), ({"read": []}, "bad-limit"),
    ],
)  # fmt: skip
def test_client_with_wrong_settings_is_not_made(world, options, code):
    with pytest.raises(BadInput) as refused:
        add_client(world.evac, **{"name": "platform", "read": ["to-cordon"], "write": [], **options})
    assert refused.value.code == code


def test_names_are_given_once_and_the_root_of_an_agreement_is_its_own(world):
    add_collection(world.evac, alias="one", title="One")
    add_client(world.evac, "a", read=["one"], write=[])
    root = agreement_collections(world.evac)[0].root
    for wrong in ({"alias": "one"}, {"alias": "two", "root": root}, {"alias": "A"}, {"alias": "b", "title": " "},
                  {"alias": "b", "description": "d" * 500}, {"alias": "b", "root": "/"}, {"alias": "b", "title": "a\nb"}):  # fmt: skip
        with pytest.raises(BadInput) as refused:
            add_collection(world.evac, **{"title": "T", **wrong})
        assert refused.value.code in ("name-taken", "bad-name")
    with pytest.raises(BadInput) as twice:
        add_client(world.evac, "a", read=["one"], write=[])
    assert twice.value.code == "name-taken"
