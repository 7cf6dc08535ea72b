"""Movements, routes, areas and small help as lines for people."""

from collections.abc import Iterable, Sequence

from safeconduct.workflows.area_control import AreaView, WayView
from safeconduct.workflows.count_help import HelpView
from safeconduct.workflows.read_escorts import EscortView, LegView, LooseView
from safeconduct.workflows.show_movements import RouteView

KINDS = {"bags": "bags carried", "help": "other help"}
BASES = {"guards": "guards' records", "filed": "filed by hand"}


def escort_lines(escorts: Iterable[EscortView], loose: Iterable[LooseView]) -> list[str]:
    """Return movements and, below, the records that belong to none for certain."""
    lines = []
    for one in escorts:
        people = f"{one.people} people" if one.people is not None else one.hedge
        vehicles = f"{one.vehicles} vehicles, " if one.vehicles is not None else ""
        lines.append(f"{one.movement}: {one.state}; by {one.by}, {vehicles}{people}; to arrive {one.due}")
        if one.line:
            lines.append(f"  overdue: {one.line}")
        lines += [f"  {_leg(leg)}" for leg in one.legs]
        if one.ended:
            lines.append(f"  {one.state} {one.ended}{f': {one.because}' if one.because else ''}")
    for record in loose:
        meant = ", ".join(record.candidates)
        which = f"could be {meant}; say which: `movement passed`" if meant else "no escort that is filed fits it"
        people = f", {record.people} people" if record.people else ""
        lines.append(
            f"record {record.record} at {record.point}, {record.at}: {record.vehicles} vehicles{people}; {which}"
        )
    return lines


def route_lines(one: RouteView) -> list[str]:
    """Return one route with all that was said of it, the newest first."""
    until = f" until {one.until}" if one.until else ""
    lines = [f"{one.route}: {one.state}{until}"]
    for step in one.steps:
        how = "signed" if step.signed else f"unsigned, as {step.source} says"
        over = f" until {step.until}" if step.until else ""
        lines.append(f"  {step.at}  {step.step} by {step.by}{over} ({how}){f': {step.text}' if step.text else ''}")
    return [*lines, *(f"  {line}" for line in (way_lines(one.way) if one.way else ()))]


def way_lines(one: WayView) -> list[str]:
    """Return one way, place by place, then whose consent it needs."""
    lines = [f"way {one.route or 'asked about'} at {one.at}"]
    lines += [f"  {place.area.name}: {_held(place.area)}{_consent(place.needed)}" for place in one.places]
    lines.append(f"  consent needed of: {', '.join(one.needed) or 'nobody who is known'}")
    if one.disputed:
        lines.append(f"  disputed: {', '.join(one.disputed)}")
    if one.unknown:
        lines.append(f"  not known who holds: {', '.join(one.unknown)}")
    return lines


def area_lines(one: AreaView) -> list[str]:
    """Return one area with the words that stand, then how it was before, the newest first."""
    lines = [f"{one.name}: {_held(one)}{f' since {one.since}' if one.since else ''}"]
    lines += [
        f"  {w.at}  {', '.join(w.parties) or 'not known'} [{w.source}; {w.grade or 'not graded'}]" for w in one.words
    ]
    for before in reversed(one.history):
        lines.append(f"  before, from {before.at}: {before.state} {', '.join(before.parties)}".rstrip())
    return lines


def help_lines(view: HelpView) -> list[str]:
    """Return help by point, holder, party and kind, then bags by group; guards' and filed counts are never added up."""
    lines = []
    for x in view.lines:
        bags = f", {x.bags:,} bags" if x.kind == "bags" else ""
        vague = "".join(f", “{text}”" for text in x.vague)
        lines.append(f"{x.point or 'no point'}, held by {x.holder or 'nobody known'}: {KINDS[x.kind]} by "
                     f"{x.by or 'not known whom'}: {x.times:,} times{bags}{vague} ({BASES[x.basis]})")  # fmt: skip
    for g in view.groups:
        where = ", ".join(f"{point} {bags}" for point, bags in g.points)
        gate = "no record from a gate" if g.at_gate is None else f"{g.at_gate} at gates"
        vague = "".join(f", “{text}”" for text in g.vague)
        lines.append(f"group {g.group}: {g.carried} carried ({where}), {gate}{vague} ({BASES[g.basis]})")
    return lines


def _leg(leg: LegView) -> str:
    due = f", due {leg.due}" if leg.due else ""
    if leg.passings:
        first = leg.passings[0]
        how = f"as {first.source} reports" if first.reported else f"record {first.source}"
        return f"{leg.point}{due}: passed {first.at} ({how})"
    heard = f"last heard from there {leg.last_heard}" if leg.last_heard else "nothing was heard from there"
    return f"{leg.point}{due}: {'LATE, ' if leg.late else ''}no record; {heard}"


def _held(area: AreaView) -> str:
    if area.state == "held":
        return f"held by {area.parties[0]}"
    return f"disputed between {', '.join(area.parties)}" if area.state == "disputed" else "not known who holds it"


def _consent(needed: Sequence[str]) -> str:
    return f"; consent of {' and of '.join(needed)}" if needed else ""
