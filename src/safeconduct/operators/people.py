"""Offices of the room: who signs in, with which roles, and which acts a role opens.

An office is a desk, never a person's name. What no role lists is not allowed.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from safeconduct.errors import BadInput, Refusal
from safeconduct.operators.stored import read_stored
from safeconduct.seal.canonical import encode_json

# role -> what it does, in one line
ROLES: Mapping[str, str] = {
    "duty-officer": "enters reports, drafts releases, asks for a second person",
    "releasing-officer": "releases, corrects and withdraws; keeps policies; decides on a duty to warn",
    "second-approver": "confirms or declines what another office asked for",
    "liaison": "enters reports; records what the partner says by telephone or on paper",
    "reader": "looks, and changes nothing",
}
# act -> the roles that open it
ACTS: Mapping[str, frozenset[str]] = {
    "enter": frozenset({"duty-officer", "releasing-officer", "liaison"}),
    "ask": frozenset({"duty-officer", "releasing-officer"}),
    "release": frozenset({"releasing-officer"}),
    "decide": frozenset({"releasing-officer"}),
    "policy": frozenset({"releasing-officer"}),
    "confirm": frozenset({"second-approver"}),
}
LONGEST_OFFICE = 100  # characters
_ID = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,30}[a-z0-9])?")
KEYBOARD = "keyboard"  # whoever has this machine's command line, and so its keys: every role, but one person only


@dataclass(frozen=True, slots=True)
class Operator:
    """One office that signs in.

    `id`: short identifier that every act records; `office`: as pages show it; `token`: SHA-256 of its sign-in token in
    hexadecimal, empty for none; `removed`: it can do nothing any more, and what it did stays on record.
    """

    id: str
    office: str
    roles: tuple[str, ...]
    token: str
    removed: bool = False


# In an exercise without sign-in these offices are there from the start: a small room at night is often one person.
EXERCISE: tuple[Operator, ...] = (
    Operator("duty-officer", "duty officer", ("duty-officer", "releasing-officer"), ""),
    Operator("second-approver", "second approver", ("second-approver",), ""),
    Operator("liaison", "liaison officer", ("liaison",), ""),
    Operator("reader", "reader", ("reader",), ""),
)
# Whom `init` makes; one person alone can release within policy, and nobody alone against it.
FIRST = Operator("first", "duty officer", ("duty-officer", "releasing-officer"), "")
KEYBOARD_OPERATOR = Operator(KEYBOARD, "this machine's keyboard", tuple(r for r in ROLES if r != "reader"), "")


def to_json(operator: Operator) -> bytes:
    """Canonical JSON of an operator, without its id, which is the record's."""
    return encode_json(
        {
            "office": operator.office,
            "removed": operator.removed,
            "roles": list(operator.roles),
            "token": operator.token,
        }
    )


def from_json(operator_id: str, data: bytes) -> Operator:
    """Operator of a stored record.

    The first operator of an older node has neither `office` nor `removed`; it was the only one, so it also releases.

    Raises:
        BadInput: `bad-json` or `bad-record`.
    """
    shape = {"office": str, "removed": bool, "roles": list, "token": str}
    found = read_stored(data, shape, where="operator", older={"office": operator_id, "removed": False})
    roles = [str(role) for role in found["roles"]]
    if found.pop("_older"):
        roles.append("releasing-officer")
    return Operator(operator_id, found["office"], tuple(dict.fromkeys(roles)), found["token"], found["removed"])


def new_operator(operator_id: str, office: str, roles: Iterable[str], token: str) -> Operator:
    """Operator of what was typed.

    Raises:
        BadInput: `bad-field`: the id is no identifier or is `keyboard`, the office is empty, a role is unknown or none
            is given.
    """
    if not _ID.fullmatch(operator_id) or operator_id == KEYBOARD:
        expected = "1 to 32 of a–z, 0–9 and hyphen, other than keyboard, which is this machine's"
        raise BadInput("bad-field", where="operator.id", expected=expected, seen=operator_id)
    name = office.strip()
    if not name or len(name) > LONGEST_OFFICE or not name.isprintable():
        expected = f"an office in 1 to {LONGEST_OFFICE} characters"
        raise BadInput("bad-field", where="operator.office", expected=expected, seen=office)
    wanted = tuple(dict.fromkeys(roles))
    for role in wanted or ("none",):
        if role not in ROLES:
            raise BadInput("bad-field", where="operator.roles", expected="some of " + ", ".join(ROLES), seen=role)
    return Operator(operator_id, name, wanted, token)


def may(operator: Operator | None, act: str) -> Refusal | None:
    """Why an office may not do an act, or None if it may.

    Steps: 1. it is known and not removed; 2. one of its roles opens the act.
    """
    if operator is None or operator.removed:  # 1
        return Refusal("role-needed", "no such office")
    if not ACTS[act] & set(operator.roles):  # 2
        return Refusal("role-needed", f"{operator.id} has no role that may {act}: {', '.join(sorted(ACTS[act]))}")
    return None
