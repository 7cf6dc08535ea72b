"""Keep the offices of the room: add one with its token, change its roles, remove it; ask who may do what."""

from dataclasses import replace
from typing import Any

from safeconduct.errors import BadInput, Refusal, SafeconductError
from safeconduct.operators.people import (
    EXERCISE,
    KEYBOARD,
    KEYBOARD_OPERATOR,
    Operator,
    from_json,
    may,
    new_operator,
    to_json,
)
from safeconduct.operators.tokens import token_digest, token_known
from safeconduct.workflows.common import log_refused
from safeconduct.workflows.own_acts import log_act
from safeconduct.workflows.ports import Node
from safeconduct.workflows.tables import Tx

KIND = "operator"
TOKEN_BYTES = 24  # 192 random bits, shown once


def operators(tx: Tx) -> dict[str, Operator]:
    """Return the recorded offices by id, as last changed; those that were removed are among them, marked."""
    return {i: from_json(i, body) for i, body, _ in tx.records.all(KIND)}


def offices(node: Node, tx: Tx) -> dict[str, Operator]:
    """Return everybody who can act here: the recorded offices, the exercise's own ones, and the keyboard."""
    own = {one.id: one for one in EXERCISE} if node.exercise else {}
    return {**own, **operators(tx), KEYBOARD: KEYBOARD_OPERATOR}


def name_of(node: Node, tx: Tx, operator_id: str) -> str:
    """Return an office's name for pages; an id that is not known is shown as it is."""
    found = offices(node, tx).get(operator_id)
    return found.office if found else operator_id


def may_act(node: Node, tx: Tx, by: str, act: str) -> Refusal | None:
    """Return why an office may not do an act, logged; None if it may."""
    refusal = may(offices(node, tx).get(by), act)
    if refusal is not None:
        log_refused(node, tx, act=act, subject=by, refusal=refusal)
    return refusal


def operator_with_token(node: Node, token: str) -> Operator | None:
    """Return the office to which a sign-in token belongs; None for an unknown token or a removed office."""
    if not token:
        return None
    with node.store.reading() as tx:
        held = [one for one in operators(tx).values() if one.token and not one.removed]
    return next((one for one in held if token_known(token, [one.token])), None)


def add_operator(node: Node, operator_id: str, office: str, roles: list[str], *, by: str = KEYBOARD) -> str:
    """Add an office, or give a known one new roles and a new token; return the token, which is not kept.

    Raises:
        BadInput: `bad-field`, naming the field.
    """
    token = node.random.bytes(TOKEN_BYTES).hex()
    operator = new_operator(operator_id, office, roles, token_digest(token))
    with node.store.transaction() as tx:
        tx.records.add(KIND, operator.id, to_json(operator), node.clock.now())
        said: dict[str, Any] = {"office": operator.office, "roles": list(operator.roles)}
        log_act(node, tx, "operator", about=operator.id, by=by, said=said)
    return token


def remove_operator(node: Node, operator_id: str, *, by: str = KEYBOARD) -> None:
    """Remove an office: its token opens nothing any more; what it did stays on record.

    Raises:
        SafeconductError: `unknown-operator`.
        BadInput: it is the last one that can sign in outside an exercise.
    """
    with node.store.transaction() as tx:
        held = operators(tx)
        if operator_id not in held or held[operator_id].removed:
            raise SafeconductError("unknown-operator", f"there is no office {operator_id}")
        left = [one for one in held.values() if not one.removed and one.token and one.id != operator_id]
        if not left and not node.exercise:
            raise BadInput("last-operator", where="operator", expected="another office first", seen=operator_id)
        gone = replace(held[operator_id], removed=True, token="")
        tx.records.add(KIND, operator_id, to_json(gone), node.clock.now())
        log_act(node, tx, "operator", about=operator_id, by=by, said={"removed": True})
