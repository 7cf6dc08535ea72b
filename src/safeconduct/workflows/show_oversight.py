"""What oversight reads: decisions and criticism of them, with days and authors; nothing is changed here (S-104)."""

from dataclasses import dataclass

from safeconduct.agreements.fields import iso
from safeconduct.workflows.read_entries import EntryView, list_entries
from safeconduct.workflows.tables import Tx


@dataclass(frozen=True, slots=True)
class CriticView:
    """One criticism: by whom, or by how many unnamed ones."""

    author: str  # an office, or words for unnamed ones
    authors: int | None  # how many, where that is said
    text: str
    date: str
    source: str


@dataclass(frozen=True, slots=True)
class DecisionOnRecord:
    """One decision with why it was taken, and what was said against it."""

    id: str
    decision: str
    office: str
    reason: str
    lowers: str
    makes: str
    date: str
    source: str
    ledger_index: int
    critics: tuple[CriticView, ...]


@dataclass(frozen=True, slots=True)
class Oversight:
    """All decisions, oldest first."""

    decisions: tuple[DecisionOnRecord, ...]
    other: tuple[CriticView, ...]  # of entries that are no decision

    @property
    def critics(self) -> int:
        """How many people criticised, as far as they were named or counted."""
        every = [*self.other, *(one for decision in self.decisions for one in decision.critics)]
        return sum(one.authors or 1 for one in every)


def show_oversight(tx: Tx) -> Oversight:
    """Return every recorded decision with every recorded criticism of it."""
    decisions = list_entries(tx, "decision-reason")
    critics: dict[str, list[CriticView]] = {}
    for view in list_entries(tx, "criticism"):
        critics.setdefault(view.entry.fields["of"], []).append(_critic(view))
    known = {view.id for view in decisions}
    return Oversight(
        tuple(_decision(view, tuple(critics.get(view.id, ()))) for view in decisions),
        tuple(one for entry, listed in critics.items() if entry not in known for one in listed),
    )


def _critic(view: EntryView) -> CriticView:
    fields = view.entry.fields
    return CriticView(fields["author"], fields["authors"], fields["text"], iso(view.entry.at)[:10], view.entry.source)


def _decision(view: EntryView, critics: tuple[CriticView, ...]) -> DecisionOnRecord:
    fields = view.entry.fields
    return DecisionOnRecord(
        view.id, fields["decision"], fields["office"], fields["reason"], fields["lowers"], fields["makes"],
        iso(view.entry.at)[:10], view.entry.source, view.ledger_index, critics,
    )  # fmt: skip
