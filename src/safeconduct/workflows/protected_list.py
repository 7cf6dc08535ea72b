"""The protected list: aid staff, vehicles and sites, sealed; an incident names them by number (S-99).

Who is on the list stands nowhere in the clear. That somebody was told of a number, and that a number was concerned
by an incident, are entries (`protected-told`, `protected-concerned`).
"""

from dataclasses import dataclass

from safeconduct.agreements.fields import Fields, iso
from safeconduct.errors import SafeconductError
from safeconduct.incidents.dates import first_day
from safeconduct.seal.canonical import decode_json, encode_json
from safeconduct.workflows.ports import Node
from safeconduct.workflows.read_entries import EntryView, list_entries
from safeconduct.workflows.tables import Tx

LISTED = "protected"
KINDS = ("staff", "vehicle", "site")


@dataclass(frozen=True, slots=True)
class Listed:
    """One entry of the list, opened."""

    number: str
    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class Told:
    """Somebody who was told of a number, and when."""

    to: str
    at: str  # ISO time
    before: bool  # on a day before the incident's first day, or on it


@dataclass(frozen=True, slots=True)
class Concerned:
    """One entry of the list that an incident concerned, by its number, and who had been told of it when."""

    number: str
    kind: str  # empty: the number is not on the list
    how: str
    source: str
    told: tuple[Told, ...]  # oldest first

    @property
    def words(self) -> str:
        """In one line: "staff p-…: in the car; the cordon party had been told on 2021-08-20"."""
        knew = [f"{one.to} had been told on {one.at[:10]}" for one in self.told if one.before]
        later = [f"{one.to} was told only on {one.at[:10]}" for one in self.told if not one.before]
        return f"{self.kind or 'not listed'} {self.number}: {self.how}; " + (
            "; ".join(knew + later) or "nobody was told"
        )


def add_protected(node: Node, data: bytes) -> tuple[str, ...]:
    """Add to the list, from JSON: a list of objects with `kind` (staff, vehicle, site) and `text`; return the numbers.

    Raises:
        BadInput: `bad-json`, `bad-field`, `missing-field`, `unknown-field`.
    """
    fields = Fields({"list": decode_json(data, where="protected list")}, "protected")
    given = fields.records("list", lambda one: (one.choice("kind", KINDS), one.text("text")), most=10_000)
    now = node.clock.now()
    numbers = []
    with node.store.transaction() as tx:
        for kind, text in given:
            number = f"p-{node.random.bytes(6).hex()}"
            sealed = node.vault.seal(encode_json({"kind": kind, "text": text}))
            tx.records.add(LISTED, number, sealed, now)
            tx.ledger.append("own:protected", encode_json({"number": number}), node.random.bytes(32), now)
            numbers.append(number)
    return tuple(numbers)


def read_protected(node: Node, tx: Tx) -> tuple[Listed, ...]:
    """Return the list, opened with this node's key, in the order of recording."""
    found = []
    for number, sealed, _ in tx.records.all(LISTED):
        opened = decode_json(node.vault.open(sealed), where="protected list")
        found.append(Listed(number, opened["kind"], opened["text"]))
    return tuple(found)


def read_concerned(node: Node, tx: Tx, incident: str) -> tuple[Concerned, ...]:
    """Return which entries of the list an incident concerned, and who had been told of them.

    Raises:
        SafeconductError: `no-incident`.
    """
    body = tx.records.latest("incidents", incident)
    if body is None:
        raise SafeconductError("no-incident", f"no incident {incident} is recorded")
    day = first_day(decode_json(body[0], where="incident")["date"])
    kinds = {one.number: one.kind for one in read_protected(node, tx)}
    told: dict[str, list[Told]] = {}
    for view in list_entries(tx, "protected-told"):
        at = iso(view.entry.at)
        told.setdefault(view.entry.fields["number"], []).append(Told(view.entry.fields["to"], at, at[:10] <= day))

    def concerned(view: EntryView) -> Concerned:
        number = view.entry.fields["number"]
        return Concerned(
            number, kinds.get(number, ""), view.entry.fields["how"], view.entry.source, tuple(told.get(number, ()))
        )

    found = [one for one in list_entries(tx, "protected-concerned") if one.entry.fields["incident"] == incident]
    return tuple(concerned(one) for one in found)
