"""Check a pass at once against all that this node knows: no second use at any gate that asks.

For gates of this party that have a network. Answers are decided in the order in which they come, many in one
transaction, and given after it is on disk. The same question again (its answer may have been lost on the way) gets the
same answer and counts once.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from hashlib import sha256

from safeconduct.errors import Refusal, SafeconductError
from safeconduct.gate.decide import NEXT_STEPS, OK, Decision, Scan, UsedHere, decide
from safeconduct.gate.decide_spoken import SpokenScan, decide_spoken
from safeconduct.passes.bundle import LoadedBundle
from safeconduct.passes.pass_format import PREFIX
from safeconduct.passes.spoken import as_words
from safeconduct.seal.canonical import encode_cbor
from safeconduct.seal.keys import VerifyKey
from safeconduct.seal.signed import check
from safeconduct.workflows.merge_logs import merge
from safeconduct.workflows.ports import Node
from safeconduct.workflows.rows import EventRow
from safeconduct.workflows.tables import Tx
from safeconduct.workflows.try_pass import bundle_at

DOMAIN = "safeconduct.check.1"
LOG, EPOCH = "online", 1  # the node's own log of these answers, beside those of devices
USED = "used-here"
SKEW = 15 * 60  # seconds that a device's clock may be off


@dataclass(frozen=True, slots=True)
class Ask:
    """One question of a device: what was scanned, and the device's signature over it."""

    id: str  # the device's own number of the question, up to 64 characters
    device: str
    at: int  # the device's time, unix seconds
    body: bytes  # the request, as signed
    signature: bytes
    text: str  # of the pass, or the six words of a spoken one
    heads: int | None = None
    words: str | None = None
    document: str | None = None
    known: Decision | None = None  # decided before, but for its use: what cost an Argon2id


@dataclass(frozen=True, slots=True)
class Answer:
    """What the guard sees, and where it stands in this node's ledger (-1: nothing was recorded)."""

    decision: Decision
    ledger_index: int


def check_payload(device: str, at: int, body: bytes) -> bytes:
    """Return what a device signs to ask."""
    return f"{device} {at} {sha256(body).hexdigest()}".encode()


