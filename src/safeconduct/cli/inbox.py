"""`safeconduct inbox`: warnings that came in, and answers to them."""

from dataclasses import asdict
from typing import Annotated

import typer

from safeconduct.alerts.answer import Acknowledgement, Action, Answer, Outcome, to_json
from safeconduct.cli.speak import HERE, Json, NodeDir, commands, opened, refuse, tell
from safeconduct.errors import Refusal
from safeconduct.workflows.answer_release import answer_release
from safeconduct.workflows.assign_release import assign_release
from safeconduct.workflows.ports import Node
from safeconduct.workflows.show_inbox import InboxItem, inbox_line, show_inbox

app = commands("Warnings that came in, those that need something first, and answers to them.")
ReleaseId = Annotated[str, typer.Argument(help="the warning")]


@app.command("list")
def list_(node: NodeDir = HERE, as_json: Json = False) -> None:
    """List the warnings that came in, those that need something first."""
    with opened(node) as here:
        view = show_inbox(here)
    text = "\n".join(inbox_line(item) for item in view.items)
    tell(asdict(view), as_json=as_json, text=text or "no warning has come in")


@app.command()
def show(release: ReleaseId, node: NodeDir = HERE, as_json: Json = False) -> None:
    """Show one warning, what it still needs, and what was answered."""
    with opened(node) as here:
        item = show_inbox(here, release).items[0]
    tell(asdict(item), as_json=as_json, text="\n".join(_lines(item)))


@app.command()
def answer(
    release: ReleaseId,
    stage: Annotated[str, typer.Argument(help="received, understood, accepted or declined")],
    reason: Annotated[str | None, typer.Option(help="needed when declined, or when an answer changes")] = None,
    corrects: Annotated[bool, typer.Option("--corrects", help="this replaces an earlier answer")] = False,
    version: Annotated[int | None, typer.Option(help="the version that was read (the newest by default)")] = None,
    node: NodeDir = HERE,
    as_json: Json = False,
) -> None:
    """Acknowledge a warning, under signature and for exactly the copy that is here; this is no approval."""
    with opened(node) as here:
        at = here.clock.now()
        said = Acknowledgement(release, stage, reason, here.party, at, signed=True, corrects=corrects, version=version)
        _answer(here, said, as_json=as_json)


@app.command()
def assign(
    release: ReleaseId,
    point: Annotated[str, typer.Argument(help="a control point that this party holds")],
    note: Annotated[str, typer.Option(help="in words")] = "",
    node: NodeDir = HERE,
    as_json: Json = False,
) -> None:
    """Give a warning to a control point: once accepted, its guards get the advice with the next bundle."""
    with opened(node) as here:
        made = assign_release(here, release, point, note)
    _told(made, as_json=as_json)


@app.command()
def did(
    release: ReleaseId,
    action: Annotated[str, typer.Argument(help="search, screening, closure, held-back, people-moved or other")],
    point: Annotated[str | None, typer.Option(help="at which control point")] = None,
    text: Annotated[str, typer.Option(help="in words")] = "",
    node: NodeDir = HERE,
    as_json: Json = False,
) -> None:
    """Report what was done on a warning."""
    with opened(node) as here:
        _answer(here, Action(release, action, here.party, here.clock.now(), point, text), as_json=as_json)


@app.command()
def outcome(
    release: ReleaseId,
    result: Annotated[str, typer.Argument(help="searched, found, thwarted, nothing or not-acted")],
    *,
    confidence: Annotated[str, typer.Option(help="thought, believed or confirmed")] = "thought",
    text: Annotated[str, typer.Option(help="in words, for the other room only")] = "",
    number: Annotated[int | None, typer.Option(help="a number, if one was given")] = None,
    hedge: Annotated[str | None, typer.Option(help="how it was hedged: 'may have', 'at least'")] = None,
    evidence: Annotated[str | None, typer.Option(help="what raised the confidence or gave the number")] = None,
    harm: Annotated[str | None, typer.Option(help="harm that acting on it caused, without names")] = None,
    harm_number: Annotated[int | None, typer.Option(help="how many were harmed, if somebody counted")] = None,
    node: NodeDir = HERE,
    as_json: Json = False,
) -> None:
    """Report what came of a warning; what is thought stays thought until evidence is named."""
    with opened(node) as here:
        at = here.clock.now()
        said = Outcome(
            release, result, here.party, "partner", confidence, number, hedge, text, at, evidence, harm, harm_number
        )
        _answer(here, said, as_json=as_json)


def _answer(here: Node, said: Answer, *, as_json: bool) -> None:
    _told(answer_release(here, to_json(said)), as_json=as_json)


def _told(made: int | Refusal, *, as_json: bool) -> None:
    if isinstance(made, Refusal):
        refuse(made, as_json=as_json)
    tell({"ledger_index": made}, as_json=as_json, text=f"logged as entry {made}")


def _lines(item: InboxItem) -> list[str]:
    sheet = item.sheet
    facts = [
        ("number", sheet.number), ("please do", "withdrawn" if sheet.revoked else sheet.advice),
        ("who", sheet.threatened), ("where", f"cell {sheet.area}, about {sheet.area_m} m across"),
        ("when", f"{sheet.window_from} to {sheet.window_to}, {sheet.left}"), ("how likely", sheet.likelihood or "–"),
        ("from", f"{sheet.party}, version {sheet.version}, {sheet.handling}"), ("needs", item.need or "nothing"),
        ("given to", ", ".join(item.points) or "no control point"),
    ]  # fmt: skip
    return [f"{name:<12} {value}" for name, value in facts] + [f"{at}  {line}" for at, line, _ in item.answers]
