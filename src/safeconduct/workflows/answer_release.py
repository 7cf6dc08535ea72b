"""Answer a release: acknowledge it, say what was done, say what came of it; on the other side, take the answer in."""

from collections.abc import Sequence

from safeconduct.alerts import release as releases
from safeconduct.alerts.answer import (
    Acknowledgement,
    Action,
    Answer,
    Outcome,
    accept_acknowledgement,
    accept_outcome,
    from_json,
    to_json,
)
from safeconduct.errors import Refusal
from safeconduct.workflows.common import log_refused, partner_of, require_agreement
from safeconduct.workflows.envelopes import Envelope, send
from safeconduct.workflows.ports import AnswerRow, Node, Tx

KINDS: dict[type, str] = {Acknowledgement: "acknowledgement", Action: "action", Outcome: "outcome"}


def answer_release(node: Node, data: bytes) -> int | Refusal:
    """Check an answer to a release that this party received, log it, send it; return its ledger index.

    The same answer again returns the same index.

    Raises:
        BadInput: the answer is malformed.
    """
    answer = from_json(data)
    kind = KINDS[type(answer)]
    with node.store.transaction() as tx:
        agreement = require_agreement(tx)
        for row in tx.alerts.answers(answer.release_id):
            if row.body == to_json(answer):
                return row.ledger_index
        refusal = _check(tx, answer)
        if refusal is not None:
            log_refused(node, tx, act=kind, subject=answer.release_id, refusal=refusal)
            return refusal
        index, _ = send(node, tx, to=partner_of(node, agreement), kind=kind, agreement=agreement.id,
                        body=to_json(answer))  # fmt: skip
        tx.alerts.add_answer(AnswerRow(answer.release_id, kind, to_json(answer), node.clock.now(), index))
    return index


def receive(node: Node, tx: Tx, envelope: Envelope) -> Refusal | None:
    """Take in the partner's answer; who speaks for the partner is the partner."""
    answer = from_json(envelope.body)
    if KINDS[type(answer)] != envelope.kind:
        return Refusal("unknown-kind", envelope.kind)
    if isinstance(answer, (Acknowledgement, Action)) and answer.by != envelope.sender:
        return Refusal("unknown-sender", answer.by)
    refusal = _check(tx, answer)
    if refusal is not None:
        return refusal
    index = tx.ledger.size()  # where the envelope is about to be logged
    tx.alerts.add_answer(AnswerRow(answer.release_id, envelope.kind, envelope.body, node.clock.now(), index))
    return None


def answers_to(tx: Tx, release_id: str | None = None) -> Sequence[Answer]:
    """Return all answers to a release, or to all releases, oldest first."""
    return [from_json(row.body) for row in tx.alerts.answers(release_id)]


def _check(tx: Tx, answer: Answer) -> Refusal | None:
    row = tx.alerts.release(answer.release_id)
    release = releases.from_json(row.body) if row else None
    prior = answers_to(tx, answer.release_id)
    checked: Answer | Refusal = answer
    if isinstance(answer, Acknowledgement):
        checked = accept_acknowledgement(release, [a for a in prior if isinstance(a, Acknowledgement)], answer)
    elif isinstance(answer, Outcome):
        checked = accept_outcome(release, [a for a in prior if isinstance(a, Outcome)], answer)
    elif release is None:
        checked = Refusal("unknown-release", answer.release_id)
    return checked if isinstance(checked, Refusal) else None
