"""`safeconduct register`: the private roll."""

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from safeconduct.cli.speak import HERE, REFUSED, Json, NodeDir, commands, opened, read_file, refuse, tell, write_file
from safeconduct.errors import Refusal
from safeconduct.register.hand_over import HandOver, plain
from safeconduct.workflows.balance_roll import Balanced, balance_roll
from safeconduct.workflows.hand_over_cases import check_hand_over, hand_over_cases, parse_hand_over
from safeconduct.workflows.import_roll import import_roll
from safeconduct.workflows.leave_roll import Reissue, leave_roll
from safeconduct.workflows.record_departure import record_departure

app = commands("The private roll of people in groups; it never leaves this node.")


@app.command("import")
def import_(
    file: Annotated[Path, typer.Argument(help="a roll, CSV (spec/roll.md)")],
    node: NodeDir = HERE,
    as_json: Json = False,
) -> None:
    """Import a roll: all of the file, or nothing of it."""
    with opened(node) as here:
        made = import_roll(here, read_file(file), file.name)
    if made.again:
        text = f"imported before: {made.people:,} people in {made.groups:,} groups; nothing was done"
    else:
        text = f"{made.people:,} people in {made.groups:,} groups; {made.doubts:,} people to look at again"
    tell(asdict(made), as_json=as_json, text=text)


@app.command()
def leave(
    people: Annotated[list[str], typer.Argument(help="person ids")],
    way: Annotated[str, typer.Option("--as", help="withdrawn or dead")],
    reason: Annotated[str, typer.Option(help="why; it stays in the register")],
    node: NodeDir = HERE,
    as_json: Json = False,
) -> None:
    """Take people off the roll who will not depart; names the groups whose passes must be issued again."""
    with opened(node) as here:
        made = leave_roll(here, people, way, reason)
    if isinstance(made, Refusal):
        refuse(made, as_json=as_json)
    lines = [f"{made.people:,} people {way}, {made.new:,} of them new", *map(_reissue_words, made.reissue)]
    tell(asdict(made), as_json=as_json, text="\n".join(lines))


def _reissue_words(group: Reissue) -> str:
    if not group.heads:
        return f"  {group.group}: nobody left; revoke its passes (safeconduct pass revoke)"
    return f"  {group.group}: {group.heads} left, its passes say more; revoke them (pass revoke), then issue new ones"


@app.command()
def depart(node: NodeDir = HERE, as_json: Json = False) -> None:
    """Record that all who passed a gate have departed."""
    with opened(node) as here:
        people = record_departure(here)
    tell({"departed": people}, as_json=as_json, text=f"{people:,} people departed")


@app.command()
def balance(node: NodeDir = HERE, as_json: Json = False) -> None:
    """Prove that roll = registered - departed - withdrawn - dead, by class; exit status 1 if it does not hold."""
    with opened(node) as here:
        made = balance_roll(here)
    lines = [{**asdict(line), "holds": line.holds} for line in made.classes]
    tell({**asdict(made), "classes": lines}, as_json=as_json, text=_balance_words(made))
    if not made.holds:
        raise typer.Exit(REFUSED)


def _balance_words(made: Balanced) -> str:
    head = f"{'class':<14} {'registered':>10} {'departed':>10} {'withdrawn':>10} {'dead':>6} {'on the roll':>12}"
    lines = [
        f"{x.person_class:<14} {x.registered:>10,} {x.departed:>10,} {x.withdrawn:>10,} {x.dead:>6,} {x.roll:>12,}"
        + ("" if x.holds else f"  does not hold: {x.expected:,} expected")
        for x in made.classes
    ]
    on_roll = sum(x.roll for x in made.classes)
    ages = f"on the roll: {made.children:,} children, {made.age_unknown:,} of unknown age"
    heads = "" if made.heads == on_roll else f"the groups count {made.heads:,} people, the roll {on_roll:,}\n"
    return "\n".join([head, *lines, ages, heads + ("the roll balances" if made.holds else "the roll does not balance")])


@app.command("hand-over")
def hand_over(
    to: Annotated[str, typer.Option(help="the office that takes the open cases over")],
    output: Annotated[Path, typer.Option(help="file to write")],
    node: NodeDir = HERE,
    as_json: Json = False,
) -> None:
    """Hand everybody still on the roll over to another office: counts and a digest, signed; it names nobody."""
    with opened(node) as here:
        file = hand_over_cases(here, to)
    write_file(output, file + b"\n")
    statement, _ = parse_hand_over(file)
    tell({**plain(statement), "file": str(output)}, as_json=as_json, text=f"{_hand_over_words(statement)}\n{output}")


@app.command("check-hand-over")
def check(
    file: Annotated[Path, typer.Argument(help="a hand-over file")], node: NodeDir = HERE, as_json: Json = False
) -> None:
    """Check a hand-over against this node's own roll and the giver's card; exit status 1 if anything differs."""
    with opened(node) as here:
        statement, found = check_hand_over(here, read_file(file))
    verdict = "\n".join(f"  {line}" for line in found) if found else "signature, counts and digest fit this roll"
    tell({**plain(statement), "complete": not found, "differences": list(found)}, as_json=as_json,
         text=f"{_hand_over_words(statement)}\n{verdict}")  # fmt: skip
    if found:
        raise typer.Exit(REFUSED)


def _hand_over_words(statement: HandOver) -> str:
    cases = statement.cases
    classes = ", ".join(f"{name} {count:,}" for name, count in cases.by_class) or "none"
    return (
        f"{statement.by} hands {cases.total:,} open cases over to {statement.to}, {statement.at}\n"
        f"  {classes}\n  digest {cases.digest}"
    )
