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
from safeconduct.errors import BadInput, Refusal
from safeconduct.workflows.common import log_refused, partner_of, require_agreement
from safeconduct.workflows.envelopes import Envelope, send
from safeconduct.workflows.ports import Node
from safeconduct.workflows.rows import AnswerRow
from safeconduct.workflows.tables import Tx

KINDS: dict[type, str] = {Acknowledgement: "acknowledgement", Action: "action", Outcome: "outcome"}


def answer_release(node: Node, data: bytes) -> int | Refusal:
    """Check an answer to a release, log it, send it if it is this party's own answer; return its ledger index.

    The recipient's own words cross. What others say of a release (the owner's own assessment, an office's, unnamed
    officials', the partner's by telephone) stays on this node and in this ledger, beside what crossed. The same answer
    again returns the same index.

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
        now, body = node.clock.now(), to_json(answer)
        refusal = _check(tx, answer) or _heard(node, answer)
        if refusal is not None:
            log_refused(node, tx, act=kind, subject=answer.release_id, refusal=refusal)
            return refusal
        if _crosses(answer, node.party):
            index, _ = send(node, tx, to=partner_of(node, agreement), kind=kind, agreement=agreement.id, body=body)
        else:
            index = tx.ledger.append(f"own:{kind}", body, node.random.bytes(32), now)
        tx.alerts.add_answer(AnswerRow(answer.release_id, kind, body, now, index))
    return index


def assessor_of(node: Node, release_id: str, *, office: str | None, unnamed: str | None) -> tuple[str, str]:
    """Return (assessor, kind) of an outcome: a named office, unnamed officials as described, else this party itself.

    Raises:
        BadInput: both are given.
    """
    if office is not None and unnamed is not None:
        raise BadInput("bad-field", where="assessor", expected="an office or unnamed officials, not both", seen=office)
    if office is not None:
        return office, "named-office"
    if unnamed is not None:
        return unnamed, "unnamed"
    with node.store.reading() as tx:
        return node.party, "own" if _owned(tx, release_id) else "partner"


def speaker_of(answer: Answer) -> str:
    """Return who says it: a party's id, or an office or unnamed officials as described."""
    return answer.assessor if isinstance(answer, Outcome) else answer.by


def _crosses(answer: Answer, party: str) -> bool:
    """Say whether an answer is this party's own word to the other; the owner's own assessment is for itself."""
    return speaker_of(answer) == party and not (isinstance(answer, Outcome) and answer.assessor_kind == "own")


def _owned(tx: Tx, release_id: str) -> bool:
    row = tx.alerts.release(release_id)
    return row is not None and row.direction == "sent"


def _heard(node: Node, answer: Answer) -> Refusal | None:
    """Return why this node may not record an answer: nobody signs for the other party, or assesses as it."""
    speaker = speaker_of(answer)
    if isinstance(answer, Outcome):
        parties = {"own", "partner"}
        good = (speaker == node.party) == (answer.assessor_kind in parties)
    elif isinstance(answer, Acknowledgement):
        good = answer.signed == (speaker == node.party)
    else:
        good = True
    return None if good else Refusal("unknown-sender", speaker)


def receive(node: Node, tx: Tx, envelope: Envelope) -> Refusal | None:
    """Take in the partner's answer; who speaks for the partner is the partner, and it speaks for nobody else."""
    answer = from_json(envelope.body)
    if KINDS[type(answer)] != envelope.kind:
        return Refusal("unknown-kind", envelope.kind)
    refusal = _check(tx, answer)
    if refusal is not None:
        return refusal
    if not _crosses(answer, envelope.sender):
        return Refusal("unknown-sender", speaker_of(answer))
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
