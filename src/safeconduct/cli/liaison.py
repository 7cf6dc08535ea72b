"""`safeconduct liaison`: meetings, notices, the hand-over of a site, recalls, judgements, private notes."""

from collections.abc import Iterable
from dataclasses import asdict
from typing import Annotated, Any

import typer

from safeconduct.agreements.fields import moment
from safeconduct.cli.speak import HERE, Json, NodeDir, commands, opened, refuse, tell
from safeconduct.errors import BadInput, Refusal
from safeconduct.workflows.hand_over_site import hand_over_zone, plan_zone, receive_zone
from safeconduct.workflows.hold_meeting import MeetingTerms, hold_meeting
from safeconduct.workflows.judge_partner import judge_partner
from safeconduct.workflows.liaison_view import LiaisonView, MeetingView
from safeconduct.workflows.private_notes import write_note
from safeconduct.workflows.recall_shares import answer_recall, recall_shares, report_recall
from safeconduct.workflows.serve_notice import acknowledge_notice, serve_notice
from safeconduct.workflows.show_liaison import show_liaison

app = commands("The relation to the other party: meetings, channels, notices, hand-over, recall, judgements.")
Source = Annotated[str, typer.Option(help="who or what says so, by office")]
Purpose = Annotated[str, typer.Option(help="a common purpose of the agreement, by its id")]
At = Annotated[str | None, typer.Option(help="when it was, 2021-08-31T19:29:00Z (now by default)")]
Site = Annotated[str, typer.Argument(help="the site")]
Zone = Annotated[str, typer.Argument(help="its zone")]
Item = Annotated[str, typer.Argument(help="the recalled item, see `liaison show`")]
Says = Annotated[str, typer.Argument(help="deleted, or kept")]
Reason = Annotated[str, typer.Option(help="why it is kept")]


@app.command()
def show(node: NodeDir = HERE, as_json: Json = False) -> None:
    """Show what waits for somebody, then channels, meetings, notices, commitments, zones and recalls."""
    with opened(node) as here:
        view = show_liaison(here)
    tell(asdict(view), as_json=as_json, text="\n".join(_lines(view)))


@app.command()
def meeting(  # noqa: PLR0917  (one option for each thing that is recorded of a meeting)
    place: Annotated[str, typer.Option(help="where")],
    office: Annotated[list[str], typer.Option(help="who took part, by office; repeat it")],
    subject: Annotated[list[str], typer.Option(help="what about, within the scope; repeat it")],
    purpose: Purpose,
    source: Source,
    mode: Annotated[str, typer.Option(help="in-person, telephone, video or message")] = "in-person",
    level: Annotated[str, typer.Option(help="at what level")] = "liaison officers",
    confidential: Annotated[bool, typer.Option("--confidential", help="it is confidential")] = False,
    undertaken: Annotated[list[str] | None, typer.Option(help="PARTY=what it undertook; repeat it")] = None,
    due: Annotated[str | None, typer.Option(help="until when that is due")] = None,
    follow_up: Annotated[str | None, typer.Option(help="what follows")] = None,
    at: At = None,
    node: NodeDir = HERE,
    as_json: Json = False,
) -> None:
    """Record a meeting under the agreement; a subject that is not in scope is refused and logged."""
    until = moment(due, where="--due") if due else None
    terms = MeetingTerms(
        place, mode, level, tuple(office), tuple(subject), confidential=confidential, follow_up=follow_up,
        undertakings=tuple((*_pair(one), until) for one in undertaken or ()),
    )  # fmt: skip
    with opened(node) as here:
        made = hold_meeting(here, terms, purpose=purpose, source=source, at=_when(at))
    _told(made, as_json=as_json)


@app.command()
def notice(
    text: Annotated[str, typer.Argument(help="the notice, in words")],
    condition: Annotated[str | None, typer.Option(help="the condition that it carries")] = None,
    cites: Annotated[list[str] | None, typer.Option(help="id of an earlier notice; repeat it")] = None,
    node: NodeDir = HERE,
    as_json: Json = False,
) -> None:
    """Serve a formal notice on the other party, in whatever state the agreement is."""
    with opened(node) as here:
        made = serve_notice(here, text, condition=condition, cites=tuple(cites or ()))
    _told(made, as_json=as_json)


@app.command()
def acknowledge(
    notice: Annotated[str, typer.Argument(help="id of the notice")],
    text: Annotated[str, typer.Option(help="a remark")] = "",
    node: NodeDir = HERE,
    as_json: Json = False,
) -> None:
    """Acknowledge that a notice was read, which is no consent."""
    with opened(node) as here:
        made = acknowledge_notice(here, notice, text)
    _told(made, as_json=as_json)


@app.command("plan-zone")
def plan(
    site: Site, zone: Zone, due: Annotated[str, typer.Option(help="when, 2021-08-31T19:29:00Z")], purpose: Purpose,
    node: NodeDir = HERE, as_json: Json = False,
) -> None:  # fmt: skip
    """Tell the other party when a zone of a site will be handed over."""
    with opened(node) as here:
        made = plan_zone(here, site, zone, due=moment(due, where="--due"), purpose=purpose)
    _told(made, as_json=as_json)


@app.command("hand-over-zone")
def hand_over(
    site: Site, zone: Zone, state: Annotated[str, typer.Option(help="its state, in words")], purpose: Purpose,
    node: NodeDir = HERE, as_json: Json = False,
) -> None:  # fmt: skip
    """Hand a zone of a site over in a stated state; it stays open until the receipt comes."""
    with opened(node) as here:
        made = hand_over_zone(here, site, zone, state=state, purpose=purpose)
    _told(made, as_json=as_json)


