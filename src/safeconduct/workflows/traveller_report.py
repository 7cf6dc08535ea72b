"""What travellers say was done to them at a control point: taken in without an account, and alleged for good.

Nothing that is said here becomes an event of a device log or a count of one. The text is sealed at rest; how to find
the traveller, where it is given at all, is sealed to the custodian of testimony and stands apart. A receipt, of which
the node keeps the digest only, lets the traveller add to the report or withdraw it.
"""

from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from safeconduct.agreements.agreement import holder_at
from safeconduct.agreements.fields import iso
from safeconduct.errors import BadInput, Refusal
from safeconduct.operators.tokens import token_digest
from safeconduct.seal.canonical import decode_json, encode_json
from safeconduct.workflows.common import in_force
from safeconduct.workflows.ports import Node
from safeconduct.workflows.tables import Tx
from safeconduct.workflows.take_testimony import CUSTODIAN, IDENTITY

REPORT, MORE, WITHDRAWN = "traveller-report", "traveller-more", "traveller-withdrawn"
WHAT = ("turned-away", "beaten", "threatened", "money-asked", "other")
BY = ("holder", "others", "unknown")  # who did it: whoever held the point, somebody else, not known
LONGEST, LONGEST_CONTACT = 2_000, 300  # characters
MOST_PEOPLE = 10_000
OLDEST = 400 * 86_400  # seconds back that something may lie
_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # without I, L, O, U: read out and written down without a mistake
_RECEIPT = 12  # characters: 60 random bits


@dataclass(frozen=True, slots=True)
class Told:
    """What a traveller says. All of it is alleged."""

    what: str  # of `WHAT`
    point: str  # control-point id; empty: not known, or not at one
    at: int | None  # unix seconds, as near as the traveller remembers; None: not known
    exact: bool  # the hour is known, not only the day
    by: str  # of `BY`
    people: int | None  # whom it was done to; None: no number was given
    hedge: str  # the words that stood for a number
    text: str
    contact: str  # how to find the traveller; empty: nothing, which is what the page advises


@dataclass(frozen=True, slots=True)
class AllegedView:
    """One report as the room sees it: alleged, never a finding."""

    number: str
    what: str
    point: str
    name: str  # of the control point
    holder: str  # who held it then, by the agreement; empty: not known
    by: str
    at: str  # ISO time; empty: not known
    exact: bool
    people: int | None
    hedge: str
    texts: tuple[str, ...]  # the first, then what was added
    reachable: bool  # a contact is sealed to the custodian
    received: str  # ISO time
    ledger_index: int


@dataclass(frozen=True, slots=True)
class AllegedLine:
    """All reports of one kind about one control point under one holder: how many say so, and nothing more."""

    holder: str
    point: str
    name: str
    what: str
    reports: int
    people: int  # of the reports that give a number
    vague: tuple[str, ...]
    newest: str


def take_report(node: Node, told: Told) -> str:
    """Take in what a traveller says; return the receipt, which is told here and never again.

    Raises:
        BadInput: `bad-field`, naming the field; `no-custodian` where a contact is given and nobody can be told of it.
    """
    now = node.clock.now()
    _check(told, now)
    with node.store.transaction() as tx:
        found = in_force(tx)
        points = {point.id for point in found[0].control_points} if found else set()
        if told.point and told.point not in points:
            raise BadInput("unknown-point", where="point", expected="a control point of the list", seen=told.point)
        recipient = tx.records.get(CUSTODIAN)
        if told.contact and recipient is None:
            expected = "nothing: it cannot be kept safely here"
            raise BadInput("no-custodian", where="contact", expected=expected, seen="something")
        number = f"tr-{node.random.bytes(8).hex()}"
        receipt = _receipt(node.random.bytes(_RECEIPT))
        sealed = node.vault.seal(told.text.encode())
        holder = (holder_at(found[0], told.point, told.at or now) or "") if found and told.point else ""
        open_part = {
            "at": told.at, "by": told.by, "exact": told.exact, "hedge": told.hedge, "holder": holder,
            "people": told.people, "point": told.point, "what": told.what,
        }  # fmt: skip
        note = encode_json({**open_part, "number": number, "sealed": sha256(sealed).hexdigest()})
        index = tx.ledger.append(f"own:{REPORT}", note, node.random.bytes(32), now)
        body = {**open_part, "index": index, "sealed": sealed.hex()}
        tx.records.add(REPORT, number, encode_json(body), now)
        tx.records.set(_key(receipt), number.encode())
        if told.contact and recipient is not None:
            tx.records.add(IDENTITY, number, node.vault.seal_to(recipient.decode(), _padded(told.contact)), now)
    return _spaced(receipt)


def add_to_report(node: Node, receipt: str, text: str) -> Refusal | None:
    """Add to a report.

    Returns:
        None; or `unknown-receipt`, `already-withdrawn-report`.

    Raises:
        BadInput: `bad-field`.
    """
    if not 0 < len(text.strip()) <= LONGEST:
        raise BadInput("bad-field", where="text", expected=f"1 to {LONGEST} characters", seen=f"{len(text)} characters")
    now = node.clock.now()
    with node.store.transaction() as tx:
        number = _find(tx, receipt)
        if isinstance(number, Refusal):
            return number
        sealed = node.vault.seal(text.strip().encode())
        place = len([one for one, _, _ in tx.records.all(MORE) if one.startswith(number)])
        tx.records.add(MORE, f"{number} {place:03}", sealed, now)
        note = encode_json({"number": number, "sealed": sha256(sealed).hexdigest()})
        tx.ledger.append(f"own:{MORE}", note, node.random.bytes(32), now)
    return None


