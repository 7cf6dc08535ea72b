"""A pass checked at once against all that the node knows."""

import asyncio
import hashlib
import hmac
import json
import signal
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from litestar.testing import TestClient

import loops
from safeconduct.errors import NodeUnavailable, Refusal, SafeconductError
from safeconduct.gate.decide import NEXT_STEPS
from safeconduct.passes.pass_format import to_text
from safeconduct.seal.canonical import decode_cbor
from safeconduct.seal.keys import VerifyKey
from safeconduct.seal.session import Mac, public_of, shared_key
from safeconduct.seal.signed import sign
from safeconduct.web.api.app import HEADERS, create_app
from safeconduct.web.api.front import Front
from safeconduct.web.api.group_commit import GroupCommit
from safeconduct.web.api.online import Online
from safeconduct.web.api.quick_check import Body
from safeconduct.wiring import Running
from safeconduct.workflows.check_online import DOMAIN, LOG, Ask, OnlineGate, check_payload
from safeconduct.workflows.check_sessions import DOMAIN as SESSION
from safeconduct.workflows.check_sessions import INFO, opening_payload
from safeconduct.workflows.issue_passes import Leg, Strip
from safeconduct.workflows.issue_spoken import issue_spoken
from safeconduct.workflows.publish_bundle import publish_bundle
from safeconduct.workflows.receive_segment import receive_from_device
from safeconduct.workflows.revoke_passes import revoke_passes
from safeconduct.workflows.show_room import show_room
from workflows.two_nodes import HOUR, PASSAGE, PURPOSE, START, Phone

AT = START + 3 * HOUR


@pytest.fixture
def ready(world):
    """Passes issued, a bundle, two phones at one gate and one of the other party."""
    *world.groups, last = world.enlist(40)
    world.passes = {(p.group, p.point): p for p in world.issue(world.groups)}
    world.bound = next(p for p in world.issue([last], words=True) if p.point == world.gates[0])
    world.move(AT)
    publish_bundle(world.evac)
    world.phones = [Phone(world.evac, f"gate-phone-{n}", world.gates[0]) for n in (1, 2)]
    for phone in world.phones:
        phone.load(AT)
    return world


def text(world, number=0):
    return to_text(world.passes[world.groups[number], world.gates[0]].raw)


def ask(phone, scanned, number="1", at=AT, **more):
    body = json.dumps({"id": number, "text": scanned, **more}).encode()
    return Ask(
        number, phone.name, at, body, sign(DOMAIN, check_payload(phone.name, at, body), phone.key), scanned, **more
    )


def raw(asked):
    """Header and body of a question, as they come over HTTP."""
    return f"Check {asked.device} {asked.at} {asked.signature.hex()}".encode(), asked.body


def one(gate, asked):
    (answer,) = gate.answer_all([asked])
    return answer


def test_a_pass_is_let_through_once_whoever_asks(ready):
    gate = OnlineGate(ready.evac)
    first = one(gate, ask(ready.phones[0], text(ready)))
    second = one(gate, ask(ready.phones[1], text(ready)))
    assert (first.decision.admit, second.decision.admit, second.decision.reason) == (True, False, "used-here")
    with ready.evac.store.reading() as tx:
        entry = tx.ledger.entry(first.ledger_index)
        (use,) = tx.devices.is_used(first.decision.batch, first.decision.index)
        assert (use.device, use.point, use.heads) == (LOG, ready.gates[0], first.decision.heads)
        assert decode_cbor(entry.envelope, where="entry")["head"] == tx.devices.event_hash(LOG, 1, 1)
        assert tx.roll.counts()["passed"] == first.decision.heads


def test_an_answer_that_was_lost_is_given_again_and_counts_once(ready):
    gate, asked = OnlineGate(ready.evac), ask(ready.phones[0], text(ready))
    first, again = one(gate, asked), one(gate, asked)
    assert (again.decision.admit, again.decision.heads, again.ledger_index) == (True, first.decision.heads, -1)
    both = gate.answer_all([ask(ready.phones[0], text(ready, 1), "7")] * 2)
    assert [a.decision.admit for a in both] == [True, True]
    assert not one(gate, ask(ready.phones[0], text(ready), "2")).decision.admit
    assert one(OnlineGate(ready.evac), asked).decision.admit  # after a restart too
    with ready.evac.store.reading() as tx:
        assert len(tx.devices.uses_since(0)[1]) == 2


