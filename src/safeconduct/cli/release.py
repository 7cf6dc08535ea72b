"""`safeconduct release`: derive, show, answer."""

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from safeconduct.alerts.answer import Acknowledgement, Answer, Outcome, to_json
from safeconduct.cli.speak import HERE, Json, NodeDir, opened, read_file, refuse, tell
from safeconduct.errors import Refusal
from safeconduct.workflows.answer_release import answer_release
from safeconduct.workflows.ports import Node
from safeconduct.workflows.release_warning import release_warning
from safeconduct.workflows.show_release import show_release

app = typer.Typer(help="Warnings derived by policy for one partner, and what came of them.", no_args_is_help=True)
ReleaseId = Annotated[str, typer.Argument(help="the release")]


@app.command()
def derive(
    report: Annotated[str, typer.Argument(help="id of a stored report")],
    policy: Annotated[Path, typer.Option(help="the policy, a JSON file")],
    purpose: Annotated[str, typer.Option(help="a purpose of the agreement")],
    node: NodeDir = HERE,
    as_json: Json = False,
) -> None:
    """Derive a release from a report by a policy and send it."""
    with opened(node) as here:
        made = release_warning(here, report, read_file(policy), purpose=purpose)
    if isinstance(made, Refusal):
        refuse(made, as_json=as_json)
    held = [f"  withheld {w.field}: {w.rule}" for w in made.derivation.withheld]
    tell({"release": made.release_id, "withheld": [w.field for w in made.derivation.withheld]}, as_json=as_json,
         text="\n".join([f"release {made.release_id} is on its way", *held]))  # fmt: skip


@app.command()
def show(release: ReleaseId, node: NodeDir = HERE, as_json: Json = False) -> None:
    """Show a sent release beside its report, and what came back."""
    with opened(node) as here:
        view = show_release(here, release)
    lines = [f"{f.name:<18} {f.ours}\n{'':<18} → {f.theirs or '—'}  ({f.rule})" for f in view.fields]
    lines += [f"{when} {what}" for when, _, what in view.answers]
    tell(asdict(view), as_json=as_json, text="\n".join(lines))


@app.command()
def acknowledge(
    release: ReleaseId,
    stage: Annotated[str, typer.Argument(help="received, understood, accepted or declined")],
    reason: Annotated[str | None, typer.Option(help="needed when declined")] = None,
    node: NodeDir = HERE,
    as_json: Json = False,
) -> None:
    """Acknowledge a release that was received; this is no approval."""
    with opened(node) as here:
        answer = Acknowledgement(release, stage, reason, here.party, here.clock.now(), signed=True, corrects=False)
        _answer(here, answer, as_json=as_json)


@app.command()
def outcome(
    release: ReleaseId,
    result: Annotated[str, typer.Argument(help="searched, found, thwarted, nothing or not-acted")],
    confidence: Annotated[str, typer.Option(help="thought, believed or confirmed")] = "thought",
    text: Annotated[str, typer.Option(help="in words")] = "",
    node: NodeDir = HERE,
    as_json: Json = False,
) -> None:
    """Say what came of a release that was received."""
    with opened(node) as here:
        answer = Outcome(release, result, here.party, "partner", confidence, None, None, text, here.clock.now(), None)
        _answer(here, answer, as_json=as_json)


def _answer(here: Node, answer: Answer, *, as_json: bool) -> None:
    made = answer_release(here, to_json(answer))
    if isinstance(made, Refusal):
        refuse(made, as_json=as_json)
    tell({"ledger_index": made}, as_json=as_json, text=f"logged as entry {made} and on its way")
