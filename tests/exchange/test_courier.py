"""The courier: at once, in few requests, again after a failure; what is refused or poisoned is seen and blocks nothing."""

import time

import httpx
import pytest

from exchange.operation import Operation, holds
from safeconduct.errors import SafeconductError
from safeconduct.exchange import courier as couriers
from safeconduct.exchange.courier import Courier, HttpPush
from safeconduct.seal.canonical import encode_cbor
from safeconduct.workflows.common import refused_acts
from safeconduct.workflows.envelopes import send
from safeconduct.workflows.inventory import completeness
from safeconduct.workflows.publish_bundle import publish_bundle
from safeconduct.workflows.show_exchange import show_exchange

ODD = {"agreement": "kabul-2021", "kind": "bundle", "body": b"\xff"}


class Counting(HttpPush):
    """Pushes as ever and counts; fails as told."""

    def __init__(self, http, *, broken=(), down=False):
        super().__init__(http)
        self.requests, self.sizes, self.broken, self.down = 0, [], broken, down

    def push(self, rows):
        self.requests += 1
        self.sizes.append(len(rows))
        if self.down:
            raise httpx.ConnectError("nobody there")
        if any(row.kind in self.broken for row in rows):
            request = httpx.Request("POST", "http://node/peer/envelopes")
            raise httpx.HTTPStatusError("500", request=request, response=httpx.Response(500, request=request))
        return super().push(rows)


def odd(node):
    with node.store.transaction() as tx:
        send(node, tx, to="cordon", **ODD)


def test_a_whole_operation_over_http_ends_in_the_same_state(strangers):
    operation = Operation(strangers)
    for _ in range(80):
        if not operation.acts:
            break
        operation.go()
        strangers.rounds(1)
    strangers.rounds(2)
    assert not operation.acts
    ours, theirs = holds(strangers.evac), holds(strangers.cordon)
    assert ours == theirs and not ours["waiting"] and not ours["refused"]
    assert completeness(strangers.evac).complete and completeness(strangers.cordon).complete


def test_before_any_agreement_a_round_says_nothing(strangers):
    assert strangers.couriers["evac"].round().delivered == 0


def test_a_refused_envelope_is_seen_on_both_sides_with_its_field_and_blocks_nothing(wired):
    odd(wired.evac)
    publish_bundle(wired.evac)
    done = wired.couriers["evac"].round()
    assert (done.delivered, done.refused, done.waiting) == (2, 1, 0)
    sent, came = show_exchange(wired.evac), show_exchange(wired.cordon)
    assert sent.refused_there == 1 and "bundle" in sent.refused_lines[0].last_error
    assert [one.code for one in came.refused] == ["bad-cbor"]
    assert wired.couriers["cordon"].round().asked_again == 0  # what was refused is not missing
    assert completeness(wired.cordon).complete


def test_an_envelope_that_makes_the_partner_fail_rests_alone(wired):
    courier = wired.couriers["evac"]
    way = Counting(courier.http, broken={"device"})
    courier.use(way)
    with wired.evac.store.transaction() as tx:
        send(wired.evac, tx, to="cordon", kind="device", agreement="kabul-2021", body=b"\xff")
    for _ in range(3):
        publish_bundle(wired.evac)
    done = courier.round()
    assert (done.delivered, done.waiting) == (3, 1)
    [line] = show_exchange(wired.evac).queue
    assert line.kind == "device" and line.attempts >= 1 and "HTTPStatusError" in line.last_error
    before = way.requests
    courier._round(check=False)
    assert way.requests == before  # it rests; a person's own round tries it at once
    way.broken = ()
    assert courier.round().waiting == 0


def test_an_unreachable_partner_leaves_all_due_with_the_reason(wired):
    courier = wired.couriers["evac"]
    way = Counting(courier.http, down=True)
    courier.use(way)
    publish_bundle(wired.evac)
    for tries in (1, 2):
        with pytest.raises(SafeconductError) as caught:
            courier.round()
        assert caught.value.code == "partner-unreachable"
        [line] = show_exchange(wired.evac).queue
        assert line.attempts == tries and "nobody there" in line.last_error
    way.down = False
    assert courier.round().delivered == 1
    assert not show_exchange(wired.evac).queue


def test_pauses_double_up_to_a_bound_and_are_not_all_alike(wired):
    courier = wired.couriers["evac"]
    longest = []
    for failures in range(1, 12):
        courier._failures = failures
        pauses = [courier._pause() for _ in range(40)]
        full = min(couriers.FIRST_PAUSE * 2 ** (failures - 1), couriers.LONGEST_PAUSE)
        assert full / 2 <= min(pauses) <= max(pauses) <= full
        assert len(set(pauses)) > 5
        longest.append(max(pauses))
    assert longest[-1] > couriers.LONGEST_PAUSE * 0.6


