"""`safeconduct release link|read-out|sheet|heard`: a partner that installs nothing."""

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from safeconduct.alerts.answer import Outcome
from safeconduct.cli.speak import HERE, Json, NodeDir, opened, refuse, tell, write_file
from safeconduct.config import load_config
from safeconduct.errors import BadInput, Refusal
from safeconduct.web.pages.render import Page
from safeconduct.web.pages.sheet_pdf import sheet_pdf
from safeconduct.workflows.make_link import links_of, make_link, revoke_link
from safeconduct.workflows.read_out import other_ways
from safeconduct.workflows.record_heard import Heard, copy_named, hear_acknowledgement, hear_outcome

ReleaseId = Annotated[str, typer.Argument(help="the release")]
OFFICE = "duty officer"


def link(
    release: ReleaseId,
    hours: Annotated[int, typer.Option(help="how long it works, 1 to 72")] = 12,
    by: Annotated[str, typer.Option(help="the office that makes it")] = OFFICE,
    revoke: Annotated[str | None, typer.Option(help="instead: close the link with this id")] = None,
    show: Annotated[bool, typer.Option("--list", help="instead: list the links to this release")] = False,
    node: NodeDir = HERE,
    as_json: Json = False,
) -> None:
    """Make a link that shows exactly this release to one phone and lets it answer; the address is told this once."""
    config = load_config(node)
    with opened(node) as here:
        if revoke is not None:
            closed = revoke_link(here, revoke, by)
            if closed is not None:
                refuse(closed, as_json=as_json)
            tell({"revoked": revoke}, as_json=as_json, text="the link is closed")
            return
        if show:
            with here.store.reading() as tx:
                found = links_of(tx, here.clock.now(), release)
            text = "\n".join(f"{one.state:<8} until {one.until}, made {one.made_at} by {one.made_by}  {one.id}"
                             for one in found)  # fmt: skip
            tell({"links": [asdict(one) for one in found]}, as_json=as_json, text=text or "no link was made")
            return
        made = make_link(here, release, hours, by)
    if isinstance(made, Refusal):
        refuse(made, as_json=as_json)
    base = config.public_url or f"http://{config.host}:{config.port}"
    address = f"{base.rstrip('/')}/l/{made.token}"
    tell({"link": address, "id": made.link.id, "until": made.link.until}, as_json=as_json,
         text=f"{address}\nworks until {made.link.until}; close it with --revoke {made.link.id}")  # fmt: skip


def read_out(release: ReleaseId, node: NodeDir = HERE, as_json: Json = False) -> None:
    """Print a release as sentences to be spoken on a radio or telephone, with the number to quote back."""
    with opened(node) as here:
        view = other_ways(here, release)
    tell({"number": view.sheet.number, "sentences": list(view.sentences)}, as_json=as_json,
         text="\n".join(view.sentences))  # fmt: skip


def sheet(
    release: ReleaseId,
    out: Annotated[Path, typer.Argument(help="the PDF to write")],
    node: NodeDir = HERE,
    as_json: Json = False,
) -> None:
    """Write a release as one printed A4 sheet with boxes to tick and the number to quote back."""
    with opened(node) as here:
        view = other_ways(here, release)
        made = sheet_pdf(view.sheet, Page(exercise=here.exercise, party_name=here.name))
    write_file(out, made)
    tell({"number": view.sheet.number, "file": str(out)}, as_json=as_json, text=f"{out}: number {view.sheet.number}")


def heard(
    number: Annotated[str, typer.Argument(help="the number that they quoted, or the release's id")],
    channel: Annotated[str, typer.Option(help="telephone, radio, paper or in-person")],
    *,
    stage: Annotated[str | None, typer.Option(help="received, understood, accepted or declined")] = None,
    reason: Annotated[str | None, typer.Option(help="needed when declined, or when their answer changes")] = None,
    result: Annotated[str | None, typer.Option(help="searched, found, thwarted, nothing or not-acted")] = None,
    confidence: Annotated[str, typer.Option(help="thought, believed or confirmed")] = "thought",
    text: Annotated[str, typer.Option(help="in their words")] = "",
    harm: Annotated[str | None, typer.Option(help="harm that they speak of, without names")] = None,
    by: Annotated[str, typer.Option(help="the office that took it")] = OFFICE,
    node: NodeDir = HERE,
    as_json: Json = False,
) -> None:
    """Record what the partner said by another channel: as reported by our liaison, never as signed."""
    if (stage is None) == (result is None):
        raise BadInput("missing-field", where="heard", expected="--stage or --result", seen=stage and "both")
    with opened(node) as here:
        copy = copy_named(here, number)
        how = Heard(copy.release.id, copy.release.version, channel, by)
        if stage is not None:
            made = hear_acknowledgement(here, how, stage, reason)
        else:
            given = Outcome(how.release_id, result or "", "", "partner", confidence, None, None, text, 0, None, harm)
            made = hear_outcome(here, how, given)
    if isinstance(made, Refusal):
        refuse(made, as_json=as_json)
    tell({"ledger_index": made, "release": how.release_id}, as_json=as_json,
         text=f"logged as entry {made}: reported by our liaison, unsigned")  # fmt: skip
