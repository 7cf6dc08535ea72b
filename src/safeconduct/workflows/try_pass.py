"""The decision that a gate would show for a pass, and samples to try: nothing is recorded as a scan."""

from datetime import UTC, datetime

from safeconduct.errors import REFUSALS, BadInput, Refusal
from safeconduct.gate.decide import Scan, UsedHere, decide
from safeconduct.passes.bundle import LoadedBundle, open_bundle
from safeconduct.passes.pass_format import decode_payload, from_text, to_text, window_end
from safeconduct.workflows.common import require_agreement, roots
from safeconduct.workflows.ports import Node, PassRow, Tx
from safeconduct.workflows.room_view import DecisionView, SampleView

ASK = frozenset({"binding-needed", "heads-differ", "bundle-stale", "not-yet", "wrong-point"})


def try_pass(node: Node, text: str, point: str, *, words: str | None = None, at: int | None = None) -> DecisionView:
    """Decide on a pass as the gate at `point` would, at unix second `at` (now by default), by the bundle of that time.

    Raises:
        SafeconductError: `no-agreement`.
    """
    with node.store.reading() as tx:
        now = node.clock.now() if at is None else at
        bundle = bundle_at(tx, now)
        if bundle is None:
            return _shown(admit=False, reason="bundle-expired", next_step="publish a bundle first", details=())
        raw: bytes | str = text.strip()
        used = UsedHere()
        try:
            raw = from_text(text.strip())
            fields = decode_payload(raw[:32])
            for batch in bundle.by_key_id.get(fields.key_id, []):
                if tx.devices.is_used(batch.identity, fields.index):
                    used.elsewhere.add((batch.identity, fields.index))
        except BadInput:
            pass  # the decision itself says that it is no pass
        decision = decide(bundle, used, Scan(raw, point, now, words=words))
        details = [("decided at", _clock(now)), ("bundle", str(bundle.seq))]
        if decision.reason == "used-elsewhere" and decision.batch is not None and decision.index is not None:
            details += [
                (f"used at {use.point}", _clock(use.at)) for use in tx.devices.is_used(decision.batch, decision.index)
            ]
    if decision.heads:
        details.insert(0, ("people", str(decision.heads)))
    return _shown(admit=decision.admit, reason=decision.reason, next_step=decision.next_step, details=tuple(details),
                  heads=decision.heads)  # fmt: skip


def _shown(
    *, admit: bool, reason: str, next_step: str, details: tuple[tuple[str, str], ...], heads: int = 0
) -> DecisionView:
    if admit:
        return DecisionView(True, "circle", "PASS", f"{heads} people", next_step, details)
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
    """Return passes to try: a good one, a copied one, a forged one, a revoked one; each with its own place and time."""
    made: list[SampleView] = []
    for label, state, says in (
        ("good", "unused", "issued and not used yet"),
        ("copied", "used", "a copy of a pass that was used already"),
        ("revoked", "revoked", "revoked by its issuer"),
    ):
        rows = tx.passes.sample(state, now)
        made.extend(SampleView(label, to_text(row.raw), row.point, says, _time_for(row)) for row in rows)
    good = next((s for s in made if s.label == "good"), None)
    if good is not None:
        raw = bytearray(from_text(good.text))
        raw[14] ^= 0x0F  # more heads than were signed for
        made.insert(2, SampleView("forged", to_text(bytes(raw)), good.point, "its head count was changed", good.at))
    return tuple(made)


def _time_for(row: PassRow) -> int:
    return window_end(decode_payload(row.raw[:32])) - 1


def _clock(at: int) -> str:
    return datetime.fromtimestamp(at, UTC).strftime("%d %b %H:%M UTC")
