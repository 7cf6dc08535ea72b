"""`safeconduct release`: derive, show, answer; `release_decide.py` has what needs two people and what follows."""

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from safeconduct.alerts.answer import Acknowledgement, Answer, Outcome, to_json
from safeconduct.cli.operator import AT_KEYBOARD, By, acting_as
from safeconduct.cli.speak import HERE, Json, NodeDir, commands, opened, read_file, refuse, tell
from safeconduct.errors import Refusal
from safeconduct.workflows.answer_release import answer_release, assessor_of
from safeconduct.workflows.common import partner_of, require_agreement
from safeconduct.workflows.ports import Node
from safeconduct.workflows.release_warning import release_warning
from safeconduct.workflows.show_release import show_release

app = commands("Warnings derived by policy for one partner, and what came of them.")
ReleaseId = Annotated[str, typer.Argument(help="the release")]
Purpose = Annotated[str, typer.Option(help="a purpose of the agreement")]


@app.command()
def derive(
    report: Annotated[str, typer.Argument(help="id of a stored report")],
    purpose: Purpose,
    policy: Annotated[Path | None, typer.Option(help="a policy file to keep and use (the kept one by default)")] = None,
    by: By = AT_KEYBOARD,
    node: NodeDir = HERE,
    as_json: Json = False,
) -> None:
    """Derive a release from a report by the kept policy and send it."""
    given = None if policy is None else read_file(policy)
    with opened(node) as here:
        made = release_warning(here, report, given, purpose=purpose, by=acting_as(here, by))
    if isinstance(made, Refusal):
        refuse(made, as_json=as_json)
    held = [f"  withheld {w.field}: {w.rule}" for w in made.derivation.withheld]
    tell({"release": made.release_id, "withheld": [w.field for w in made.derivation.withheld]}, as_json=as_json,
         text="\n".join([f"release {made.release_id} is on its way", *held]))  # fmt: skip


@app.command()
def show(release: ReleaseId, node: NodeDir = HERE, as_json: Json = False) -> None:
    """Show a sent release beside its report, how early it was, and what came back, by who says so."""
    with opened(node) as here:
        view = show_release(here, release)
    lines = [f"{f.name:<18} {f.ours}\n{'':<18} → {f.theirs or '—'}  ({f.rule})" for f in view.fields]
    lines += [view.lead, *(f"{when} {what}" for when, _, what in view.answers)]
    lines += [f"assessment, {one.whose}: {line}" for one in view.assessments for line in one.lines]
    tell(asdict(view), as_json=as_json, text="\n".join(lines))


@app.command()
def acknowledge(
    release: ReleaseId,
    stage: Annotated[str, typer.Argument(help="received, understood, accepted or declined")],
    reason: Annotated[str | None, typer.Option(help="needed when declined")] = None,
    reported: Annotated[bool, typer.Option(help="the partner said so by telephone or on paper")] = False,
    node: NodeDir = HERE,
    as_json: Json = False,
) -> None:
    """Acknowledge a release that was received; this is no approval. With --reported: what the partner said of ours."""
    with opened(node) as here:
        by = here.party
        if reported:
            with here.store.reading() as tx:
                by = partner_of(here, require_agreement(tx))
        answer = Acknowledgement(release, stage, reason, by, here.clock.now(), signed=not reported, corrects=False)
        _answer(here, answer, as_json=as_json)


@app.command()
def outcome(
    release: ReleaseId,
    result: Annotated[str, typer.Argument(help="searched, found, thwarted, nothing or not-acted")],
    *,
    confidence: Annotated[str, typer.Option(help="thought, believed or confirmed")] = "thought",
    text: Annotated[str, typer.Option(help="in words")] = "",
    office: Annotated[str | None, typer.Option(help="the office whose assessment it is, not ours")] = None,
    unnamed: Annotated[str | None, typer.Option(help="who says it, where nobody is named: 'two officials'")] = None,
    number: Annotated[int | None, typer.Option(help="a number, if one was given")] = None,
    hedge: Annotated[str | None, typer.Option(help="how it was hedged: 'may have', 'at least'")] = None,
    evidence: Annotated[str | None, typer.Option(help="what raised the confidence or gave the number")] = None,
    node: NodeDir = HERE,
    as_json: Json = False,
) -> None:
    """Say what came of a release; only the word of who received it is sent, all else stays here, beside it."""
    with opened(node) as here:
        who, kind = assessor_of(here, release, office=office, unnamed=unnamed)
        answer = Outcome(release, result, who, kind, confidence, number, hedge, text, here.clock.now(), evidence)
        _answer(here, answer, as_json=as_json)


def _answer(here: Node, answer: Answer, *, as_json: bool) -> None:
    made = answer_release(here, to_json(answer))
    if isinstance(made, Refusal):
        refuse(made, as_json=as_json)
    tell({"ledger_index": made}, as_json=as_json, text=f"logged as entry {made}")
