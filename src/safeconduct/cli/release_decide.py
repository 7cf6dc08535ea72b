"""`safeconduct release`: look before sending, let two people decide, correct, withdraw, list what was shared."""

from dataclasses import asdict
from typing import Annotated, cast

import typer

from safeconduct.cli.operator import AT_KEYBOARD, By, acting_as
from safeconduct.cli.release import Purpose, ReleaseId
from safeconduct.cli.speak import HERE, Json, NodeDir, opened, refuse, tell
from safeconduct.errors import BadInput, Refusal
from safeconduct.operators.approval import Request
from safeconduct.workflows.approve_release import ask_override, confirm_override, decline_override
from safeconduct.workflows.correct_release import correct_release
from safeconduct.workflows.decide_duty_to_warn import Decision, decide_duty_to_warn
from safeconduct.workflows.draft_release import draft_release
from safeconduct.workflows.list_shares import list_shares
from safeconduct.workflows.show_desk import all_requests, show_desk
from safeconduct.workflows.show_versions import show_versions
from safeconduct.workflows.withdraw_release import withdraw_release

ReportId = Annotated[str, typer.Argument(help="id of a stored report")]
RequestId = Annotated[str, typer.Argument(help="id of the request")]
Reason = Annotated[str, typer.Option(help="why; kept sealed here, it does not cross")]
Corrects = Annotated[str, typer.Option(help="the release that this corrects, if it corrects one")]


def register(app: typer.Typer) -> None:
    """Add the commands to the group `release`."""
    for command in (draft, ask, requests, confirm, decline, correct, withdraw, unanswered, versions):
        app.command()(command)
    app.command("duty-to-warn")(duty)
    app.command("list")(list_)


def draft(
    report: ReportId, purpose: Purpose = "", corrects: Corrects = "", node: NodeDir = HERE, as_json: Json = False
) -> None:
    """Show what the partner would get of a report, what is withheld, what stands against it; sends nothing."""
    with opened(node) as here:
        view = draft_release(here, report, purpose=purpose, corrects=corrects)
    lines = [f"to {view.partner}, for {view.purpose}: {view.lead}"]
    lines += [f"against it: {line}" for line in view.against]
    lines += [f"  {name:<16} {text}" for name, text in view.theirs]
    lines += [f"withheld {f.name}: {f.rule}" for f in view.fields if f.theirs is None]
    lines += [f"could infer, {name}: {text}" for name, text in view.inference]
    lines += [view.next_step] if view.next_step else []
    tell(asdict(view), as_json=as_json, text="\n".join(lines))


def ask(
    report: ReportId,
    purpose: Purpose,
    reason: Reason,
    corrects: Corrects = "",
    by: By = AT_KEYBOARD,
    node: NodeDir = HERE,
    as_json: Json = False,
) -> None:
    """Ask for the second person that a release against a rule needs."""
    with opened(node) as here:
        made = ask_override(here, report, purpose=purpose, reason=reason, by=acting_as(here, by), corrects=corrects)
    _asked(made, as_json=as_json)


def duty(
    report: ReportId,
    decision: Annotated[str, typer.Argument(help="warn, or do-not-warn")],
    purpose: Purpose,
    reason: Reason,
    corrects: Corrects = "",
    by: By = AT_KEYBOARD,
    node: NodeDir = HERE,
    as_json: Json = False,
) -> None:
    """Record a duty-to-warn decision by a named office; "warn" asks for the second person."""
    if decision not in ("warn", "do-not-warn"):
        raise BadInput("bad-choice", where="decision", expected="warn or do-not-warn", seen=decision)
    with opened(node) as here:
        made = decide_duty_to_warn(
            here, report, cast("Decision", decision), purpose=purpose, reason=reason, by=acting_as(here, by),
            corrects=corrects,
        )  # fmt: skip
    if isinstance(made, int):
        tell({"ledger_index": made}, as_json=as_json, text=f"the decision not to warn is logged as entry {made}")
    else:
        _asked(made, as_json=as_json)


def requests(node: NodeDir = HERE, as_json: Json = False) -> None:
    """List what waits for a second person, and what became of earlier requests."""
    with opened(node) as here:
        found = all_requests(here)
    lines = [f"{one.id}  {one.state}  asked by {one.by}: {'; '.join(one.rules)}" for one in found]
    text = "\n".join(lines) or "nothing was asked for"
    tell({"requests": [asdict(one) for one in found]}, as_json=as_json, text=text)


