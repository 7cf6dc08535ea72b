"""The page of the exchange over HTTP: one answer, what waits and why, the button, and what it says when nothing is set up."""

import re
from dataclasses import replace
from html import unescape
from types import SimpleNamespace

import pytest
from litestar.testing import TestClient

from safeconduct.config import NodeConfig
from safeconduct.errors import Refusal, SafeconductError
from safeconduct.exchange.courier import Round
from safeconduct.web.api.app import create_app
from safeconduct.wiring import Running, init_node, open_node
from safeconduct.workflows.inventory import state_inventory, take_statement
from safeconduct.workflows.keep_operators import add_operator
from safeconduct.workflows.publish_bundle import publish_bundle
from safeconduct.workflows.receive_envelope import receive_envelope
from workflows.two_nodes import HOUR, Phone, World

COURIER = SimpleNamespace(start=lambda: None, stop=lambda: None, wake=lambda: None)


def plain(text):
    return unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", text)))


def told(node, other):
    """Both state what they sent and took in, as a round over the network ends."""
    for one, reader in ((node, other), (other, node)):
        assert not isinstance(take_statement(reader, state_inventory(one)), Refusal)


class Line:
    """A courier whose rounds bring everything both ways, without a network; down, it cannot reach anybody."""

    def __init__(self, world):
        self.world, self.down = world, False
        self.start, self.stop, self.wake = COURIER.start, COURIER.stop, COURIER.wake

    def round(self):
        if self.down:
            raise SafeconductError("partner-unreachable", "the partner's node: ConnectError('refused')")
        self.world.deliver(self.world.evac, self.world.cordon)
        self.world.deliver(self.world.cordon, self.world.evac)
        told(self.world.evac, self.world.cordon)
        return Round(1, 0, cosigned=False, waiting=0)


@pytest.fixture
def met(tmp_path):
    """Two nodes that know each other's card; the evacuating party's is served, and its courier is `line`."""
    world = World(tmp_path)
    world.line = Line(world)
    config = replace(world.evac_config, partner_url="http://node.local")
    with TestClient(create_app(Running(world.evac, config, world.line))) as client:
        client.follow_redirects = True
        world.client = client
        yield world
    world.cordon.store.close()


@pytest.fixture
def agreed(met):
    met.agree()
    return met


def shown(world, status=200):
    made = world.client.get("/exchange")
    assert made.status_code == status
    return plain(made.text)


def exchange(world):
    return world.client.post("/exchange")


def test_a_node_alone_says_that_it_has_no_partner_and_offers_no_button(tmp_path):
    config = NodeConfig("evac", "Evacuating party", tmp_path / "data", exercise=True, sign_in=False)
    init_node(tmp_path / "node", config, passphrase=None)
    with TestClient(create_app(Running(open_node(config), config, None))) as client:
        seen = client.get("/exchange").text
        assert "This node has no partner yet" in plain(seen) and 'href="/agreement"' in seen
        assert 'method="post"' not in seen and "exchange export" not in seen
        refused = client.post("/exchange")
        assert refused.status_code == 409 and "no address of the partner’s node" in plain(refused.text)


def test_without_an_agreement_there_is_nothing_to_exchange(met):
    seen = shown(met)
    assert "Nothing to exchange yet" in seen and "Cordon party is known, and no agreement was proposed yet" in seen
    assert "Exchange now" not in seen


def test_the_answer_is_not_known_until_the_partner_stated_it_and_one_press_brings_everything(agreed):
    publish_bundle(agreed.evac)
    before = shown(agreed)
    assert "Not known yet" in before and "Everything crossed" not in before
    assert "1 of ours waits to be delivered" in before and "trust bundle" in before and "not yet" in before
    after = exchange(agreed)
    assert (after.status_code, after.url.path, after.url.query) == (200, "/exchange", b"done=exchanged")
    seen = plain(after.text)
    assert "Exchanged just now" in seen and "Everything crossed, both ways" in seen and "As stated just now" in seen
    assert "All that we sent is confirmed there." in seen and "of theirs is here" in seen
    assert "Nothing waits to go" in seen and "Nothing is missing, set aside or refused" in seen
    assert not re.search(r"\d{4}-\d\d-\d\dT", seen)  # times are shown as times


