"""The decision on one scan: admit or refuse, with one reason."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import UTC, datetime
from hmac import compare_digest

from safeconduct.errors import BadInput
from safeconduct.passes.binding import bind, bind_phone, secret_of
from safeconduct.passes.bundle import LoadedBatch, LoadedBundle
from safeconduct.passes.holding import holds, read_proof
from safeconduct.passes.pass_format import (
    EPOCH,
    LENGTH_SECONDS,
    NO_BINDING,
    PASS_BYTES,
    PHONE,
    QUARTER,
    WORDS_AND_DOCUMENT,
    from_text,
    split_payload,
)

OK = "ok"
_STALE, _NO_BINDING, _HEADS_FEWER = ("bundle-stale",), ("no-binding",), ("heads-fewer",)
FETCH = "fetch the newest bundle"
TURN_BACK = "do not let through; offer to call the operations room"
NEXT_STEPS = {
    OK: "let through",
    "malformed": "scan again, or look for another code",
    "bundle-expired": FETCH,
    "bundle-stale": FETCH,
    "unknown-point": "choose this device's control point",
    "point-closed": "nobody passes here now",
    "point-hold": "ask them to wait to the side, away from the crowd",
    "unknown-key": FETCH,
    "bad-signature": TURN_BACK,
    "class-not-in-batch": TURN_BACK,
    "out-of-batch": TURN_BACK,
    "revoked": TURN_BACK,
    "wrong-point": "send to",
    "not-yet": "ask to come back at",
    "expired": "offer to call the operations room for a new pass",
    "used-here": TURN_BACK,
    "used-elsewhere": TURN_BACK,
    "heads-differ": "let through no more than the pass says, or call the operations room",
    "binding-needed": "ask for the words",
    "binding-failed": "ask once more; then call the operations room",
    "no-spoken-passes": "ask for a code, or call the operations room",
}
PHONE_STEPS = {  # the same two reasons where the pass is bound to a phone's key
    "binding-needed": "ask for the code on their phone",
    "binding-failed": "ask for a new code on their phone, for this control point, with its clock right; "
    "then call the operations room",
}
_LET_THROUGH = NEXT_STEPS[OK]


# The two records of a scan are not frozen: making a frozen one takes six times as long, 2 % of the whole decision.
@dataclass(slots=True)
class Scan:
    """A pass presented at a control point; nothing changes it."""

    raw: bytes | str  # the 96 bytes, or the text of the code
    point: str  # this device's control point
    now: int  # the device's own time, unix seconds
    words: str | None = None  # as spoken
    heads: int | None = None  # people counted, if they were
    document: str | None = None  # travel-document number, where the pass is bound to it
    proof: str | None = None  # the code that their phone shows, where the pass is bound to its key
    signed: bytes | None = None  # identity of the batch with whose key whoever asks has signed these very bytes itself


@dataclass(slots=True)
class Decision:
    """What the guard sees, and what the device log keeps; nothing changes it.

    Batch, index, heads and class are None or 0 when the signature was not found right: what a forged pass says of
    itself is not repeated.
    """

    admit: bool
    reason: str  # "ok", or a code of `errors.REFUSALS`
    warnings: tuple[str, ...]  # "bundle-stale", "no-binding", "heads-fewer"
    batch: bytes | None
    index: int | None
    heads: int  # people let through, or named on the pass if refused
    pass_class: int | None
    next_step: str


@dataclass(slots=True)
class UsedHere:
    """Passes used here, and passes that merged logs say were used elsewhere: sets without times or people."""

    here: set[tuple[bytes, int]] = field(default_factory=set)  # batch identity, index
    elsewhere: set[tuple[bytes, int]] = field(default_factory=set)

    def contains(self, batch: bytes, index: int) -> bool:
        """Whether the pass was used at this device."""
        return (batch, index) in self.here

    def add(self, batch: bytes, index: int) -> bool:
        """Mark a pass as used; False when it already was. Call it once the event is stored."""
        before = len(self.here)
        self.here.add((batch, index))
        return len(self.here) > before

    def forget(self, batches: Collection[bytes]) -> None:
        """Drop the passes of batches whose dates are over: a seized device tells no more than it must."""
        self.here = {used for used in self.here if used[0] not in batches}
        self.elsewhere = {used for used in self.elsewhere if used[0] not in batches}


def decide(bundle: LoadedBundle, used: UsedHere, scan: Scan) -> Decision:  # noqa: C901, PLR0911, PLR0912  (one step after the other, as numbered)
    """Decide on one scan; nothing is changed, and the same inputs give the same decision.

    Steps: 1. form of the 96 bytes; 2. the bundle's life, and its stale policy; 3. the control point is known and open;
    4. the key id is known; 5. the signature, under each batch with that key id; 6. class, index and window lie in the
    batch; 7. revoked; 8. control point; 9. window; 10. used here, used elsewhere; 11. heads; 12. binding.

    The order is the order of reasons, since a guard sees one. Steps 1 to 4 need no signature and tell nothing that
    the pass does not carry in clear; from step 5 on a forged pass has learnt "bad-signature" and nothing more. After
    it, what is final stands before what can be mended: a revoked pass is not sent to another gate. Where to go comes
    before when, because the window is the other gate's. "Used" comes after both, so that a copier at the wrong place
    or time does not learn whether the holder has passed. Heads come before the words, which cost the traveller an
    answer and the phone a second.
    """
    raw = scan.raw
    try:  # 1
        if isinstance(raw, str):
            raw = from_text(raw)
        if len(raw) != PASS_BYTES:
            return refuse("malformed")
        payload = raw[:32]
        first, key_id, i_high, i_low, q_high, q_low, length, points, heads, kind, binding = split_payload(payload)
    except BadInput:
        return refuse("malformed")
    now = scan.now
    warnings: tuple[str, ...] = ()
    if now >= bundle.stale_from or now >= bundle.expires:  # 2
        if now >= bundle.expires:
            return refuse("bundle-expired")
        if bundle.stale_policy == "refuse":
            return refuse("bundle-stale")
        warnings = _STALE
    point = bundle.points.get(scan.point)  # 3
    if point is None:
        return refuse("unknown-point")
    if point.state != "open":
        return refuse("point-hold" if point.state == "hold" else "point-closed")
    candidates = bundle.by_key_id.get(key_id)  # 4
    if candidates is None:
        return refuse("unknown-key")
    signature = raw[32:]
    for batch in candidates:  # 5
        if batch.identity == scan.signed or batch.verify_key.verify(signature, batch.prefix + payload):
            break
    else:
        return refuse("bad-signature")
    index = i_high << 16 | i_low
    start = EPOCH + QUARTER * (q_high << 16 | q_low)
    pass_class = first & 15
    reason = judge(batch, used, scan, index, pass_class, start, start + LENGTH_SECONDS[length], points, heads)
    if reason is None and kind != NO_BINDING:  # 12
        reason = _check_binding(scan, batch, index, kind, binding, raw)
    if reason is not None:
        next_step = next_step_of(reason, batch, start, points)
        if kind == PHONE:
            next_step = PHONE_STEPS.get(reason, next_step)
        return Decision(False, reason, warnings, batch.identity, index, heads, pass_class, next_step)
    if kind == NO_BINDING:
        warnings += _NO_BINDING
    if scan.heads is not None and scan.heads < heads:
        warnings += _HEADS_FEWER
        heads = scan.heads
    return Decision(True, OK, warnings, batch.identity, index, heads, pass_class, _LET_THROUGH)


def refuse(code: str) -> Decision:
    """Refuse before, or at, the signature: nothing of what the pass says is repeated."""
    return Decision(False, code, (), None, None, 0, None, NEXT_STEPS[code])


def judge(  # noqa: PLR0911  (one return for each reason)
    batch: LoadedBatch,
    used: UsedHere,
    scan: Scan,
    index: int,
    pass_class: int,
    start: int,
    end: int,
    points: int,
    heads: int,
) -> str | None:
    """Steps 6 to 11 of `decide`, on a pass whose signature is right: the first reason against it, if any."""
    if not batch.classes >> pass_class & 1:  # 6
        return "class-not-in-batch"
    if index >= batch.capacity or start < batch.not_before or end > batch.not_after:
        return "out-of-batch"
    if index in batch.revoked:  # 7
        return "revoked"
    if not batch.point_bits.get(scan.point, 0) & points:  # 8
        return "wrong-point"
    if not start <= scan.now < end:  # 9
        return "not-yet" if scan.now < start else "expired"
    key = (batch.identity, index)
    if key in used.here:  # 10
        return "used-here"
    if key in used.elsewhere:
        return "used-elsewhere"
    if scan.heads is not None and scan.heads > heads:  # 11
        return "heads-differ"
    return None


def _check_binding(scan: Scan, batch: LoadedBatch, index: int, kind: int, binding: bytes, raw: bytes) -> str | None:
    """Step 12 of `decide`: the reason against words or phone, if any; words cost one Argon2id, about 0.1 s here."""
    if kind == PHONE:
        return _check_phone(scan, binding, raw)
    document = scan.document if kind == WORDS_AND_DOCUMENT else None
    if not scan.words or (kind == WORDS_AND_DOCUMENT and not document):
        return "binding-needed"
    secret = secret_of(scan.words, document)
    computed = bind(secret, batch.identity, index, batch.entry.pepper, batch.entry.preset)
    return None if compare_digest(computed, binding) else "binding-failed"


def _check_phone(scan: Scan, binding: bytes, raw: bytes) -> str | None:
    """Step 12 for a phone's key: whatever is wrong with the code, it is one reason, so that a copier learns nothing."""
    if not scan.proof:
        return "binding-needed"
    try:
        proof = read_proof(scan.proof)
    except BadInput:
        return "binding-failed"
    bound = compare_digest(bind_phone(proof.key.raw), binding)
    return None if bound and holds(proof, raw, scan.point, scan.now) else "binding-failed"


def next_step_of(reason: str, batch: LoadedBatch, start: int, points: int) -> str:
    """What the guard does next; where to, or from when on (UTC), where the pass says so."""
    step = NEXT_STEPS[reason]
    if reason == "wrong-point":
        return f"{step} " + ", ".join(name for name, bit in batch.point_bits.items() if bit & points)
    if reason == "not-yet":
        return f"{step} " + datetime.fromtimestamp(start, UTC).strftime("%Y-%m-%d %H:%M UTC")
    return step
