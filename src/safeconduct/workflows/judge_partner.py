"""Judge how the other party did, in grades with evidence and reservations; the course of these judgements over time.

A judgement stays on its own node, is never an average, and opens or closes nothing.
"""

import re
from dataclasses import dataclass

from safeconduct.agreements.agreement import Agreement
from safeconduct.agreements.entries import make_entry
from safeconduct.agreements.liaison import performance
from safeconduct.errors import BadInput
from safeconduct.workflows.common import partner_of, require_agreement
from safeconduct.workflows.held_entries import held_entries
from safeconduct.workflows.ports import Node
from safeconduct.workflows.record_entries import RecordedEntry, record_entry
from safeconduct.workflows.tables import Tx

_ENTRY = re.compile(r"(?:entry )?#?(\d{1,9})")


@dataclass(frozen=True, slots=True)
class Judgement:
    """One judgement: when (unix seconds), its grade in words and from 0 (worst) to 3, evidence, reservation, source."""

    at: int
    grade: str
    rank: int
    evidence: str
    reservation: str
    source: str


def judge_partner(
    node: Node, grade: str, *, evidence: str, reservation: str | None, source: str, at: int | None = None
) -> RecordedEntry:
    """Record how the other party did; evidence of the form "entry 12" must be an entry of this node's ledger.

    Raises:
        BadInput: a field is malformed, or the entry that is named as evidence is not in the ledger (`bad-reference`).
        SafeconductError: `no-agreement`.
    """
    with node.store.transaction() as tx:
        about = partner_of(node, require_agreement(tx))
        named = _ENTRY.fullmatch(evidence.strip())
        if named and tx.ledger.entry(int(named[1])) is None:
            raise BadInput("bad-reference", where="performance-note.evidence", expected="an entry of this ledger",
                           seen=evidence)  # fmt: skip
        fields = {"about": about, "grade": grade, "reservation": reservation or None, "evidence": evidence}
        when = node.clock.now() if at is None else at
        return record_entry(node, tx, make_entry("performance-note", fields, source, when))


def course_of_partner(node: Node, tx: Tx, agreement: Agreement) -> tuple[Judgement, ...]:
    """Return every judgement of the other party, oldest first."""
    found = performance((entry for _, entry in held_entries(tx)), partner_of(node, agreement))
    return tuple(
        Judgement(at, e.fields["grade"], rank, e.fields["evidence"], e.fields["reservation"] or "", e.source)
        for at, rank, e in found
    )