def test_what_failed_is_shown_with_its_tries_and_the_page_says_why_the_exchange_did_not_work(agreed):
    exchange(agreed)
    publish_bundle(agreed.evac)
    with agreed.evac.store.transaction() as tx:
        [row] = tx.outbox.due(5)
        tx.outbox.failed(row.id, "ConnectError: connection refused")
        tx.outbox.failed(row.id, "ConnectError: connection refused")
    agreed.line.down = True
    made = exchange(agreed)
    assert made.status_code == 409
    seen = plain(made.text)
    assert "Not exchanged. The partner’s node does not answer: ConnectError" in seen
    assert "Not yet: 1 of ours is not confirmed there" in seen and "2 times" in seen
    assert "the partner’s node did not answer (ConnectError: connection refused)" in seen
    agreed.line.down = False
    exchange(agreed)
    agreed.line.down = True
    again = plain(exchange(agreed).text)
    assert "Everything had crossed just now" in again and "Everything crossed, both ways" not in again
    agreed.line.down = False
    assert "Everything crossed, both ways" in plain(exchange(agreed).text)


def test_what_is_missing_here_is_named_with_its_place_in_their_ledger_until_it_has_come(agreed):
    Phone(agreed.cordon, "outer-phone-1", agreed.outer[0])
    with agreed.cordon.store.transaction() as tx:
        lost = list(tx.outbox.due(5))
        tx.outbox.delivered([row.id for row in lost], agreed.cordon.clock.now())
    told(agreed.evac, agreed.cordon)
    seen = shown(agreed)
    assert "Not yet: 1 of theirs is missing here" in seen and "of their ledger" in seen
    publish_bundle(agreed.evac)
    assert "Not yet: 1 of theirs and 1 of ours are missing" in shown(agreed)
    assert receive_envelope(agreed.evac, lost[0].wire).status == "taken"
    assert "Not yet: 1 of ours is not confirmed there" in shown(agreed)


def test_refused_envelopes_are_listed_with_their_reason_in_words(agreed):
    publish_bundle(agreed.evac)
    exchange(agreed)
    publish_bundle(agreed.evac)
    with agreed.evac.store.transaction() as tx:
        [row] = tx.outbox.due(5)
        tx.outbox.delivered([row.id], agreed.evac.clock.now())
        tx.outbox.failed(row.id, "out-of-scope, kind")
    receive_envelope(agreed.cordon, row.wire)
    told(agreed.evac, agreed.cordon)
    seen = shown(agreed)
    assert "Everything arrived; 1 was refused" in seen
    assert "Refused there" in seen and str(Refusal("out-of-scope")) + " (kind)" in seen


def test_an_old_statement_says_nothing_about_now(agreed):
    exchange(agreed)
    agreed.move(agreed.evac.clock.now() + 5 * HOUR)
    seen = shown(agreed)
    assert "Everything had crossed 5 h ago" in seen and "Whether anything was sent since is not known" in seen


def test_a_node_that_exchanges_by_file_is_told_how_and_its_button_is_no_trap(tmp_path):
    world = World(tmp_path)
    world.agree()
    config = replace(world.evac_config, transport="file")
    with TestClient(create_app(Running(world.evac, config, None))) as client:
        seen = client.get("/exchange").text
        words = plain(seen)
        assert "by sealed files on a USB stick" in words and "Exchange now" not in words
        assert "safeconduct exchange export to-cordon.scb --to cordon" in words
        assert "safeconduct exchange import FILE" in words
        assert client.post("/exchange").status_code == 409
        room = client.get("/").text
        assert room.count('href="/exchange"') >= 2
    world.cordon.store.close()


def test_a_stranger_sees_nothing_and_a_reader_does_not_exchange(tmp_path):
    world = World(tmp_path)
    world.agree()
    token = add_operator(world.evac, "reader", "reader", ["reader"])
    config = replace(world.evac_config, sign_in=True)
    with TestClient(create_app(Running(world.evac, config, Line(world)))) as client:
        assert client.get("/exchange").status_code == 401
        reading = {"Authorization": f"Bearer {token}"}
        assert "Not known yet" in plain(client.get("/exchange", headers=reading).text)
        assert client.post("/exchange", headers=reading).status_code == 403
    world.cordon.store.close()