def withdraw_report(node: Node, receipt: str) -> Refusal | None:
    """Withdraw a report: it is shown and counted no more; that there was one stays in the ledger.

    Returns:
        None; or `unknown-receipt`, `already-withdrawn-report`.
    """
    now = node.clock.now()
    with node.store.transaction() as tx:
        number = _find(tx, receipt)
        if isinstance(number, Refusal):
            return number
        body = encode_json({"number": number})
        tx.records.add(WITHDRAWN, number, body, now)
        tx.ledger.append(f"own:{WITHDRAWN}", body, node.random.bytes(32), now)
    return None


def read_alleged(node: Node) -> tuple[tuple[AllegedView, ...], int]:
    """Return what travellers said, newest first, and how many reports were withdrawn."""
    with node.store.reading() as tx:
        found = in_force(tx)
        names = {point.id: point.name for point in found[0].control_points} if found else {}
        gone = {number for number, _, _ in tx.records.all(WITHDRAWN)}
        reachable = {number for number, _, _ in tx.records.all(IDENTITY)}
        more: dict[str, list[str]] = {}
        for key, sealed, _ in tx.records.all(MORE):
            more.setdefault(key.partition(" ")[0], []).append(node.vault.open(sealed).decode())
        views = []
        for number, body, received in tx.records.all(REPORT):
            if number in gone:
                continue
            said: dict[str, Any] = decode_json(body, where="traveller's report")
            text = node.vault.open(bytes.fromhex(said["sealed"])).decode()
            texts = tuple(one for one in (text, *more.get(number, ())) if one)
            views.append(AllegedView(
                number, said["what"], said["point"], names.get(said["point"], said["point"]), said["holder"],
                said["by"], "" if said["at"] is None else iso(said["at"]), said["exact"], said["people"],
                said["hedge"], texts, number in reachable, iso(received), said["index"],
            ))  # fmt: skip
    return tuple(reversed(views)), len(gone)


def alleged_lines(views: tuple[AllegedView, ...]) -> tuple[AllegedLine, ...]:
    """Return how many travellers say what, by holder, control point and kind; kinds are never added up.

    A report that blames others than the holder counts under no holder.
    """
    found: dict[tuple[str, str, str, str], list[AllegedView]] = {}
    for view in views:
        holder = view.holder if view.by == "holder" else ""
        found.setdefault((holder, view.point, view.name, view.what), []).append(view)
    return tuple(
        AllegedLine(
            holder, point, name, what, len(held), sum(one.people or 0 for one in held),
            tuple(one.hedge for one in held if one.hedge), max(one.received for one in held),
        )
        for (holder, point, name, what), held in sorted(found.items())
    )  # fmt: skip


def can_keep_contact(node: Node) -> tuple[bool, tuple[tuple[str, str], ...]]:
    """Return whether a contact can be sealed to a custodian, and the control points that a traveller may name."""
    with node.store.reading() as tx:
        found = in_force(tx)
        points = tuple((point.id, point.name) for point in found[0].control_points) if found else ()
        return tx.records.get(CUSTODIAN) is not None, points


def _check(told: Told, now: int) -> None:
    for name, fits, expected in (
        ("what", told.what in WHAT, f"one of {', '.join(WHAT)}"),
        ("by", told.by in BY, f"one of {', '.join(BY)}"),
        ("at", told.at is None or now - OLDEST <= told.at <= now + 86_400, "a time within the last 400 days"),
        ("people", told.people is None or 0 < told.people <= MOST_PEOPLE, f"1 to {MOST_PEOPLE:,}, or nothing"),
        ("people", len(told.hedge) <= 60, "up to 60 characters"),
        ("text", len(told.text) <= LONGEST, f"up to {LONGEST:,} characters"),
        ("contact", len(told.contact) <= LONGEST_CONTACT, f"up to {LONGEST_CONTACT} characters"),
    ):
        if not fits:  # the text and the contact are never shown again, not even in an error
            raise BadInput("bad-field", where=name, expected=expected, seen="something else")


def _find(tx: Tx, receipt: str) -> str | Refusal:
    plain = "".join(receipt.upper().split()).replace("-", "").replace("O", "0").replace("I", "1").replace("L", "1")
    stored = tx.records.get(_key(plain))
    if stored is None:
        return Refusal("unknown-receipt")
    number = stored.decode()
    gone = tx.records.latest(WITHDRAWN, number) is not None
    return Refusal("already-withdrawn-report") if gone else number


def _key(receipt: str) -> str:
    return f"traveller-receipt:{token_digest(receipt)}"


def _receipt(random: bytes) -> str:
    return "".join(_ALPHABET[byte & 31] for byte in random)


def _spaced(receipt: str) -> str:
    return "-".join(receipt[start : start + 4] for start in range(0, len(receipt), 4))


def _padded(text: str) -> bytes:
    """Return text as `take_testimony` seals an identity, so that the custodian opens both by the same command."""
    data = text.encode()
    whole = len(data).to_bytes(4) + data
    return whole + bytes(-len(whole) % 2_048)  # its size tells nothing: all contacts are of one size
