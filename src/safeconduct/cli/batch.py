"""`safeconduct batch`: batch keys with their limits; rotate, withdraw, and share gates with an ally."""

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from safeconduct.agreements.fields import iso, moment
from safeconduct.cli.operator import AT_KEYBOARD, By, acting_as
from safeconduct.cli.speak import HERE, Json, NodeDir, commands, opened, read_file, refuse, tell, write_file
from safeconduct.errors import BadInput, Refusal
from safeconduct.workflows.admit_batch import admit_batches, offer_batches
from safeconduct.workflows.batch_limits import DAY, Limits
from safeconduct.workflows.ports import Node
from safeconduct.workflows.publish_bundle import publish_bundle
from safeconduct.workflows.rotate_batch import rotate_batch
from safeconduct.workflows.show_batches import BatchView, show_batches
from safeconduct.workflows.withdraw_batch import withdraw_batch

app = commands("Batch keys: what each may sign, the next one, early withdrawal, batches of allies.")
Capacity = Annotated[int, typer.Option(help="passes that the batch may have")]
Points = Annotated[list[str] | None, typer.Option("--point", help="a control point; repeat it; all by default")]
Days = Annotated[
    int | None, typer.Option(help="days from now that its passes may lie in; as long as the agreement by default")
]  # fmt: skip
Spoken = Annotated[bool, typer.Option("--spoken", help="a batch of spoken passes")]


def limits_of(node: Node, capacity: int, points: list[str] | None, days: int | None, *, spoken: bool) -> Limits:
    """Return the limits that the options say.

    Raises:
        BadInput: `bad-option`, for no days or too many.
    """
    if days is not None and not 1 <= days <= 366:
        raise BadInput("bad-option", where="--days", expected="1 to 366", seen=days)
    start = moment(iso(node.clock.now())[:10] + "T00:00:00Z", where="today")
    first = None if days is None else start
    last = None if days is None else start + days * DAY
    return Limits(capacity=capacity, points=tuple(points or ()), not_before=first, not_after=last, spoken=spoken)


@app.command("list")
def list_(node: NodeDir = HERE, as_json: Json = False) -> None:
    """List batches with their limits and use, and say what is to be done."""
    with opened(node) as here:
        view = show_batches(here)
    lines = [f"to do: {one}" for one in view.advice] + [_line(one) for one in view.batches]
    tell(asdict(view), as_json=as_json, text="\n".join(lines) or "no batch yet; the first passes make one")


def _line(one: BatchView) -> str:
    used = f"{one.used:,} of {one.used + one.room:,} used" if one.used >= 0 else f"of {one.party}"
    why = f" ({one.stop.reason})" if one.stop else ""
    spoken = " spoken" if one.spoken else ""
    what = f"{one.number or '-':>3} {one.identity[:16]} {one.state}{why}{spoken}: {used}"
    return f"{what}; {', '.join(one.points)}; {iso(one.not_before)} to {iso(one.not_after)}"


@app.command()
def rotate(
    capacity: Capacity = 4_096,
    points: Points = None,
    days: Days = None,
    spoken: Spoken = False,
    reason: Annotated[str, typer.Option(help="why, for the record")] = "rotation",
    by: By = AT_KEYBOARD,
    node: NodeDir = HERE,
    as_json: Json = False,
) -> None:
    """Make the next batch, and publish the bundle that knows it; older keys for these points sign no more."""
    with opened(node) as here:
        limits = limits_of(here, capacity, points, days, spoken=spoken)
        made = rotate_batch(here, limits, reason=reason, by=acting_as(here, by))
        if isinstance(made, Refusal):
            refuse(made, as_json=as_json)
        seq = publish_bundle(here)
    tell({"batch": made.hex(), "bundle": seq}, as_json=as_json, text=f"batch {made.hex()[:16]} signs; bundle {seq}")


@app.command()
def withdraw(
    batch: Annotated[str, typer.Argument(help="number, or the beginning of its identity")],
    reason: Annotated[str, typer.Option(help="why, for the record")],
    by: By = AT_KEYBOARD,
    node: NodeDir = HERE,
    as_json: Json = False,
) -> None:
    """Void every pass of a batch, and publish the bundle that says so; issue its groups new passes afterwards."""
    with opened(node) as here:
        made = withdraw_batch(here, batch, reason=reason, by=acting_as(here, by))
        if isinstance(made, Refusal):
            refuse(made, as_json=as_json)
        seq = publish_bundle(here)
    tell({"withdrawn": made.hex(), "bundle": seq}, as_json=as_json,
         text=f"batch {made.hex()[:16]} is void from bundle {seq} on; issue its groups new passes")  # fmt: skip


@app.command()
def offer(
    out: Annotated[Path, typer.Argument(help="file to write, for the ally whose gates are used")],
    node: NodeDir = HERE,
    as_json: Json = False,
) -> None:
    """Write this party's batches and revocations to a file, for an ally to admit at its gates."""
    with opened(node) as here:
        data = offer_batches(here)
    write_file(out, data)
    tell({"file": str(out), "bytes": len(data)}, as_json=as_json, text=f"{out}: {len(data):,} bytes; bring it again "
         "whenever passes are revoked, once a day at least")  # fmt: skip


@app.command()
def admit(
    file: Annotated[Path, typer.Argument(help="an ally's offer; `node trust` its card first")],
    by: By = AT_KEYBOARD,
    node: NodeDir = HERE,
    as_json: Json = False,
) -> None:
    """Admit an ally's batches at this party's gates, or take in its newer revocations; publishes the bundle."""
    with opened(node) as here:
        made = admit_batches(here, read_file(file), by=acting_as(here, by))
        if isinstance(made, Refusal):
            refuse(made, as_json=as_json)
        seq = publish_bundle(here)
    tell({"party": made.party, "new": made.new, "renewed": made.renewed, "bundle": seq}, as_json=as_json,
         text=f"{made.party}: {made.new} batches admitted, {made.renewed} lists renewed; bundle {seq}")  # fmt: skip
