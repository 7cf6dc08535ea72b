"""The decision that a gate would show for a pass, and samples to try: nothing is recorded as a scan."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import UTC, datetime

from safeconduct.errors import REFUSALS, BadInput, Refusal
from safeconduct.gate.decide import NEXT_STEPS, OK, Decision, Scan, UsedHere, decide
from safeconduct.gate.decide_spoken import SpokenScan, decide_spoken
from safeconduct.passes.bundle import LoadedBundle, open_bundle
from safeconduct.passes.pass_format import decode_payload, from_text, to_text, window_end
from safeconduct.passes.spoken import as_words
from safeconduct.workflows.common import require_agreement, roots
from safeconduct.workflows.ports import Node
from safeconduct.workflows.room_view import DecisionView, SampleView
from safeconduct.workflows.rows import PassRow
from safeconduct.workflows.tables import Tx

CANDIDATES = 12  # passes tried for each sample
ASK = frozenset({"binding-needed", "no-spoken-passes", "heads-differ", "bundle-stale", "not-yet", "wrong-point"})


def try_pass(
    node: Node, text: str, point: str, *, words: str | None = None, proof: str | None = None, at: int | None = None
) -> DecisionView:
    """Decide on a pass, or on six spoken words, as the gate at `point` would, at unix second `at`, by its bundle.

    Without `at` it is now; in an exercise that is over, and has no bundle in force, the end of the pass's own window.

    Raises:
        SafeconductError: `no-agreement`.
    """
    with node.store.reading() as tx:
        now = node.clock.now() if at is None else at
        bundle = bundle_at(tx, now)
        said = as_words(text)
        if bundle is None and at is None and node.exercise and said is None:
            try:
                now = _last_moment(text, now)
            except BadInput:
                return _shown(admit=False, reason="malformed", next_step=NEXT_STEPS["malformed"], details=())
            bundle = bundle_at(tx, now)
        if bundle is None:
            return _shown(admit=False, reason="bundle-expired", next_step="publish a bundle first", details=())
        if said is None:
            decision = _decide(tx, bundle, text, point, now, words=words, proof=proof)
        else:
            decision = _decide_spoken(tx, bundle, said, point, now)
        details = [("decided at", _clock(now)), ("bundle", str(bundle.seq))]
        if decision.reason == "used-elsewhere" and decision.batch is not None and decision.index is not None:
            details += [
                (f"used at {use.point}", _clock(use.at))
                for use in tx.devices.is_used(decision.batch, decision.index)
                if use.at < now
            ]
    if decision.heads:
        details.insert(0, ("people", str(decision.heads)))
    return _shown(admit=decision.admit, reason=decision.reason, next_step=decision.next_step, details=tuple(details),
                  heads=decision.heads)  # fmt: skip


def _last_moment(text: str, now: int) -> int:
    """Return the last second before `now` of the pass's own window.

    Raises:
        BadInput: the text is no pass.
    """
    fields = decode_payload(from_text(text.strip())[:32])
    return max(fields.not_before, min(now, window_end(fields) - 1))


def _decide(
    tx: Tx,
    bundle: LoadedBundle,
    text: str,
    point: str,
    now: int,
    *,
    words: str | None = None,
    proof: str | None = None,
) -> Decision:
    """Return the gate's decision, which knows of uses before that time only."""
    raw: bytes | str = text.strip()
    used = UsedHere()
    try:
        raw = from_text(text.strip())
        fields = decode_payload(raw[:32])
        for batch in bundle.by_key_id.get(fields.key_id, []):
            if any(use.at < now for use in tx.devices.is_used(batch.identity, fields.index)):
                used.elsewhere.add((batch.identity, fields.index))
    except BadInput:
        pass  # the decision itself says that it is no pass
    return decide(bundle, used, Scan(raw, point, now, words=words, proof=proof))


def _decide_spoken(tx: Tx, bundle: LoadedBundle, words: str, point: str, now: int) -> Decision:
    """Return the gate's decision on words, which knows of uses before that time only; one Argon2id."""
    made = decide_spoken(bundle, UsedHere(), SpokenScan(words, point, now))
    if made.admit and any(use.at < now for use in tx.devices.is_used(made.batch or b"", made.index or 0)):
        return replace(made, admit=False, reason="used-elsewhere", next_step=NEXT_STEPS["used-elsewhere"])
    return made


def _shown(
    *, admit: bool, reason: str, next_step: str, details: tuple[tuple[str, str], ...], heads: int = 0
) -> DecisionView:
    if admit:
        return DecisionView(
            True, "circle", "PASS", f"{heads} {'person' if heads == 1 else 'people'}", next_step, details
        )
    if reason in ASK:
        return DecisionView(False, "triangle", "ASK", REFUSALS[reason], next_step, details)
    return DecisionView(False, "octagon", "NO", REFUSALS[reason], next_step, details)


def bundle_at(tx: Tx, at: int) -> LoadedBundle | None:
    """Return the newest bundle that was in force at a time."""
    agreement = require_agreement(tx)
    for row in tx.passes.bundles_before(at):
        for key in roots(tx).values():
            loaded = open_bundle(row, root=key, agreement_id=agreement.id, now=at)
            if not isinstance(loaded, Refusal):
                return loaded
    return None


def samples(tx: Tx, now: int) -> tuple[SampleView, ...]:
    """Return passes to try: a good one, a forged one, a copied one, a revoked one; each with its own place and time.

    Each is tried first, and one that a gate would refuse for another reason (words needed, say) is passed over.
    """
    made = []
    seen: dict[int, LoadedBundle | None] = {}
    unused, used = tx.passes.sample("unused", now, CANDIDATES), tx.passes.sample("used", now, CANDIDATES)
    good = _first(tx, now, seen, [*unused, *used], OK)
    if good is not None:
        text, point, at = good
        made.append(SampleView("good", text, point, "issued by this node, and not used before that time", at))
        raw = bytearray(from_text(text))
        raw[14] ^= 0x0F  # other heads than were signed for
        made.append(SampleView("forged", to_text(bytes(raw)), point, "its head count was changed", at))
    copied = _first(tx, now, seen, used, "used-elsewhere")
    if copied is not None:
        made.insert(1, SampleView("copied", copied[0], copied[1], "a copy of a pass that was used already", copied[2]))
    gone = _first(tx, now, seen, tx.passes.sample("revoked", now, CANDIDATES), "revoked")
    if gone is not None:
        made.append(SampleView("revoked", gone[0], gone[1], "revoked by its issuer", gone[2]))
    return tuple(made)


def _first(
    tx: Tx, now: int, seen: dict[int, LoadedBundle | None], rows: Iterable[PassRow], wanted: str
) -> tuple[str, str, int] | None:
    """Return text, place and time of the first pass that a gate answers with this reason."""
    for row in rows:
        text = to_text(row.raw)
        for at in _times(row, now):
            if at not in seen:
                seen[at] = bundle_at(tx, at)
            bundle = seen[at]
            if bundle is not None and _decide(tx, bundle, text, row.point, at).reason == wanted:
                return text, row.point, at
    return None


def _times(row: PassRow, now: int) -> Iterator[int]:
    """Yield times to ask at: now, if the pass is valid now; else the last and the first second of its window."""
    fields = decode_payload(row.raw[:32])
    start, end = fields.not_before, window_end(fields)
    if start <= now < end:
        yield now
    yield end - 1
    yield start


def _clock(at: int) -> str:
    return datetime.fromtimestamp(at, UTC).strftime("%d %b %H:%M UTC")
