"""`safeconduct gate`: what the devices at gates and outer control points reported."""

from dataclasses import asdict

from safeconduct.cli.speak import HERE, Json, NodeDir, commands, opened, tell
from safeconduct.workflows.key_in_tally import list_sheets, paper_lines
from safeconduct.workflows.read_gates import (
    ByWhomView,
    HarmView,
    read_by_whom,
    read_conflicts,
    read_harm,
    read_skips,
    read_tally,
)

app = commands("What devices at gates and outer control points reported.")
KINDS = {"assault": "beatings", "turned-away": "turned away"}


@app.command()
def tally(node: NodeDir = HERE, as_json: Json = False) -> None:
    """List people admitted by day, control point and class of their group; below, what was keyed in from paper."""
    with opened(node) as here:
        lines = read_tally(here)
        paper = [line for line in paper_lines(list_sheets(here)) if line.outcome == "admitted"]
    shown = [f"{x.day}  {x.point:<20} {x.person_class:<14} {x.people:>8,}" for x in lines] or [
        "nobody was admitted yet"
    ]
    shown += [
        f"{x.day}  {x.point:<20} {'':<14} {x.people:>8,}  {x.mark}{''.join(f', and “{text}”' for text in x.vague)}"
        for x in paper
    ]
    told = {"admitted": [asdict(x) for x in lines], "keyed_in_from_paper": [asdict(x) for x in paper]}
    tell(told, as_json=as_json, text="\n".join(shown))


@app.command()
def conflicts(node: NodeDir = HERE, as_json: Json = False) -> None:
    """List passes that were used more than once, with all places and times."""
    with opened(node) as here:
        found = read_conflicts(here)
    lines = []
    for made in found:
        first = "the first is certain" if made.first_certain else "which was first is not certain"
        lines.append(f"pass {made.batch[:8]} {made.index}, used {len(made.uses)} times; {first}")
        lines += [
            f"  {u.at}  {u.point}, held by {u.holder or 'nobody'} ({u.device}; {u.heads} people)" for u in made.uses
        ]
    tell({"conflicts": [asdict(x) for x in found]}, as_json=as_json, text="\n".join(lines) or "no pass was used twice")


@app.command()
def skipped(node: NodeDir = HERE, as_json: Json = False) -> None:
    """List groups admitted at a gate whose outer pass was used nowhere, as far as device logs have arrived."""
    with opened(node) as here:
        found = read_skips(here)
    lines = [
        f"{x.at}  {x.group} at {x.gate}; no record from {m.point}, held by {m.holder or 'nobody'}, "
        f"last heard {m.last_heard or 'never'}"
        for x in found
        for m in x.missing
    ]
    tell({"skipped": [asdict(x) for x in found]}, as_json=as_json,
         text="\n".join(lines) or "every group at a gate was seen at its outer control point")  # fmt: skip


@app.command()
def harm(node: NodeDir = HERE, as_json: Json = False) -> None:
    """List beatings and turnings away by holder, control point and kind, and by whom; the two are never added up."""
    with opened(node) as here:
        found = read_harm(here)
        with here.store.reading() as tx:
            by_whom = read_by_whom(tx)
    lines = [_by_whom_line(one) for one in by_whom] + [line for group in found for line in _harm_lines(group)]
    tell({"harm": [asdict(x) for x in found], "by_whom": [asdict(x) for x in by_whom]}, as_json=as_json,
         text="\n".join(lines) or "no beating or turning away was logged")  # fmt: skip


def _by_whom_line(one: ByWhomView) -> str:
    people = f", {one.people:,} people" if one.people else ""
    by = f"by guards of {one.by}" if one.by else "by whom not known"
    return f"{KINDS[one.kind]} {by}, at points held by {one.holder or 'nobody known'}: {one.times:,}{people}"


def _harm_lines(group: HarmView) -> list[str]:
    people = f", {group.people:,} people" if group.people else ""
    lines = [f"{group.holder or 'holder not known'}, {group.point}: {KINDS[group.kind]}: {group.times:,}{people}"]
    for act in group.acts:
        follow_up = act.follow_up or "no follow-up yet"
        by = f"by guards of {act.by}" if act.by else "by whom not known"
        lines.append(f"  {act.at}  {by}; {act.person_class or 'class not told'}; {follow_up} ({act.device})")
    return lines