def test_what_is_queued_goes_at_once_and_a_burst_in_few_requests(wired):
    """A pushed round is stood in for by a count, so that only the courier's own waiting is measured."""
    courier = Courier(wired.evac, "http://node.local")
    way = Counting(courier.http)
    gone = []

    def push(rows):
        way.requests += 1
        gone.extend((time.monotonic(), row.kind) for row in rows)
        return [["taken", "", 0] for _ in rows]

    way.push = push
    courier.use(way)
    courier._cosign = lambda: True
    courier._check = lambda: (0, 0)
    courier.start()
    try:
        time.sleep(0.5)
        begun = time.monotonic()
        publish_bundle(wired.evac)
        queued = time.monotonic()
        courier.wake()
        while not gone:
            assert time.monotonic() < begun + 10
            time.sleep(0.005)
        assert gone[0][0] - queued < 1.0
        before = way.requests
        for _ in range(30):
            odd(wired.evac)
            courier.wake()
        until = time.monotonic() + 20
        while len(gone) < 31 and time.monotonic() < until:
            time.sleep(0.02)
        assert len(gone) == 31
        assert way.requests - before < 30
    finally:
        courier.stop()


def test_what_another_process_queued_is_found_without_being_told(wired):
    courier = Courier(wired.evac, "http://node.local")
    way = Counting(courier.http)
    gone = []
    way.push = lambda rows: [gone.append(row.kind) or ["taken", "", 0] for row in rows]
    courier.use(way)
    courier._cosign = lambda: True
    courier._check = lambda: (0, 0)
    courier.start()
    try:
        time.sleep(0.5)
        publish_bundle(wired.evac)
        until = time.monotonic() + 10
        while not gone and time.monotonic() < until:
            time.sleep(0.01)
        assert gone == ["bundle"]
    finally:
        courier.stop()


# -- who may ask -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", "/peer/envelopes"),
        ("GET", "/peer/inventory"),
        ("POST", "/peer/again"),
        ("POST", "/witness/add-checkpoint"),
    ],
)
def test_unsigned_requests_are_answered_401_as_problem_and_store_nothing(wired, method, path):
    client = wired.clients["evac"]
    client.auth = None
    with wired.evac.store.reading() as tx:
        wire = tx.ledger.find("out:agreement")[0].envelope
    answer = client.request(method, path, content=encode_cbor([wire]) if method == "POST" else None)
    assert answer.status_code == 401
    assert answer.headers["content-type"].startswith("application/problem+json")
    assert answer.json()["title"] == "not-authenticated" and "signature" not in answer.headers
    with wired.cordon.store.reading() as tx:
        assert refused_acts(tx)[-1][1] == f"ask: {path}"


def test_a_flood_of_unsigned_requests_does_not_fill_the_ledger(wired):
    client = wired.clients["evac"]
    client.auth = None
    with wired.cordon.store.reading() as tx:
        before = tx.ledger.size()
    for _ in range(130):
        assert client.get("/peer/inventory").status_code == 401
    with wired.cordon.store.reading() as tx:
        assert tx.ledger.size() - before <= 3
    wired.move(wired.cordon.clock.now() + 3_600)
    assert client.get("/peer/inventory").status_code == 401


def test_a_flood_of_refused_envelopes_is_counted_and_its_number_logged_when_the_hour_is_over(wired):
    for _ in range(60):
        odd(wired.evac)
    done = wired.couriers["evac"].round()
    assert done.refused == 60
    with wired.cordon.store.reading() as tx:
        assert len([1 for _, what, _ in refused_acts(tx) if what == "receive: bundle"]) == 20
    wired.move(wired.cordon.clock.now() + 3_700)
    odd(wired.evac)
    wired.couriers["evac"].round()
    with wired.cordon.store.reading() as tx:
        [summary] = [refusal for _, _, refusal in refused_acts(tx) if refusal.code == "repeated-refusals"]
    assert "60 in the hour" in summary.detail


@pytest.mark.parametrize(
    "body", [b"", b"x", b"\xff", encode_cbor({"a": 1}), encode_cbor([1]), encode_cbor([b""] * 51), b"\x81" * 300]
)
def test_malformed_requests_are_problems_that_name_the_field(wired, body):
    answer = wired.clients["evac"].post("/peer/envelopes", content=body)
    assert answer.status_code == 400 and answer.json()["field"] == "request"
    assert answer.headers["content-type"].startswith("application/problem+json") and "signature" in answer.headers


def test_malformed_digests_are_problems_too(wired):
    for body in (b"\xff", encode_cbor([b"short"]), encode_cbor([bytes(32)] * 1_001)):
        answer = wired.clients["evac"].post("/peer/again", content=body)
        assert answer.status_code == 400 and answer.json()["field"] == "request"


def test_an_answer_of_somebody_else_at_the_partners_address_is_none(wired, tmp_path):
    def answers(request):
        return httpx.Response(200, content=encode_cbor([["taken", "", 1, ""]]))

    courier = Courier(wired.evac, "http://node.local")
    auth = courier.http.auth
    courier._http = httpx.Client(base_url="http://node.local", transport=httpx.MockTransport(answers), auth=auth)
    courier.use(HttpPush(courier.http))
    publish_bundle(wired.evac)
    with pytest.raises(SafeconductError) as caught:
        courier.round()
    assert caught.value.code == "partner-not-authenticated"
    assert "not signed by the partner" in show_exchange(wired.evac).queue[0].last_error