def test_a_use_that_a_phone_brings_in_later_is_known_at_once_and_one_taken_back_is_free_again(ready):
    gate, phone = OnlineGate(ready.evac), ready.phones[1]
    raw = ready.passes[ready.groups[2], ready.gates[0]].raw
    made, event = phone.scan(raw, AT)
    assert made.admit
    receive_from_device(ready.evac, phone.segment([event]))
    assert one(gate, ask(ready.phones[0], to_text(raw))).decision.reason == "used-here"
    with ready.evac.store.transaction() as tx:
        tx.devices.take_back(phone.name, 1, event.seq, 0)
    assert one(gate, ask(ready.phones[0], to_text(raw), "2")).decision.admit


def test_a_pass_of_this_node_is_known_by_its_bytes_and_every_other_by_its_signature(ready, monkeypatch):
    gate, mine = OnlineGate(ready.evac), ready.passes[ready.groups[5], ready.gates[0]].raw
    assert one(gate, ask(ready.phones[0], text(ready), "0")).decision.admit
    verified, verify = [], VerifyKey.verify
    monkeypatch.setattr(VerifyKey, "verify", lambda *given: verified.append(given) or verify(*given))
    for place in (34, 95):  # within R, within S
        forged = mine[:place] + bytes([mine[place] ^ 1]) + mine[place + 1 :]
        assert one(gate, ask(ready.phones[0], to_text(forged), f"f{place}")).decision.reason == "bad-signature"
    other = ready.passes[ready.groups[6], ready.gates[0]].raw
    swapped = mine[:32] + other[32:]
    assert one(gate, ask(ready.phones[0], to_text(swapped), "s")).decision.reason == "bad-signature"
    verified.clear()
    assert one(gate, ask(ready.phones[0], to_text(mine), "1")).decision.admit
    assert len(verified) == 1, "the device's own signature, and none of a pass"


def test_a_revocation_holds_from_the_next_bundle_on(ready):
    gate = OnlineGate(ready.evac)
    assert one(gate, ask(ready.phones[0], text(ready, 3))).decision.admit
    revoke_passes(ready.evac, [ready.groups[4]], "lost")
    publish_bundle(ready.evac)
    assert one(gate, ask(ready.phones[0], text(ready, 4))).decision.reason == "revoked"


def test_words_are_tried_before_and_the_use_is_judged_then(ready):
    gate, strip = OnlineGate(ready.evac), ready.bound
    scanned = to_text(strip.raw)
    wrong = gate.try_words(ask(ready.phones[0], scanned, "1", words="abandon ability able about"))
    assert wrong.known.reason == "binding-failed"
    assert one(gate, wrong).decision.reason == "binding-failed"
    right = gate.try_words(ask(ready.phones[0], scanned, "2", words=strip.words))
    other = gate.try_words(ask(ready.phones[1], scanned, "3", words=strip.words))
    assert [a.decision.reason for a in gate.answer_all([right, other])] == ["ok", "used-here"]
    stranger = Ask("1", "nobody", AT, b"", bytes(64), scanned, words="abandon")
    assert gate.try_words(stranger) is stranger


def test_who_is_not_enrolled_or_did_not_sign_gets_no_decision(ready):
    gate = OnlineGate(ready.evac)
    good = ask(ready.phones[0], text(ready))
    strangers = [
        (ask(ready.phones[0], text(ready), at=AT - HOUR), "bad-signature"),
        (Ask("1", "gate-phone-2", AT, good.body, good.signature, good.text), "bad-signature"),
        (Ask("1", "nobody", AT, good.body, good.signature, good.text), "unknown-device"),
    ]
    assert [(type(a), a.code) for a in gate.answer_all([s for s, _ in strangers])] == [
        (Refusal, code) for _, code in strangers
    ]
    with ready.evac.store.reading() as tx:
        assert not tx.devices.uses_since(0)[1]


