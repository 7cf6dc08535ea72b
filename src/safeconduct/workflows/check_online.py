"""Check a pass at once against all that this node knows: no second use at any gate that asks.

For gates of this party that have a network. Answers are decided in the order in which they come, many in one
transaction, and given after it is on disk. The same question again (its answer may have been lost on the way) gets the
same answer and counts once.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import NamedTuple

from safeconduct.errors import Refusal, SafeconductError
from safeconduct.gate.decide import NEXT_STEPS, Decision, Scan, UsedHere, decide
from safeconduct.gate.decide_spoken import SpokenScan, decide_spoken
from safeconduct.passes.bundle import LoadedBundle
from safeconduct.passes.pass_format import PREFIX
from safeconduct.passes.spoken import as_words
from safeconduct.seal.canonical import encode_cbor, join_cbor
from safeconduct.seal.keys import VerifyKey
from safeconduct.seal.session import MAC_BYTES
from safeconduct.seal.signed import check
from safeconduct.workflows.check_sessions import Sessions
from safeconduct.workflows.fetch_bundle import SKEW
from safeconduct.workflows.issued_here import Issued, issued_here
from safeconduct.workflows.merge_logs import let_pass
from safeconduct.workflows.ports import Node
from safeconduct.workflows.rows import EventRow
from safeconduct.workflows.tables import Tx
from safeconduct.workflows.try_pass import bundle_at

DOMAIN = "safeconduct.check.1"
LOG, EPOCH = "online", 1  # the node's own log of these answers, beside those of devices
USED = "used-here"
_NOTHING = UsedHere()


class Ask(NamedTuple):
    """One question of a device: what was scanned, and the device's signature over it."""

    id: str  # the device's own number of the question, up to 64 characters
    device: str
    at: int  # the device's time, unix seconds
    body: bytes  # the request, as signed
    signature: bytes  # or the MAC of a session, of 32 bytes
    text: str  # of the pass, or the six words of a spoken one
    heads: int | None = None
    words: str | None = None
    document: str | None = None
    proof: str | None = None  # the second code, of a pass that is bound to a phone
    known: Decision | None = None  # decided before, but for its use: what cost an Argon2id
    proven: bytes | None = None  # the device's public key, where a session has shown that the question is its own


@dataclass(frozen=True, slots=True)
class Answer:
    """What the guard sees, and where it stands in this node's ledger (-1: nothing was recorded)."""

    decision: Decision
    ledger_index: int


def check_payload(device: str, at: int, body: bytes) -> bytes:
    """Return what a device signs to ask."""
    return f"{device} {at} {sha256(body).hexdigest()}".encode()


@dataclass(frozen=True, slots=True)
class Basis:
    """What a question is judged by, but for the uses: the bundle in force, and the party's devices."""

    bundle: LoadedBundle
    devices: Mapping[str, tuple[VerifyKey, str]]  # key and control point by the device's id


Judged = Decision | Refusal


def _judge_all(tx: Tx, basis: Basis, asks: Sequence[Ask], now: int) -> list[Judged]:
    issued = issued_here(tx, basis.bundle, [ask.text for ask in asks if ask.known is None])
    return [_judge(basis, ask, now, issued.get(ask.text)) for ask in asks]


def _judge(basis: Basis, ask: Ask, now: int, issued: Issued | None) -> Judged:
    key, point = basis.devices.get(ask.device, (None, ""))
    if key is None:
        return Refusal("unknown-device", ask.device)
    if not _asked(ask, key, now):
        return Refusal("bad-signature", "request")
    return ask.known or _decide(basis.bundle, _NOTHING, ask, point, now, issued)


def _asked(ask: Ask, key: VerifyKey, now: int) -> bool:
    if abs(ask.at - now) > SKEW:
        return False
    if len(ask.signature) == MAC_BYTES:
        return ask.proven == key.raw
    return check(DOMAIN, check_payload(ask.device, ask.at, ask.body), ask.signature, key)