class OnlineGate:
    """The state that answers need, kept between transactions and renewed when something else has written."""

    def __init__(self, node: Node) -> None:
        self._node = node
        self._keys: dict[bytes, VerifyKey] = {}
        self._forget()

    @staticmethod
    def says_words(ask: Ask) -> bool:
        """Whether the answer costs an Argon2id: `try_words` is asked first then."""
        return bool(ask.words) or _spoken(ask) is not None

    def try_words(self, ask: Ask) -> Ask:
        """Decide what words cost, outside any transaction; the use is judged in `answer_all`."""
        with self._node.store.reading() as tx:
            device = tx.devices.get(ask.device)
            bundle = bundle_at(tx, self._node.clock.now())
        if device is None or bundle is None or not self._asked(ask, device.public):
            return ask
        return replace(ask, known=self._decide(bundle, UsedHere(), ask, device.point))

    def answer_all(self, asks: Sequence[Ask]) -> list[Answer | Refusal]:
        """Answer questions in their order; all of it is on disk when this returns.

        Raises:
            SafeconductError: `no-bundle`, or the store's own errors; then nothing is answered and nothing stored.
        """
        try:
            with self._node.store.transaction() as tx:
                return self._answer_all(tx, asks)
        except BaseException:
            self._forget()  # what was marked as used here may not be on disk
            raise

    def _forget(self) -> None:
        self._bundle: LoadedBundle | None = None
        self._seq, self._uses, self._next, self._head = 0, 0, 1, bytes(32)
        self._used = UsedHere()
        self._fields: list[list[object]] = []  # of the events of one transaction

    def _renew(self, tx: Tx) -> LoadedBundle:
        seq, self._head = tx.devices.newest_of(LOG, EPOCH)
        self._next, self._fields = seq + 1, []
        self._uses, uses = tx.devices.uses_since(self._uses)
        self._used.here.update((use.batch, use.index) for use in uses if use.batch and use.index is not None)
        newest = int(tx.records.get("bundle-seen") or b"0")
        if self._bundle is None or newest != self._seq:
            self._bundle, self._seq = bundle_at(tx, self._node.clock.now()), newest
        if self._bundle is None:
            raise SafeconductError("no-bundle", "no bundle is in force")
        return self._bundle

    def _answer_all(self, tx: Tx, asks: Sequence[Ask]) -> list[Answer | Refusal]:
        bundle = self._renew(tx)
        devices = {device.id: device for device in tx.devices.all() if device.party == self._node.party}
        answers: list[Decision | Refusal] = []
        rows: list[EventRow] = []
        for ask in asks:
            device = devices.get(ask.device)
            if device is None:
                answers.append(Refusal("unknown-device", ask.device))
            elif not self._asked(ask, device.public):
                answers.append(Refusal("bad-signature", "request"))
            else:
                answers.append(self._answer(tx, bundle, ask, device.point, rows))
        index = self._store(tx, rows)
        return [answer if isinstance(answer, Refusal) else Answer(answer, index) for answer in answers]

    def _asked(self, ask: Ask, public: bytes) -> bool:
        if abs(ask.at - self._node.clock.now()) > SKEW:
            return False
        key = self._keys.get(public)
        if key is None:  # loading checks that the key is a good point, which costs as much as two signatures
            key = self._keys[public] = VerifyKey.load(public, where="device key")
        return check(DOMAIN, check_payload(ask.device, ask.at, ask.body), ask.signature, key)

    def _decide(self, bundle: LoadedBundle, used: UsedHere, ask: Ask, point: str) -> Decision:
        now, spoken = self._node.clock.now(), _spoken(ask)
        if spoken is not None:
            return decide_spoken(bundle, used, SpokenScan(spoken, point, now, ask.heads))
        return decide(bundle, used, Scan(ask.text, point, now, ask.words, ask.heads, ask.document))

    def _answer(self, tx: Tx, bundle: LoadedBundle, ask: Ask, point: str, rows: list[EventRow]) -> Decision:
        made = ask.known or self._decide(bundle, self._used, ask, point)
        if made.admit and (made.batch, made.index) in self._used.here:  # decided before, without its use
            made = replace(made, admit=False, reason=USED, warnings=(), next_step=NEXT_STEPS[USED])
        if made.reason == USED and made.batch is not None and made.index is not None:
            uses = [row for row in rows if (row.batch, row.index, row.kind) == (made.batch, made.index, "admit")]
            uses += tx.devices.is_used(made.batch, made.index)
            mine = [use for use in uses if (use.device, use.note) == (LOG, f"{ask.device} {ask.id}")]
            if mine:
                warnings = (ask.known or self._decide(bundle, UsedHere(), ask, point)).warnings
                return replace(
                    made, admit=True, reason=OK, heads=mine[0].heads, next_step=NEXT_STEPS[OK], warnings=warnings
                )
            if not uses:  # the guard took that admission back
                self._used.here.discard((made.batch, made.index))
                made = ask.known or self._decide(bundle, self._used, ask, point)
        if made.admit and made.batch is not None and made.index is not None:
            self._used.add(made.batch, made.index)
        rows.append(self._row(ask, point, made))
        return made

    def _row(self, ask: Ask, point: str, made: Decision) -> EventRow:
        now, kind, note = self._node.clock.now(), "admit" if made.admit else "refuse", f"{ask.device} {ask.id}"
        fields = [kind, self._next, made.batch, made.index, point, now, made.heads, made.reason, self._seq, note]
        self._fields.append(fields)
        self._head = sha256(self._head + encode_cbor(fields)).digest()
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
        merge(self._node, tx, rows)
        body = encode_cbor({"events": self._fields, "head": rows[-1].hash})
        return tx.ledger.append("own:online", body, self._node.random.bytes(32), self._node.clock.now())


def _spoken(ask: Ask) -> str | None:
    """Return the six words of a spoken pass; most questions are about a carried one, and cost no look at words."""
    return None if ask.text.startswith(PREFIX) else as_words(ask.text)