def test_nothing_is_marked_as_used_when_it_could_not_be_stored(ready, monkeypatch):
    gate, asked = OnlineGate(ready.evac), ask(ready.phones[0], text(ready))

    def full(*_):
        raise NodeUnavailable("database-failed", "disk full")

    with monkeypatch.context() as broken:
        broken.setattr(gate, "_store", full)
        with pytest.raises(NodeUnavailable):
            gate.answer_all([asked])
    assert one(gate, asked).decision.admit


def test_without_a_bundle_there_is_no_answer(world):
    with pytest.raises(SafeconductError, match="no bundle"):
        OnlineGate(world.evac).answer_all([])


def test_the_room_counts_what_was_checked_online(ready):
    gate = OnlineGate(ready.evac)
    admitted = [one(gate, ask(ready.phones[0], text(ready, n), str(n))).decision.heads for n in range(3)]
    point = next(p for p in show_room(ready.evac).points if p.id == ready.gates[0])
    assert point.admitted == sum(admitted)


def in_front(app):
    return Front(app, HEADERS)


@pytest.mark.parametrize("way", [lambda app: app, in_front], ids=["routes", "front"])
def test_many_ask_over_http_at_once_and_each_pass_goes_through_once(ready, way):
    app = way(create_app(Running(ready.evac, ready.evac_config, None)))
    asked = [ask(ready.phones[n % 2], text(ready, n // 2), str(n)) for n in range(2 * len(ready.groups))]

    def post(client, one_asked):
        headers = {"Authorization": f"Check {one_asked.device} {AT} {one_asked.signature.hex()}"}
        return client.post("/devices/check", content=one_asked.body, headers=headers)

    with TestClient(app) as client, ThreadPoolExecutor(8) as pool:
        answers = [answer.json() for answer in pool.map(lambda one_asked: post(client, one_asked), asked)]
        for number in range(len(ready.groups)):
            pair = answers[2 * number : 2 * number + 2]
            assert sorted(a["reason"] for a in pair) == ["ok", "used-here"]
        long = client.post("/devices/check", content=b"x" * 5_000, headers={"Authorization": "Check a 1 " + "0" * 128})
        assert long.status_code == 413
        bad = client.post("/devices/check", content=b"{}", headers={"Authorization": "Check a 1 " + "0" * 128})
        assert (bad.status_code, bad.json()["error"]) == (400, "bad-request")
        assert client.post("/devices/check", content=b"{}").status_code == 400
        assert (
            client.post(
                "/devices/check", content=b"{}", headers={"Authorization": "Check a 1 " + "x" * 128}
            ).status_code
            == 400
        )
        stranger = ask(ready.phones[0], text(ready))
        headers = {"Authorization": f"Check nobody {AT} {stranger.signature.hex()}"}
        assert (
            client.post("/devices/check", content=stranger.body, headers=headers).json()["refused"] == "unknown-device"
        )


def test_six_words_are_checked_as_a_carried_pass_is_and_cost_nothing_inside_a_transaction(ready, monkeypatch):
    told = []
    leg = Leg(ready.gates[0], START + 2 * HOUR, 8 * HOUR)
    plan = [Strip(ready.groups[0], (leg,))]
    issue_spoken(ready.evac, plan, subject=PASSAGE, purpose=PURPOSE, show=told.extend)
    publish_bundle(ready.evac)
    words = " ".join(told[0].words)
    gate = OnlineGate(ready.evac)
    asked = [ask(ready.phones[n % 2], words, str(n)) for n in range(2)]
    wrong = ask(ready.phones[0], "abandon " * 5 + "zoo", "9")
    assert all(map(gate.says_words, [*asked, wrong])) and not gate.says_words(ask(ready.phones[0], text(ready)))
    known = [gate.try_words(one_asked) for one_asked in [*asked, asked[0], wrong]]
    monkeypatch.setattr("safeconduct.workflows.check_online.decide_spoken", lambda *_: pytest.fail("an Argon2id"))
    made = [answer.decision for answer in gate.answer_all(known)]
    assert [one.reason for one in made] == ["ok", "used-here", "ok", "binding-failed"]
    assert made[1].next_step == NEXT_STEPS["used-here"] and made[0].heads == told[0].heads


def test_what_is_answered_in_front_is_what_the_routes_answer(ready):
    app = create_app(Running(ready.evac, ready.evac_config, None))
    asked = ask(ready.phones[0], text(ready))
    headers = {"Authorization": f"Check {asked.device} {AT} {asked.signature.hex()}"}
    with TestClient(in_front(app)) as front, TestClient(app) as routes:
        first = front.post("/devices/check", content=asked.body, headers=headers)
        second = routes.post("/devices/check", content=asked.body, headers=headers)
    assert {**first.json(), "ledger_index": -1} == second.json(), "the same question again counts once"
    for name in ("content-type", "cache-control", "content-security-policy", "x-content-type-options"):
        assert first.headers[name] == second.headers[name]


class Session:
    """A device's side of a session, as a stranger would write it from the specification."""

    def __init__(self, client, phone, at=AT, key=None):
        private = X25519PrivateKey.generate()
        public = private.public_key().public_bytes_raw()
        signature = sign(SESSION, opening_payload(phone.name, at, public), key or phone.key).hex()
        headers = {"Authorization": f"Check {phone.name} {at} {signature}"}
        self.answer = client.post("/devices/check/session", json={"public": public.hex()}, headers=headers)
        self.phone = phone
        if self.answer.status_code == 200:
            theirs = bytes.fromhex(self.answer.json()["public"])
            secret = private.exchange(X25519PublicKey.from_public_bytes(theirs))
            info = f"safeconduct.check-session.1 evac {phone.name}".encode()
            self.key = HKDF(SHA256(), 32, None, info).derive(hashlib.sha256(secret + public + theirs).digest())

    def ask(self, client, scanned, number="1", at=AT, device=""):
        body = json.dumps({"id": number, "text": scanned}).encode()
        name = device or self.phone.name
        message = f"{name} {at} {hashlib.sha256(body).hexdigest()}".encode()
        made = hmac.new(self.key, message, "sha256").hexdigest()
        headers = {"Authorization": f"Session {name} {at} {made}"}
        return client.post("/devices/check", content=body, headers=headers).json()


@pytest.mark.parametrize("way", [lambda app: app, in_front], ids=["routes", "front"])
def test_a_session_stands_for_the_signature_of_each_question(ready, way):
    one_phone, other = ready.phones
    app = create_app(Running(ready.evac, ready.evac_config, None))
    with TestClient(way(app)) as client:
        mine = Session(client, one_phone)
        assert mine.answer.json()["until"] == AT + 8 * HOUR
        assert mine.ask(client, text(ready))["reason"] == "ok"
        assert mine.ask(client, text(ready))["ledger_index"] == -1, "the same question counts once"
        assert mine.ask(client, text(ready), "2")["reason"] == "used-here"
        many = [(text(ready, n), str(n)) for n in range(1, 9)]
        with ThreadPoolExecutor(8) as pool:
            answers = list(pool.map(lambda asked: mine.ask(client, *asked), many))
        assert [answer["reason"] for answer in answers] == ["ok"] * 8
        assert mine.ask(client, text(ready, 9), "10", at=AT - HOUR)["refused"] == "bad-signature", "too old"
        assert mine.ask(client, text(ready, 9), "11", device=other.name)["refused"] == "bad-signature"
        newer = Session(client, one_phone)
        assert mine.ask(client, text(ready, 9), "12")["refused"] == "bad-signature", "a device has one session"
        assert newer.ask(client, text(ready, 9), "12")["reason"] == "ok"


def test_a_session_is_opened_by_its_device_alone_and_ends(ready):
    one_phone, other = ready.phones
    app = create_app(Running(ready.evac, ready.evac_config, None))
    with TestClient(app) as client:
        assert Session(client, one_phone, key=other.key).answer.json()["refused"] == "bad-signature"
        assert Session(client, one_phone, at=AT - HOUR).answer.json()["refused"] == "bad-signature"
        stranger = Phone.__new__(Phone)
        stranger.name, stranger.key = "nobody", other.key
        assert Session(client, stranger).answer.json()["refused"] == "unknown-device"
        for public, where in (("00" * 32, "session"), ("ab", "session"), ("zz", "public")):
            raw = bytes.fromhex(public) if public != "zz" else b""
            signature = sign(SESSION, opening_payload(one_phone.name, AT, raw), one_phone.key).hex()
            headers = {"Authorization": f"Check {one_phone.name} {AT} {signature}"}
            bad = client.post("/devices/check/session", json={"public": public}, headers=headers)
            assert (bad.status_code, bad.json()["message"].split(":")[0]) == (400, where)
        mine = Session(client, one_phone)
        ready.move(AT + 8 * HOUR)
        late = mine.ask(client, text(ready), at=AT + 8 * HOUR)
        assert late["refused"] == "bad-signature"


def test_words_are_asked_for_in_a_session_too_and_a_device_with_another_key_has_none(ready):
    gate, phone = OnlineGate(ready.evac), ready.phones[0]
    private = bytes(range(32))
    public = public_of(private)
    opened = gate.sessions.open(
        phone.name, AT, public, sign(SESSION, opening_payload(phone.name, AT, public), phone.key)
    )
    key = Mac(shared_key(private, opened.public, public, opened.public, INFO.format(party="evac", device=phone.name)))
    scanned = to_text(ready.bound.raw)
    asked = ask(phone, scanned, words=ready.bound.words)
    asked = asked._replace(signature=key.of(check_payload(phone.name, AT, asked.body)))
    assert gate.try_words(asked).known.reason == "ok"
    assert one(gate, gate.try_words(asked)).decision.admit
    with ready.evac.store.transaction() as tx:
        row = tx.devices.get(phone.name)
        tx.devices.renew(replace(row, public=ready.phones[1].key.public, epoch=row.epoch + 1))
    again = ask(phone, text(ready))
    again = again._replace(signature=key.of(check_payload(phone.name, AT, again.body)))
    assert one(gate, again).code == "bad-signature"


def test_two_gates_of_one_node_catch_up_with_each_other(ready):
    here, there = OnlineGate(ready.evac), OnlineGate(ready.evac)
    phone, basis = ready.phones[0], None
    for number in range(3):
        assert one(here, ask(phone, text(ready, number), f"a{number}")).decision.reason == "ok"
        assert one(there, ask(phone, text(ready, number), f"b{number}")).decision.reason == "used-here"
        assert one(there, ask(phone, text(ready, number + 10), f"c{number}")).decision.reason == "ok"
        assert one(here, ask(phone, text(ready, number + 10), f"d{number}")).decision.reason == "used-here"
        assert basis is None or here._basis is basis, "nothing was read anew"
        basis = here._basis
    with ready.evac.store.reading() as tx:
        assert tx.devices.newest_of(LOG, 1)[0] == 12


def test_many_questions_are_answered_by_a_process_of_their_own_and_each_pass_goes_through_once(ready, monkeypatch):
    online = Online(Running(ready.evac, ready.evac_config, None))
    asked = [raw(ask(ready.phones[n % 2], text(ready, n // 2), str(n))) for n in range(24)]
    stranger = raw(ask(ready.phones[0], text(ready))._replace(device="nobody"))
    no_question = (b"Check", b"{}")
    spoken = raw(ask(ready.phones[0], "abandon ability able about above absent"))

    async def all_at_once():
        return await asyncio.gather(*(online.answer_raw(*one) for one in [*asked, stranger, no_question, spoken]))

    online._many = True
    monkeypatch.setattr(online.gate, "answer_all", lambda _: pytest.fail("answered here"))
    *answers, refused, unread, of_words = loops.run(all_at_once())
    online.stop()
    reasons = [json.loads(answer)["reason"] for answer in answers]
    assert reasons == ["ok", "used-here"] * 12
    assert (refused, unread, of_words) == (None, None, None), "the server looks at these itself"
    monkeypatch.undo()
    assert one(OnlineGate(ready.evac), ask(ready.phones[0], text(ready), "x")).decision.reason == "used-here"


def test_a_session_that_is_opened_later_is_known_to_that_process_and_one_before_too(ready):
    online, halves = Online(Running(ready.evac, ready.evac_config, None)), (bytes(range(32)), bytes(range(1, 33)))
    online._many = True

    async def opened(phone, half):
        public = public_of(half)
        signature = sign(SESSION, opening_payload(phone.name, AT, public), phone.key)
        made = await online.open_session(phone.name, AT, public, signature)
        info = INFO.format(party="evac", device=phone.name)
        return Mac(shared_key(half, made.public, public, made.public, info))

    async def asks(phone, mac, number):
        asked = ask(phone, text(ready, number), str(number))
        proof = mac.of(check_payload(phone.name, AT, asked.body)).hex()
        answer = await online.answer_raw(f"Session {phone.name} {AT} {proof}".encode(), asked.body)
        return answer and json.loads(answer)["reason"]

    async def all_of_it():
        first, second = ready.phones[:2]
        macs = [await opened(first, halves[0]), await opened(second, halves[1])]
        found = [await asks(first, macs[0], 0), await asks(second, macs[1], 1)]
        online._apart._open._process.kill()
        found += [await asks(first, macs[0], 2), await asks(second, macs[1], 3)]
        anew = await opened(first, halves[1])
        return [*found, await asks(first, anew, 4), await asks(first, macs[0], 5)]

    found = loops.run(all_of_it())
    online.stop()
    assert found == ["ok"] * 5 + [None], "the session before it has ended"


def test_when_that_process_is_killed_its_questions_are_answered_here_and_count_once(ready):
    online = Online(Running(ready.evac, ready.evac_config, None))
    asked = [ask(ready.phones[0], text(ready, n), str(n)) for n in range(12)]
    new = ask(ready.phones[0], text(ready, 12), "12")

    async def answers(of):
        return [json.loads(one) for one in await asyncio.gather(*(online.answer_raw(*raw(one)) for one in of))]

    async def all_of_it():
        first = await answers(asked)
        there = await answers(asked)
        process = online._apart._open._process
        process.send_signal(signal.SIGSTOP)
        waiting = asyncio.create_task(answers([*asked, new]))
        await asyncio.sleep(0.05)
        process.kill()
        again = await waiting
        return first, there, again, await answers(asked)

    first, there, again, after = loops.run(all_of_it())
    online.stop()
    assert {one["reason"] for one in [*first, *there, *again, *after]} == {"ok"}
    assert {one["ledger_index"] for one in [*there, *after]} == {-1}, "nothing was recorded again"
    with ready.evac.store.reading() as tx:
        assert tx.devices.newest_of(LOG, 1)[0] == 13, "each counts once"


def test_a_body_in_pieces_is_read_once_and_given_again():
    pieces = [{"type": "http.request", "body": one, "more_body": more} for one, more in ((b"ab", True), (b"c", False))]
    after = {"type": "http.disconnect"}

    async def run(messages, most):
        waiting = iter([*messages, after])

        async def receive():
            return next(waiting)

        body = Body(receive)
        read = await body.read(most)
        return read, [await body.again() for _ in range(len(messages) + 1)]

    def found(messages, most):
        return loops.run(run(messages, most))

    assert found(pieces, 3) == (b"abc", [*pieces, after])
    assert found(pieces, 1) == (None, [*pieces, after])
    assert found([], 9) == (None, [after])


def test_an_error_reaches_all_that_wait_and_the_next_are_answered():
    failing = threading.Event()

    def answer_all(asked):
        if failing.is_set():
            failing.clear()
            raise SafeconductError("no-bundle", "none")
        return [one * 2 for one in asked]

    async def run():
        commit = GroupCommit(answer_all)
        failing.set()
        with pytest.raises(SafeconductError):
            await commit.answer(1)
        found = await asyncio.gather(*(commit.answer(n) for n in range(1_000)))
        commit.stop()
        return found

    assert loops.run(run()) == [2 * n for n in range(1_000)]
