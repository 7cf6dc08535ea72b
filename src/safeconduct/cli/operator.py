"""`safeconduct operator`: the offices of the room, their roles and their tokens; and who acts at the keyboard."""

from dataclasses import asdict
from typing import Annotated

import typer

from safeconduct.cli.speak import HERE, Json, NodeDir, commands, opened, tell
from safeconduct.errors import SafeconductError
from safeconduct.operators.people import KEYBOARD, ROLES
from safeconduct.workflows.keep_operators import (
    add_operator,
    offices,
    operator_with_token,
    operators,
    remove_operator,
)
from safeconduct.workflows.ports import Node

app = commands("Offices of the room: who signs in, and what each may do.")
By = Annotated[
    str, typer.Option("--by", help="the office that acts; outside an exercise its token is asked for (this machine)")
]
AT_KEYBOARD = KEYBOARD
OfficeId = Annotated[str, typer.Argument(help="short id, such as night-desk; never a person's name")]


def acting_as(node: Node, by: str) -> str:
    """Return the office that acts; outside an exercise it proves itself by its token, which is asked for.

    Raises:
        SafeconductError: `unknown-operator`, or `bad-token`.
    """
    if by == KEYBOARD:
        return by
    with node.store.reading() as tx:
        found = offices(node, tx).get(by)
    if found is None or found.removed:
        raise SafeconductError("unknown-operator", f"there is no office {by}; `safeconduct operator list` shows them")
    if not node.exercise:
        token = str(typer.prompt(f"token of {by}", hide_input=True, err=True))
        proved = operator_with_token(node, token)
        if proved is None or proved.id != by:
            raise SafeconductError("bad-token", f"that is not the token of {by}")
    return by


@app.command()
def add(
    office: OfficeId,
    name: Annotated[str, typer.Option(help="how pages call it: 'night desk'")],
    role: Annotated[list[str], typer.Option(help="repeat it for more: " + ", ".join(ROLES))],
    node: NodeDir = HERE,
    as_json: Json = False,
) -> None:
    """Add an office, or give a known one other roles; prints its new sign-in token, once."""
    with opened(node) as here:
        token = add_operator(here, office, name, role)
    tell(
        {"office": office, "roles": role, "token": token},
        as_json=as_json,
        text=f"{office} may: {', '.join(role)}\nIts sign-in token, shown this once: {token}",
    )


@app.command("list")
def list_(node: NodeDir = HERE, as_json: Json = False) -> None:
    """List the offices with their roles; those that were removed are marked."""
    with opened(node) as here, here.store.reading() as tx:
        found = [{**asdict(one), "token": bool(one.token)} for one in operators(tx).values()]
        own = [one for one in offices(here, tx).values() if one.id not in operators(tx) and one.id != KEYBOARD]
    lines = [
        f"{one['id']:<20} {one['office']}: {', '.join(one['roles'])}{'  REMOVED' if one['removed'] else ''}"
        for one in found
    ]
    lines += [f"{one.id:<20} {one.office}: {', '.join(one.roles)}  (of the exercise)" for one in own]
    tell({"operators": found, "exercise": [asdict(one) for one in own]}, as_json=as_json, text="\n".join(lines))


@app.command()
def remove(office: OfficeId, node: NodeDir = HERE, as_json: Json = False) -> None:
    """Remove an office: its token opens nothing any more; what it did stays on record."""
    with opened(node) as here:
        remove_operator(here, office)
    tell({"removed": office}, as_json=as_json, text=f"{office} can do nothing any more; what it did stays on record")


@app.command()
def roles(as_json: Json = False) -> None:
    """Show each role and what it does."""
    text = "\n".join(f"{name:<18} {what}" for name, what in ROLES.items())
    tell({"roles": dict(ROLES)}, as_json=as_json, text=text)