@app.command("receive-zone")
def receive(
    site: Site, zone: Zone,
    differs: Annotated[str, typer.Option(help="what is not as stated; empty: all is")] = "",
    node: NodeDir = HERE, as_json: Json = False,
) -> None:  # fmt: skip
    """Sign the receipt for a zone that the other party handed over."""
    with opened(node) as here:
        made = receive_zone(here, site, zone, as_stated=not differs, text=differs)
    _told(made, as_json=as_json)


@app.command()
def recall(
    why: Annotated[str, typer.Argument(help="why; the other party reads it")], node: NodeDir = HERE,
    as_json: Json = False,
) -> None:  # fmt: skip
    """Ask the other party to delete all that was shared, or to say why it keeps it."""
    with opened(node) as here:
        made = recall_shares(here, why)
    _told(made, as_json=as_json)


@app.command("answer-recall")
def answer(item: Item, says: Says, reason: Reason = "", node: NodeDir = HERE, as_json: Json = False) -> None:
    """Answer the other party's recall of one item."""
    with opened(node) as here:
        made = answer_recall(here, item, says, reason)
    _told(made, as_json=as_json)


@app.command("report-recall")
def report(
    item: Item, says: Says, source: Source, reason: Reason = "", node: NodeDir = HERE, as_json: Json = False
) -> None:
    """Record what a party without a node says of a recalled item: reported by our liaison, unsigned."""
    with opened(node) as here:
        made = report_recall(here, item, says, reason or None, source)
    _told(made, as_json=as_json)


@app.command()
def judge(
    grade: Annotated[str, typer.Argument(help="poor, mixed, fair or good")],
    evidence: Annotated[str, typer.Option(help="what shows it; `entry 12` must be in the ledger")],
    source: Source,
    reservation: Annotated[str | None, typer.Option(help="a reservation")] = None,
    at: At = None,
    node: NodeDir = HERE,
    as_json: Json = False,
) -> None:
    """Judge how the other party did, with evidence; the judgement stays on this node."""
    with opened(node) as here:
        made = judge_partner(here, grade, evidence=evidence, reservation=reservation, source=source, at=_when(at))
    _told(made, as_json=as_json)


@app.command()
def note(
    text: Annotated[str, typer.Argument(help="the note")], source: Source, node: NodeDir = HERE, as_json: Json = False
) -> None:
    """Keep a private note; it never leaves this node and no rule reads it."""
    with opened(node) as here:
        made = write_note(here, text, source=source)
    _told(made, as_json=as_json)


def _told(made: Any, *, as_json: bool) -> None:
    if isinstance(made, Refusal):
        refuse(made, as_json=as_json)
    result = {"ledger_index": made} if isinstance(made, int) else asdict(made)
    if result["ledger_index"] is None:
        tell(result, as_json=as_json, text="nothing was shared that has not been recalled before")
        return
    named = f"{result['id']}, " if "id" in result else f"{result['items']} items, " if "items" in result else ""
    tell(result, as_json=as_json, text=f"{named}logged as entry {result['ledger_index']}")


def _lines(view: LiaisonView) -> Iterable[str]:
    yield f"{view.title or 'no agreement'} ({view.state})" + (f", with {view.partner_name}" if view.partner else "")
    yield from (f"  to do: {one}" for _, one in view.needs)
    yield f"days without contact: {len(view.silent_days)} of {len(view.days)}"
    yield "channels"
    for c in view.channels:
        heard = f"answered {c.answered}" if c.answered else "never answered"
        yield f"  {c.id} ({c.party}, {c.kind}): {heard}{', SILENT' if c.silent else ''}"
    yield "meetings"
    for m in view.meetings:
        yield from _meeting_lines(m)
    yield "notices"
    for n in view.notices:
        state = f"acknowledged {n.acknowledged}" if n.acknowledged else "delivered" if n.delivered else "on its way"
        yield f"  {n.at} by {n.by}: {n.text} [{n.id}; {state}]"
    yield "commitments; only what is agreed opens anything"
    for o in view.commitments:
        yield f"  {o.grade}: {o.who}: {o.text}" + (f" (on condition: {o.condition})" if o.condition else "")
    yield "performance"
    for p in view.performance:
        yield f"  {p.grade}{f', but {p.reservation}' if p.reservation else ''} [{p.evidence}; {p.source}]"
    yield "zones"
    yield from (f"  {z.site}, {z.zone}: {z.state}{f' ({z.remark})' if z.remark else ''}" for z in view.zones)
    yield "recalled"
    yield from (f"  {r.recalled.item.id}: {r.recalled.item.what}: {r.state}" for r in view.recalled)
    yield "recalled by the other party"
    yield from (f"  {r.recalled.item.id}: {r.recalled.item.what}: {r.state}" for r in view.asked_of_us)
    yield "named to the other party"
    yield from (f"  list {n.list}: {n.people} people, {len(n.left_behind)} not out" for n in view.named)


def _meeting_lines(one: MeetingView) -> Iterable[str]:
    fields = one.line.fields
    outside = "" if one.permits else " (outside the agreement)"
    secret = ", confidential" if fields["confidential"] == "yes" else ""
    yield f"  {one.line.at} {fields['place']}, {fields['mode']}{secret}{outside} [{one.line.id}]"
    for u in one.undertakings:
        yield f"    {u.line.fields['by']} undertook: {u.line.fields['text']} ({u.state}{', late' if u.late else ''})"
    yield from (f"    became public {d.at}: {d.fields['by']}, {d.fields['where']}" for d in one.disclosed)


def _when(text: str | None) -> int | None:
    return moment(text, where="--at") if text is not None else None


def _pair(text: str) -> tuple[str, str]:
    party, equals, what = text.partition("=")
    if not equals:
        raise BadInput("bad-field", where="--undertaken", expected="PARTY=what it undertook", seen=text)
    return party, what
