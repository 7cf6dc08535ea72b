"""What reaches the gates, on one page: the standing level, crowds, warnings, holds, places, and the bundle's lines."""

from collections.abc import Sequence
from dataclasses import dataclass

from safeconduct.agreements.agreement import holder_at
from safeconduct.agreements.fields import iso
from safeconduct.alerts import guard_lines, sites
from safeconduct.alerts.hold_advice import AHEAD, CROWD, FRESH, is_active, newest_crowds
from safeconduct.alerts.read_out import quote_number
from safeconduct.alerts.release import Release
from safeconduct.alerts.sites import Site
from safeconduct.alerts.words import ADVICE
from safeconduct.passes.bundle_format import decode, parse_envelope
from safeconduct.workflows.common import in_force
from safeconduct.workflows.gate_advice import Situation, Tally, advice_lines, situation, told
from safeconduct.workflows.ports import Node
from safeconduct.workflows.publish_bundle import point_states
from safeconduct.workflows.standing_level import LevelView, history, level_now
from safeconduct.workflows.tables import Tx


@dataclass(frozen=True, slots=True)
class GateWarning:
    """One warning at a control point, or at a place."""

    id: str
    number: str
    direction: str  # sent, received
    advice: str
    window_from: str
    window_to: str
    active: bool
    why: str  # "assigned", "placed", "near"
    told_at: str = ""  # when those who use the place were told; empty: not yet


@dataclass(frozen=True, slots=True)
class GateView:
    """One control point: how full, which warnings, and whether a hold is advised."""

    id: str
    name: str
    holder_name: str
    ours: bool
    state: str  # as in the newest bundle
    crowd: str  # level, empty: nobody reported
    crowd_words: str
    crowd_at: str
    crowd_by: str
    crowd_fresh: bool
    warnings: tuple[GateWarning, ...]
    hold: bool
    hold_until: str
    placed: bool


@dataclass(frozen=True, slots=True)
class SiteView:
    """One place beside the gates, with its users and the warnings that concern it."""

    id: str
    kind: str
    name: str
    users: tuple[str, ...]
    near: tuple[tuple[str, int], ...]  # (name of the control point, metres)
    placed: bool
    warnings: tuple[GateWarning, ...]


@dataclass(frozen=True, slots=True)
class ThreatView:
    """All of the page; `lines` is what the next bundle would carry, `carried` what the newest one does."""

    now: str
    level: LevelView | None
    history: tuple[LevelView, ...]
    gates: tuple[GateView, ...]
    sites: tuple[SiteView, ...]
    lines: tuple[str, ...]
    carried: tuple[str, ...]
    published: bool  # there is a bundle
    agreed: bool


def show_threat(node: Node) -> ThreatView:
    """Return what reaches the gates."""
    now, past = node.clock.now(), history(node)
    with node.store.reading() as tx:
        found = in_force(tx)
        seen = situation(node, tx, now)
        ways = {row.id: row.direction for row in tx.alerts.releases()}
        lines = advice_lines(node, tx, found[0]) if found else ""
        newest = tx.passes.bundle()
        gates = _gates(node, tx, seen, ways, now)
        places = tuple(_site(tx, one, seen, ways, now) for one in seen.places if one.kind != "control-point")
    carried = decode(parse_envelope(newest[1]).bundle_bytes).advice if newest else ""
    kept = [line for line in guard_lines.read(carried) if now < line.until]
    return ThreatView(
        now=iso(now),
        level=next((one for one in past if one.state == "in force"), None),
        history=past,
        gates=gates,
        sites=places,
        lines=tuple(lines.splitlines()),
        carried=tuple(guard_lines.write(kept).splitlines()),
        published=newest is not None,
        agreed=found is not None,
    )


def room_threat(node: Node, tx: Tx, tallies: Sequence[Tally]) -> tuple[str, tuple[str, ...]]:
    """Return for the room the level in force in one line (empty: none), and a line for each hold that is advised.

    `tallies` are those of `Devices.tallies`, which counts all events and is asked for once.
    """
    now = node.clock.now()
    level = level_now(node, tx)
    words = "" if level is None else f"{level.level} until {iso(level.until)}"
    found = in_force(tx)
    names = {p.id: p.name for p in found[0].control_points} if found else {}
    states = point_states(tx)
    holds = [hold for hold in situation(node, tx, now, tallies).holds if states.get(hold.point) == "open"]
    return words, tuple(
        f"hold advised at {names.get(hold.point, hold.point)}: {CROWD[hold.crowd.level]}, and a warning is active"
        for hold in holds
    )


def _gates(node: Node, tx: Tx, seen: Situation, ways: dict[str, str], now: int) -> tuple[GateView, ...]:
    found = in_force(tx)
    if found is None:
        return ()
    agreement, states, crowds = found[0], point_states(tx), newest_crowds(seen.crowds, now)
    names = {party.id: party.name for party in agreement.parties}
    placed = {one.id for one in seen.places if one.kind == "control-point"}
    holds = {hold.point: hold for hold in seen.holds}
    made = []
    for point in agreement.control_points:
        holder, crowd, hold = holder_at(agreement, point.id, now) or "", crowds.get(point.id), holds.get(point.id)
        here = {one.release.id: one for one in reversed(seen.warnings) if one.point == point.id}
        ordered = sorted(here.values(), key=lambda one: (not is_active(one.release, now), one.release.window_from))
        made.append(
            GateView(
                id=point.id, name=point.name, holder_name=names.get(holder, "nobody now"), ours=holder == node.party,
                state=states.get(point.id, "open"), crowd=crowd.level if crowd else "",
                crowd_words=CROWD.get(crowd.level, crowd.level) if crowd else "",
                crowd_at=iso(crowd.at) if crowd else "", crowd_by=crowd.by if crowd else "",
                crowd_fresh=crowd is not None and crowd.at - AHEAD <= now < crowd.at + FRESH,
                warnings=tuple(_warning(one.release, ways, now, one.why) for one in ordered),
                hold=hold is not None, hold_until=iso(hold.until) if hold else "", placed=point.id in placed,
            )
        )  # fmt: skip
    return tuple(sorted(made, key=lambda gate: (not gate.hold, not gate.warnings)))


def _site(tx: Tx, site: Site, seen: Situation, ways: dict[str, str], now: int) -> SiteView:
    found, said = in_force(tx), told(tx)
    names = {p.id: p.name for p in found[0].control_points} if found else {}
    concerned = sites.concerning(site, seen.releases, seen.warnings)
    shown = []
    for release in concerned:
        why = "placed" if sites.lies_in(site, release.area) else "near"
        at = said.get((site.id, release.id))
        shown.append(_warning(release, ways, now, why, iso(at) if at is not None else ""))
    near = tuple((names.get(point, point), metres) for point, metres in site.near.items())
    return SiteView(site.id, site.kind, site.name, site.users, near, site.lat is not None, tuple(shown))


def _warning(release: Release, ways: dict[str, str], now: int, why: str, told_at: str = "") -> GateWarning:
    return GateWarning(
        release.id, quote_number(release.id, release.version), ways.get(release.id, "sent"),
        ADVICE[release.advised_action], iso(release.window_from), iso(release.window_to), is_active(release, now), why,
        told_at,
    )  # fmt: skip
