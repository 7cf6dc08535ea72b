"""Hand open cases over to another office, counted and signed; and check such a hand-over against one's own roll."""

from safeconduct.agreements.fields import Fields, iso
from safeconduct.errors import BadInput
from safeconduct.register.hand_over import (
    Cases,
    HandOver,
    count_cases,
    differences,
    plain,
    sign_hand_over,
    signature_holds,
)
from safeconduct.register.people import CLASSES
from safeconduct.seal.canonical import decode_json, encode_json
from safeconduct.seal.keys import VerifyKey
from safeconduct.workflows.common import roots
from safeconduct.workflows.ports import Node

LONGEST_OFFICE = 120  # characters
MOST_PEOPLE = 1 << 32
FILE_BYTES = 1 << 16


def hand_over_cases(node: Node, to: str) -> bytes:
    """Sign, log and return the hand-over of everybody still on the roll, as a JSON file.

    The same roll handed to the same office again gives the same file.

    Raises:
        BadInput: no office.
    """
    office = Fields({"to": to}, "hand-over").text("to", limit=LONGEST_OFFICE)
    root = node.vault.root()  # asks for its passphrase where it has one, and so outside the transaction
    now = node.clock.now()
    with node.store.transaction() as tx:
        cases = count_cases(tx.roll.open_cases())
        before = tx.records.latest("hand-over", office)
        if before is not None and parse_hand_over(before[0])[0].cases == cases:
            return before[0]
        statement = HandOver(by=node.party, to=office, at=iso(now), cases=cases)
        file = encode_json({**plain(statement), "signature": sign_hand_over(statement, root).hex()})
        tx.records.add("hand-over", office, file, now)
        tx.ledger.append("own:hand-over", file, node.random.bytes(32), now)
    return file


def parse_hand_over(data: bytes) -> tuple[HandOver, bytes]:
    """Read a hand-over file; nothing of it is believed yet.

    Returns:
        The statement and its signature.

    Raises:
        BadInput: `bad-json`, `missing-field`, `unknown-field` or `bad-field`; the classes do not add up to the cases.
    """
    fields = Fields(decode_json(data, where="hand-over", limit=FILE_BYTES), "hand-over")
    fields.integer("v", 1, 1)
    given = fields.take("classes")
    counted = Fields(given, "hand-over.classes")
    classes = tuple((name, counted.integer(name, 1, MOST_PEOPLE)) for name in sorted(CLASSES) if name in given)
    counted.done()
    cases = Cases(classes, fields.hex_text("digest", 32))
    if fields.integer("cases", 0, MOST_PEOPLE) != cases.total:
        raise BadInput("bad-field", where="hand-over.cases", expected=f"{cases.total}, the sum of the classes",
                       seen=fields.take("cases"))  # fmt: skip
    by, to, at = fields.ident("by"), fields.text("to", limit=LONGEST_OFFICE), fields.moment_text("at")
    signature = bytes.fromhex(fields.hex_text("signature", 64))
    fields.done()
    return HandOver(by, to, at, cases), signature


def check_hand_over(node: Node, data: bytes) -> tuple[HandOver, tuple[str, ...]]:
    """Check a hand-over against this node's own roll.

    Steps: 1. the file parses; then those of `compare`.

    Returns:
        The statement, and what does not fit, one line each; none: it is complete.

    Raises:
        BadInput: at step 1.
    """
    statement, signature = parse_hand_over(data)  # 1
    with node.store.reading() as tx:
        root = roots(tx).get(statement.by)
        own = count_cases(tx.roll.open_cases())
    return statement, compare(statement, signature, root, own)


def compare(statement: HandOver, signature: bytes, root: VerifyKey | None, own: Cases) -> tuple[str, ...]:
    """Say what of a hand-over does not fit, one line each.

    Steps: 2. the party's card is known; 3. its root key signed the file; 4. the counts are those of the own roll; 5. so
    is the digest of the ids.
    """
    found = []
    if root is None:  # 2
        found.append(f"signature: no card of {statement.by} is known here; `safeconduct node trust` takes it in")
    elif not signature_holds(statement, signature, root):  # 3
        found.append(f"signature: not by the root key on the card of {statement.by}")
    return (*found, *differences(statement.cases, own))  # 4, 5
