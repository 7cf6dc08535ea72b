"""Answer a release: acknowledge it, say what was done, say what came of it; on the other side, take the answer in.

An acknowledgement of one's own names the version and the digest of the envelope that was received, so that the issuer
holds the recipient's signature under that copy and under no other.
"""

from collections.abc import Sequence
from dataclasses import replace

from safeconduct.agreements.agreement import check_holder
from safeconduct.alerts.answer import (
    HOUR,
    Acknowledgement,
    Action,
    Answer,
    Outcome,
    accept_acknowledgement,
    accept_outcome,
    flood,
    from_json,
    is_signed,
    to_json,
    version_of,
)
from safeconduct.errors import BadInput, Refusal
from safeconduct.workflows.common import in_force, log_refused, partner_of, require_agreement
from safeconduct.workflows.envelopes import Envelope, send
from safeconduct.workflows.ports import Node
from safeconduct.workflows.release_copies import copies_of, newest_copy
from safeconduct.workflows.rows import AnswerRow
from safeconduct.workflows.tables import Tx

KINDS: dict[type, str] = {Acknowledgement: "acknowledgement", Action: "action", Outcome: "outcome"}


def answer_release(node: Node, data: bytes) -> int | Refusal:
    """Check an answer to a release, log it, send it if it is this party's own answer; return its ledger index.

    The recipient's own words cross. What others say of a release (the owner's own assessment, an office's, unnamed
    officials', the partner's by telephone or by a link) stays on this node and in this ledger, beside what crossed. The
    same answer again returns the same index.

    Raises:
        BadInput: the answer is malformed.
    """
    answer = from_json(data)
    kind = KINDS[type(answer)]
    with node.store.transaction() as tx:
        agreement = require_agreement(tx)
        answer = _bound(node, tx, answer)
        for row in tx.alerts.answers(answer.release_id):
            if from_json(row.body) == answer:
                return row.ledger_index
        now, body = node.clock.now(), to_json(answer)
        refusal = _check(tx, answer) or _heard(node, answer) or _too_many(tx, answer, now)
        if refusal is not None:
            _log_once(node, tx, kind, answer, refusal)
            return refusal
        if _crosses(answer, node.party) and not _for_own_point(tx, answer):
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


def _bound(node: Node, tx: Tx, answer: Answer) -> Answer:
    """Return this party's own acknowledgement with the version and the copy that it is of: the newest one held."""
    if not isinstance(answer, Acknowledgement) or not answer.signed or answer.by != node.party:
        return answer
    held, copy = copies_of(tx, answer.release_id), newest_copy(tx, answer.release_id)
    if answer.version is not None:
        copy = next((c for c in held if c.release.version == answer.version), None)
    return answer if copy is None else replace(answer, version=copy.release.version, wire=answer.wire or copy.wire)


def _too_many(tx: Tx, answer: Answer, now: int) -> Refusal | None:
    """Return why no more answers of this speaker are taken now: a flood would bury what was said before it."""
    said = [(row.at, from_json(row.body)) for row in tx.alerts.answers(answer.release_id)]
    sender = (speaker_of(answer), is_signed(answer))  # a link that got about must not crowd out what is signed
    times = [at for at, one in said if (speaker_of(one), is_signed(one)) == sender]
    return Refusal("too-many-answers", answer.release_id) if flood(times, now) else None


def _log_once(node: Node, tx: Tx, kind: str, answer: Answer, refusal: Refusal) -> None:
    """Log a refusal; of a flood only the first one of an hour."""
    if refusal.code == "too-many-answers":
        mark = f"flood:{answer.release_id}:{speaker_of(answer)}"
        last = int(tx.records.get(mark) or b"0")
        if node.clock.now() < last + HOUR:
            return
        tx.records.set(mark, str(node.clock.now()).encode())
    log_refused(node, tx, act=kind, subject=answer.release_id, refusal=refusal)