def confirm(
    request: RequestId,
    why: Annotated[str, typer.Option(help="your own reason")] = "",
    by: By = AT_KEYBOARD,
    node: NodeDir = HERE,
    as_json: Json = False,
) -> None:
    """Confirm as the second person; what was asked for is sent."""
    with opened(node) as here:
        made = confirm_override(here, request, by=acting_as(here, by), why=why)
    if isinstance(made, Refusal):
        refuse(made, as_json=as_json)
    tell({"release": made.release_id}, as_json=as_json, text=f"release {made.release_id} is on its way")


def decline(
    request: RequestId, reason: Reason, by: By = AT_KEYBOARD, node: NodeDir = HERE, as_json: Json = False
) -> None:
    """Decline as the second person; nothing is sent."""
    with opened(node) as here:
        made = decline_override(here, request, by=acting_as(here, by), why=reason)
    if isinstance(made, Refusal):
        refuse(made, as_json=as_json)
    tell({"request": made.id, "state": made.verdict}, as_json=as_json, text="declined; nothing was sent")


def correct(
    release: ReleaseId,
    report: ReportId,
    purpose: Purpose,
    reason: Reason,
    by: By = AT_KEYBOARD,
    node: NodeDir = HERE,
    as_json: Json = False,
) -> None:
    """Send a new version of a release, derived from a corrected report; the partner has to acknowledge it anew."""
    with opened(node) as here:
        made = correct_release(here, release, report, purpose=purpose, reason=reason, by=acting_as(here, by))
    if isinstance(made, Refusal):
        refuse(made, as_json=as_json)
    version = made.derivation.release.version
    tell({"release": made.release_id, "version": version}, as_json=as_json, text=f"version {version} is on its way")


def withdraw(
    release: ReleaseId, reason: Reason, by: By = AT_KEYBOARD, node: NodeDir = HERE, as_json: Json = False
) -> None:
    """Take a release back; the partner has to acknowledge the withdrawal."""
    with opened(node) as here:
        made = withdraw_release(here, release, reason=reason, by=acting_as(here, by))
    if isinstance(made, Refusal):
        refuse(made, as_json=as_json)
    tell(
        {"release": release, "ledger_index": made}, as_json=as_json, text=f"the withdrawal is on its way, entry {made}"
    )


def unanswered(node: NodeDir = HERE, as_json: Json = False) -> None:
    """List what waits for the partner: corrections and withdrawals first, then silence, then missing outcomes."""
    with opened(node) as here:
        view = show_desk(here)
    found = (*view.must, *view.waiting)
    lines = [f"{one.id}  {one.words}, for {one.minutes} min" for one in found]
    text = "\n".join(lines) or "nothing waits for the partner"
    tell({"unanswered": [asdict(one) for one in found]}, as_json=as_json, text=text)


def list_(
    since: Annotated[str | None, typer.Option(help="only from this day on, YYYY-MM-DD")] = None,
    to: Annotated[str | None, typer.Option(help="only what went to this party")] = None,
    node: NodeDir = HERE,
    as_json: Json = False,
) -> None:
    """List what was shared since a day, version by version, with its acknowledgement."""
    with opened(node) as here, here.store.reading() as tx:
        found = list_shares(here, tx, since=since, to=to)
    lines = []
    for one in found:
        answer = f"acknowledged after {one.minutes} min" if one.acknowledged_at else "not acknowledged"
        unsigned = ", as our liaison reports, unsigned" if one.unsigned else ""
        lines.append(f"{one.at}  to {one.to}  {one.kind} {one.release} version {one.version}: {answer}{unsigned}")
    tell({"shares": [asdict(one) for one in found]}, as_json=as_json, text="\n".join(lines) or "nothing was shared")


def versions(release: ReleaseId, node: NodeDir = HERE, as_json: Json = False) -> None:
    """Show every version of a release and what each changed."""
    with opened(node) as here:
        found = show_versions(here, release)
    lines = []
    for one in found:
        lines.append(f"version {one.version}, {one.kind}, {one.at}, by {one.by or 'not recorded'}: {one.reason or '–'}")
        lines += [f"  {name}: {before} → {after}" for name, before, after in one.changes]
    tell({"versions": [asdict(one) for one in found]}, as_json=as_json, text="\n".join(lines))


def _asked(made: Request | Refusal, *, as_json: bool) -> None:
    if isinstance(made, Refusal):
        refuse(made, as_json=as_json)
    result = {"request": made.id, "rules": list(made.rules), "expires": made.expires}
    tell(result, as_json=as_json, text=f"request {made.id} waits for a second person: {', '.join(made.rules)}")
