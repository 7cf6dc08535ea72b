"""Commitments by what they are worth: possible, expected, declined to say, agreed. Only what is agreed opens anything.

The first three are what speakers said and stand in entries. The last is read from the agreement in force and from
nowhere else: nobody can record it, both have to sign it.
"""

from dataclasses import dataclass

from safeconduct.agreements.agreement import Agreement
from safeconduct.agreements.fields import iso
from safeconduct.workflows.read_entries import list_entries
from safeconduct.workflows.tables import Tx

AGREED = "agreed"


@dataclass(frozen=True, slots=True)
class Commitment:
    """One commitment: its grade, who, what, on which condition, since when (ISO), and what says so."""

    grade: str  # possible, expected, declined-to-say, agreed
    who: str
    text: str
    condition: str
    at: str
    source: str


def commitments(tx: Tx, agreement: Agreement | None) -> tuple[Commitment, ...]:
    """Return what is agreed, firm before conditional, then what was only said, newest first."""
    agreed = [
        Commitment(
            AGREED, party.name if (party := agreement.party(one.by)) else one.by, one.text, one.condition or "",
            agreement.start, f"version {agreement.version}",
        )
        for one in sorted(agreement.undertakings, key=lambda one: one.condition is not None)
    ] if agreement else []  # fmt: skip
    said = [
        Commitment(e.fields["grade"], e.fields["speaker"], e.fields["text"], "", iso(e.at), e.source)
        for e in (view.entry for view in reversed(list_entries(tx, "prospect")))
    ]
    return (*agreed, *said)