def _crosses(answer: Answer, party: str) -> bool:
    """Say whether an answer is this party's own signed word to the other; the owner's own assessment is for itself."""
    own = isinstance(answer, Outcome) and answer.assessor_kind == "own"
    return speaker_of(answer) == party and is_signed(answer) and not own


def _for_own_point(tx: Tx, answer: Answer) -> bool:
    """Say whether the owner gave its own warning to its own control point: that would tell the place more finely."""
    return isinstance(answer, Action) and answer.action == "assigned" and _owned(tx, answer.release_id)


def _owned(tx: Tx, release_id: str) -> bool:
    row = tx.alerts.release(release_id)
    return row is not None and row.direction == "sent"


def _heard(node: Node, answer: Answer) -> Refusal | None:
    """Return why this node may not record an answer: nobody signs for the other party, or assesses as it.

    What the other party said by another channel is recorded as unsigned, never under its name alone.
    """
    speaker, own = speaker_of(answer), speaker_of(answer) == node.party
    if not isinstance(answer, Outcome):
        good = is_signed(answer) == own
    elif is_signed(answer):
        good = own == (answer.assessor_kind in {"own", "partner"})
    else:
        good = answer.assessor_kind == "partner" and not own
    return None if good else Refusal("unknown-sender", speaker)


def receive(node: Node, tx: Tx, envelope: Envelope) -> Refusal | None:
    """Take in the partner's answer; who speaks for the partner is the partner, and it speaks for nobody else."""
    answer = from_json(envelope.body)
    if KINDS[type(answer)] != envelope.kind:
        return Refusal("unknown-kind", envelope.kind)
    refusal = _check(tx, answer, came=True)
    if refusal is not None:
        return refusal
    if not _crosses(answer, envelope.sender):
        return Refusal("unknown-sender", speaker_of(answer))
    refusal = _too_many(tx, answer, node.clock.now())
    if refusal is not None:
        return refusal
    index = tx.ledger.size()  # where the envelope is about to be logged
    tx.alerts.add_answer(AnswerRow(answer.release_id, envelope.kind, envelope.body, node.clock.now(), index))
    return None


def answers_to(tx: Tx, release_id: str | None = None) -> Sequence[Answer]:
    """Return all answers to a release, or to all releases, oldest first."""
    return [from_json(row.body) for row in tx.alerts.answers(release_id)]


def _check(tx: Tx, answer: Answer, *, came: bool = False) -> Refusal | None:
    """Return why an answer may not follow those before it; of what `came`, those dated before it, in whatever order.

    An outcome is compared with those of its own second too, so that none is raised within a second.
    """
    held, newest = copies_of(tx, answer.release_id), newest_copy(tx, answer.release_id)
    release = newest.release if newest else None
    until = answer.at + isinstance(answer, Outcome)
    prior = [one for one in answers_to(tx, answer.release_id) if not came or one.at < until]
    checked: Answer | Refusal = answer
    if isinstance(answer, Acknowledgement):
        wire = next((c.wire for c in held if c.release.version == version_of(answer)), None)
        acks = [a for a in prior if isinstance(a, Acknowledgement)]
        checked = accept_acknowledgement(release, acks, answer, wire=wire)
    elif isinstance(answer, Outcome):
        checked = accept_outcome(release, [a for a in prior if isinstance(a, Outcome)], answer)
    elif release is None:
        checked = Refusal("unknown-release", answer.release_id)
    elif answer.action == "assigned":
        checked = _may_assign(tx, answer) or answer
    return checked if isinstance(checked, Refusal) else None


def _may_assign(tx: Tx, answer: Action) -> Refusal | None:
    """Return why a warning cannot be given to a control point: only its holder gives it, to a point it holds now."""
    found = in_force(tx)
    if found is None:
        return Refusal("no-agreement")
    return check_holder(found[0], answer.point or "", answer.by, answer.at)