def _decide(
    bundle: LoadedBundle, used: UsedHere, ask: Ask, point: str, now: int, issued: Issued | None = None
) -> Decision:
    spoken = _spoken(ask)
    if spoken is not None:
        return decide_spoken(bundle, used, SpokenScan(spoken, point, now, ask.heads))
    raw, signed = issued or (ask.text, None)
    return decide(bundle, used, Scan(raw, point, now, ask.words, ask.heads, ask.document, ask.proof, signed))


class OnlineGate:
    """The state that answers need, kept between transactions and renewed when something else has written.

    Questions are judged before the transaction, by the bundle and the devices of the one before it. A pass of this
    node's own is known by its bytes, another by its signature (decision 0015). Within the transaction the use is
    judged, in order, and all the rest again if the basis has changed. Several processes may hold such a gate; each
    catches up with the others.
    """

    def __init__(self, node: Node) -> None:
        self._node = node
        self.sessions = Sessions(node)
        self._keys: dict[bytes, VerifyKey] = {}
        self._forget()

    @staticmethod
    def says_words(ask: Ask) -> bool:
        """Whether the answer costs an Argon2id: `try_words` is asked first then."""
        return bool(ask.words) or _spoken(ask) is not None

    def try_words(self, ask: Ask) -> Ask:
        """Decide what words cost, outside any transaction; the use is judged in `answer_all`."""
        now = self._node.clock.now()
        with self._node.store.reading() as tx:
            device = tx.devices.get(ask.device)
            bundle = bundle_at(tx, now)
        ask = self.prove(ask)
        if device is None or bundle is None or not _asked(ask, self._key(device.public), now):
            return ask
        return ask._replace(known=_decide(bundle, _NOTHING, ask, device.point, now))

    def prove(self, ask: Ask) -> Ask:
        """Return a question with the key of the device whose session it shows, where it shows one."""
        if len(ask.signature) != MAC_BYTES:
            return ask
        message = check_payload(ask.device, ask.at, ask.body)
        proven = self.sessions.proven(ask.device, message, ask.signature)
        return Ask(*ask[:-1], proven)  # `_replace` takes four times as long

    def answer_all(self, asks: Sequence[Ask]) -> list[Answer | Refusal]:
        """Answer questions in their order, those in sessions `prove`d; all of it is on disk when this returns.

        Raises:
            SafeconductError: `no-bundle`, or the store's own errors; then nothing is answered and nothing stored.
        """
        now, before = self._node.clock.now(), self._basis
        judged: list[Judged] = []
        if before is not None:
            with self._node.store.reading() as tx:
                judged = _judge_all(tx, before, asks, now)
        with self._node.store.transaction() as tx:
            basis = self._renew(tx)
            if basis is not before:
                judged = _judge_all(tx, basis, asks, now)
            answers: list[Judged] = []
            rows: list[EventRow] = []
            for ask, made in zip(asks, judged, strict=True):
                answers.append(made if isinstance(made, Refusal) else self._answer(tx, basis, ask, made, rows))
            index = self._store(tx, rows)
        return [answer if isinstance(answer, Refusal) else Answer(answer, index) for answer in answers]

    def _forget(self) -> None:
        self._basis: Basis | None = None
        self._seq, self._uses, self._next, self._head = 0, 0, 1, bytes(32)
        self._used = UsedHere()
        self._events: list[bytes] = []  # of one transaction

    def _renew(self, tx: Tx) -> Basis:
        """Bring the state to what is stored: marks of a transaction that failed are gone, as are those of a restart."""
        seq, head = tx.devices.newest_of(LOG, EPOCH)
        alone = (seq, head) == (self._next - 1, self._head)  # nobody else has answered
        if not alone and self._next > 1 and tx.devices.event_hash(LOG, EPOCH, self._next - 1) != self._head:
            self._forget()
        self._next, self._head, self._events = seq + 1, head, []
        self._uses, uses = tx.devices.uses_since(self._uses, but=LOG if alone and self._uses else "")
        self._used.here.update((use.batch, use.index) for use in uses if use.batch and use.index is not None)
        newest, before = int(tx.records.get("bundle-seen") or b"0"), self._basis
        bundle = before.bundle if before is not None and newest == self._seq else bundle_at(tx, self._node.clock.now())
        if bundle is None:
            raise SafeconductError("no-bundle", "no bundle is in force")
        mine = [one for one in tx.devices.all() if one.party == self._node.party]
        devices = {one.id: (self._key(one.public), one.point) for one in mine}
        if before is None or bundle is not before.bundle or devices != before.devices:
            self._basis = before = Basis(bundle, devices)
        self._seq = newest
        return before

    def _key(self, public: bytes) -> VerifyKey:
        key = self._keys.get(public)
        if key is None:  # loading checks that the key is a good point, which costs as much as two signatures
            key = self._keys[public] = VerifyKey.load(public, where="device key")
        return key

    def _answer(self, tx: Tx, basis: Basis, ask: Ask, judged: Decision, rows: list[EventRow]) -> Decision:
        point, made = basis.devices[ask.device][1], judged
        if made.batch is not None and made.index is not None and (made.batch, made.index) in self._used.here:
            uses = [row for row in rows if (row.batch, row.index, row.kind) == (made.batch, made.index, "admit")]
            uses += tx.devices.is_used(made.batch, made.index)
            mine = [use for use in uses if (use.device, use.note) == (LOG, f"{ask.device} {ask.id}")]
            if mine and judged.admit:
                return replace(judged, heads=mine[0].heads)
            if uses:
                made = self._used_before(basis.bundle, ask, judged, point)
            else:  # the guard took that admission back
                self._used.here.discard((made.batch, made.index))
        rows.append(self._row(ask, point, made))
        if made.admit and made.batch is not None and made.index is not None:
            self._used.add(made.batch, made.index)
        return made

    def _used_before(self, bundle: LoadedBundle, ask: Ask, judged: Decision, point: str) -> Decision:
        """Return the decision on a pass that was used: the order of reasons is that of the gate."""
        if ask.known is None:
            return _decide(bundle, self._used, ask, point, self._node.clock.now())
        if not judged.admit:
            return judged
        return replace(judged, admit=False, reason=USED, warnings=(), next_step=NEXT_STEPS[USED])

    def _row(self, ask: Ask, point: str, made: Decision) -> EventRow:
        now, kind, note = self._node.clock.now(), "admit" if made.admit else "refuse", f"{ask.device} {ask.id}"
        fields = [kind, self._next, made.batch, made.index, point, now, made.heads, made.reason, self._seq, note]
        self._events.append(encode_cbor(fields))
        self._head = sha256(self._head + self._events[-1]).digest()
        row = EventRow(
            LOG, EPOCH, self._next, self._head, kind, made.batch, made.index, point, now, now, now, made.heads,
            made.reason, note,
        )  # fmt: skip
        self._next += 1
        return row

    def _store(self, tx: Tx, rows: Sequence[EventRow]) -> int:
        """Store the events, log their chain, and let the roll know who passed; return the ledger index."""
        if not rows:
            return -1
        tx.devices.add_events(rows)
        let_pass(self._node, tx, rows)  # no conflict can be among them: what was used before was not admitted
        body = join_cbor({"events": self._events, "head": encode_cbor(rows[-1].hash)})
        return tx.ledger.append("own:online", body, self._node.random.bytes(32), self._node.clock.now())


def _spoken(ask: Ask) -> str | None:
    """Return the six words of a spoken pass; most questions are about a carried one, and cost no look at words."""
    return None if ask.text.startswith(PREFIX) else as_words(ask.text)
