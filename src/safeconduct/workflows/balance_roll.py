"""Prove that the roll adds up: what the ledger says came and went, against who is on the roll."""

from collections import Counter
from dataclasses import dataclass

from safeconduct.agreements.fields import iso
from safeconduct.register.people import Balance, age_group, balance, birth_date_of
from safeconduct.seal.canonical import decode_json
from safeconduct.workflows.ports import Node
from safeconduct.workflows.tables import Tx


@dataclass(frozen=True, slots=True)
class Balanced:
    """The balance of each class, and whether all of it holds."""

    classes: tuple[Balance, ...]
    children: int  # under 18 years today, on the roll
    age_unknown: int  # on the roll without a birth date; neither counted as children nor as adults
    heads: int  # people by the head counts of the groups that are not out; the same number as the roll
    holds: bool


def balance_roll(node: Node) -> Balanced:
    """Count by class and compare.

    Registered, departed, withdrawn and dead come from the ledger, which cannot be changed afterwards; the roll is
    counted person by person, and its total a second time by the groups' heads. So a person dropped from the roll, or
    moved to another class, breaks the balance.
    """
    today = iso(node.clock.now())[:10]
    roll: Counter[str] = Counter()
    born: Counter[str] = Counter()
    with node.store.reading() as tx:
        for person_class, body in tx.roll.open_bodies():
            roll[person_class] += 1
            born[birth_date_of(body)] += 1
        counts = tx.roll.counts()
        heads = counts["waiting"] + counts["passed"]
        classes = balance(_logged(tx, "import"), _logged(tx, "departure"), _logged(tx, "leave", "withdrawn"),
                          _logged(tx, "leave", "dead"), roll)  # fmt: skip
    ages: Counter[str] = Counter()
    for birth_date, people in born.items():
        ages[age_group(birth_date, today)] += people
    holds = heads == roll.total() and all(line.holds for line in classes)
    return Balanced(classes, ages["child"], ages["unknown"], heads, holds)


def _logged(tx: Tx, kind: str, way: str | None = None) -> Counter[str]:
    """Sum the counts by class of all ledger entries of a kind (and of one way out)."""
    total: Counter[str] = Counter()
    for entry in tx.ledger.find(f"own:{kind}"):
        note = decode_json(entry.envelope, where=f"ledger entry {entry.index}")
        if way is None or note["way"] == way:
            total.update(note["classes"])
    return total
