"""`safeconduct policy`: what each partner may get; kept as versions, none replaced."""

from pathlib import Path
from typing import Annotated

import typer

from safeconduct.alerts.policy import to_json
from safeconduct.cli.operator import AT_KEYBOARD, By, acting_as
from safeconduct.cli.speak import HERE, Json, NodeDir, commands, opened, read_file, refuse, tell
from safeconduct.errors import Refusal, SafeconductError
from safeconduct.workflows.keep_policy import KeptPolicy, keep_policy, policies
from safeconduct.workflows.policy_view import changes, clauses, show_policies
from safeconduct.workflows.ports import Node

app = commands("What each partner may get of a report. Without a policy nothing is released.")
Purpose = Annotated[str, typer.Argument(help="a purpose of the agreement")]
Partner = Annotated[str, typer.Option(help="the partner's id, where there are several")]


@app.command("set")
def set_(
    file: Annotated[Path, typer.Argument(help="the policy, a JSON file (spec/releases.md)")],
    by: By = AT_KEYBOARD,
    second: Annotated[str, typer.Option(help="the second office, needed outside an exercise")] = "",
    node: NodeDir = HERE,
    as_json: Json = False,
) -> None:
    """Keep a policy as the next version for its partner and purpose; the same again changes nothing."""
    data = read_file(file)
    with opened(node) as here:
        first = acting_as(here, by)
        made = keep_policy(here, data, by=first, second=acting_as(here, second) if second else "")
    if isinstance(made, Refusal):
        refuse(made, as_json=as_json)
    kept = made.policy
    result = {"partner": kept.partner, "purpose": kept.purpose, "version": kept.version, "entry": made.ledger_index}
    text = (
        f"version {kept.version} of the policy for {kept.partner}, {kept.purpose} is kept (entry {made.ledger_index})"
    )
    tell(result, as_json=as_json, text=text)


@app.command("list")
def list_(node: NodeDir = HERE, as_json: Json = False) -> None:
    """List every version of every policy, oldest first."""
    with opened(node) as here, here.store.reading() as tx:
        found = policies(here, tx)
    rows = [
        {"partner": one.policy.partner, "purpose": one.policy.purpose, "version": one.policy.version, "by": one.by,
         "second": one.second, "at": one.at, "entry": one.ledger_index}
        for one in found
    ]  # fmt: skip
    lines = [f"{r['partner']}  {r['purpose']}  version {r['version']}  by {r['by']}  entry {r['entry']}" for r in rows]
    tell({"policies": rows}, as_json=as_json, text="\n".join(lines) or "no policy is kept: nothing is released")


@app.command()
def show(
    purpose: Purpose,
    partner: Partner = "",
    version: Annotated[int | None, typer.Option(help="a version (the newest by default)")] = None,
    node: NodeDir = HERE,
    as_json: Json = False,
) -> None:
    """Show a policy in plain words; with --json as the document itself."""
    with opened(node) as here:
        one = _pick(_versions(here, purpose, partner), version)
        with here.store.reading() as tx:
            known = next(v for v in show_policies(here, tx) if (v.partner, v.purpose) == (one.policy.partner, purpose))
    head = f"{known.partner_name}, for {purpose}, version {one.policy.version}"
    lines = [f"{name:<26} {text}" for name, text in clauses(one.policy)]
    tell({"policy": to_json(one.policy).decode(), "clauses": dict(clauses(one.policy)), "by": one.by}, as_json=as_json,
         text="\n".join([head, *lines]))  # fmt: skip


@app.command()
def diff(
    purpose: Purpose,
    old: Annotated[int | None, typer.Option(help="the older version (the one before by default)")] = None,
    new: Annotated[int | None, typer.Option(help="the newer version (the newest by default)")] = None,
    partner: Partner = "",
    node: NodeDir = HERE,
    as_json: Json = False,
) -> None:
    """Show what changed between two versions of a policy, clause by clause."""
    with opened(node) as here:
        held = _versions(here, purpose, partner)
    after = _pick(held, new)
    before = _pick(held, old) if old is not None else held[max(0, held.index(after) - 1)]
    found = changes(before.policy, after.policy)
    rows = [{"clause": name, "before": one, "after": other} for name, one, other in found]
    lines = [f"{name}\n  − {one}\n  + {other}" for name, one, other in found]
    result = {"old": before.policy.version, "new": after.policy.version, "changes": rows}
    tell(result, as_json=as_json, text="\n".join(lines) or "nothing changed")


def _versions(node: Node, purpose: str, partner: str) -> list[KeptPolicy]:
    with node.store.reading() as tx:
        held = policies(node, tx)
    found = [one for one in held if one.policy.purpose == purpose and partner in ("", one.policy.partner)]
    if not found:
        raise SafeconductError("no-policy", f"no policy is kept for {purpose}")
    return found


def _pick(held: list[KeptPolicy], version: int | None) -> KeptPolicy:
    if version is None:
        return held[-1]
    found = next((one for one in held if one.policy.version == version), None)
    if found is None:
        raise SafeconductError("no-policy", f"there is no version {version} of this policy")
    return found
