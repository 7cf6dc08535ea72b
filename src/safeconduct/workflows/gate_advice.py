"""What reaches the gates: crowd levels and places that were recorded here, holds that follow, lines for the bundle."""

from collections.abc import Sequence
from dataclasses import dataclass

from safeconduct.agreements.agreement import Agreement, holder_at
from safeconduct.agreements.fields import ID_TEXT
from safeconduct.alerts import guard_lines, sites, standing
from safeconduct.alerts import release as releases
from safeconduct.alerts.answer import Acknowledgement, Action, Answer, version_of
from safeconduct.alerts.hold_advice import CROWD, CrowdReport, HoldAdvice, PointWarning, advise, is_active
from safeconduct.alerts.release import Release
from safeconduct.alerts.sites import Site
from safeconduct.errors import BadInput, Refusal
from safeconduct.seal.canonical import decode_json, encode_json
from safeconduct.workflows.answer_release import answers_to
from safeconduct.workflows.common import in_force, require_agreement
from safeconduct.workflows.ports import Node
from safeconduct.workflows.standing_level import level_now
from safeconduct.workflows.tables import Tx

CROWD_KIND, SITE_KIND, TOLD_KIND = "crowd", "place", "place-told"
NOT_FOR_GUARDS = "TLP:RED"  # for the eyes of those only to whom it was sent: no device carries it


Tally = tuple[str, str, str, int, int, int]  # of `Devices.tallies`


@dataclass(frozen=True, slots=True)
class Situation:
    """All that advice to the gates rests on, read at one moment."""

    crowds: tuple[CrowdReport, ...]
    places: tuple[Site, ...]
    warnings: tuple[PointWarning, ...]  # by place or by its holder's word, active or not
    releases: tuple[Release, ...]  # newest versions, not withdrawn, whose window is not over
    holds: tuple[HoldAdvice, ...]


def report_crowd(node: Node, point: str, level: str, by: str) -> int | Refusal:
    """Record how full it is at a control point, as an office says; return the ledger index.

    Raises:
        BadInput: `bad-field`, for a level that is not of the list.
    """
    if level not in CROWD:
        raise BadInput("bad-field", where="crowd.level", expected="one of " + ", ".join(CROWD), seen=level)
    now = node.clock.now()
    with node.store.transaction() as tx:
        if require_agreement(tx).point(point) is None:
            return Refusal("unknown-point", point)
        body = encode_json({"point": point, "level": level, "at": now, "by": by})
        index = tx.ledger.append(f"own:{CROWD_KIND}", body, node.random.bytes(32), now)
        tx.records.add(CROWD_KIND, str(index), body, now)
    return index


def register_site(node: Node, data: bytes) -> Site | Refusal:
    """Record where a control point or an assembly site is, who uses it and how far from gates; again replaces.

    Raises:
        BadInput: it is malformed.
    """
    site, now = sites.from_json(data), node.clock.now()
    with node.store.transaction() as tx:
        found = in_force(tx)
        known = {point.id for point in found[0].control_points} if found else set()
        named = {*site.near, *([site.id] if site.kind == "control-point" else [])}
        strange = sorted(named - known)
        if strange:
            return Refusal("unknown-point", strange[0])
        sealed = node.vault.seal(sites.to_json(site))
        tx.ledger.append(f"own:{SITE_KIND}", sealed, node.random.bytes(32), now)
        tx.records.add(SITE_KIND, site.id, sealed, now)
    return site


def note_told(node: Node, site_id: str, release_id: str, by: str) -> int | Refusal:
    """Record that those who use a place were told of a warning; return the ledger index."""
    now = node.clock.now()
    with node.store.transaction() as tx:
        if site_id not in {site.id for site in places(node, tx)}:
            raise BadInput("bad-field", where="place", expected="a registered place", seen=site_id)
        row = tx.alerts.release(release_id) if ID_TEXT.fullmatch(release_id) else None
        if row is None:
            return Refusal("unknown-release", release_id)
        body = encode_json({"place": site_id, "release": release_id, "by": by, "at": now})
        index = tx.ledger.append(f"own:{TOLD_KIND}", body, node.random.bytes(32), now)
        tx.records.add(TOLD_KIND, f"{site_id} {release_id}", body, now)
    return index


def told(tx: Tx) -> dict[tuple[str, str], int]:
    """Return when (place, release) was told, unix seconds."""
    found = {}
    for _, body, at in tx.records.all(TOLD_KIND):
        said = decode_json(body, where="told")
        found[(said["place"], said["release"])] = at
    return found


def places(node: Node, tx: Tx) -> tuple[Site, ...]:
    """Return the newest record of each place, by name."""
    newest = {record_id: body for record_id, body, _ in tx.records.all(SITE_KIND)}
    return tuple(sorted((sites.from_json(node.vault.open(b)) for b in newest.values()), key=lambda one: one.name))


def crowds(tx: Tx, tallies: Sequence[Tally]) -> tuple[CrowdReport, ...]:
    """Return what devices and offices reported of crowds: of devices the newest time of each level."""
    by_office = []
    for _, body, _ in tx.records.all(CROWD_KIND):
        said = decode_json(body, where="crowd")
        by_office.append(CrowdReport(said["point"], said["level"], said["at"], said["by"]))
    by_device = [
        CrowdReport(point, level, newest, "a device at the point")
        for point, kind, level, _, _, newest in tallies
        if kind == "crowd"
    ]
    return (*by_office, *by_device)


def situation(node: Node, tx: Tx, now: int, tallies: Sequence[Tally] | None = None) -> Situation:
    """Read all that advice to the gates rests on; `tallies` are those of `Devices.tallies`, where they are at hand."""
    rows = tx.alerts.releases()
    answers = answers_to(tx)
    held = places(node, tx)
    found = [releases.from_json(row.body) for row in rows]
    open_ones = tuple(one for one in found if not one.revoked and now < one.window_to)
    given = _assigned(open_ones, answers)
    warnings = tuple(dict.fromkeys((*given, *sites.placed(held, open_ones))))
    reported = crowds(tx, tx.devices.tallies() if tallies is None else tallies)
    return Situation(reported, held, warnings, open_ones, advise(reported, warnings, now))


def assigned_points(release_id: str, answers: Sequence[Answer]) -> tuple[str, ...]:
    """Return the control points to which a release was given, each once, in the order in which it was."""
    points = (one.point for one in answers if isinstance(one, Action) and one.action == "assigned"
              and one.release_id == release_id)  # fmt: skip
    return tuple(dict.fromkeys(point for point in points if point))


def advice_lines(node: Node, tx: Tx, agreement: Agreement) -> str:
    """Return the text that the next trust bundle carries to guards: level, holds, and advice by control point.

    A point gets the advice of a warning that its holder accepted and gave to it. A hold says no more than that; it has
    no warning's time and no advice, since the other party's devices read it too.
    """
    now = node.clock.now()
    level = level_now(node, tx)
    lines = [] if level is None else [guard_lines.standing_line(standing.releasable(level))]
    made = [line for line in lines if now < line.until]
    seen = situation(node, tx, now)
    made += [guard_lines.hold_line(hold.point, now) for hold in seen.holds]
    answers = answers_to(tx)
    for one in sorted(seen.warnings, key=lambda warning: (warning.release.window_to, warning.point)):
        if one.why == "assigned" and _may_be_carried(one, answers, agreement, now):
            made.append(guard_lines.warning_line(one.point, one.release.advised_action, one.release.window_to))
    return guard_lines.write(made)


def _may_be_carried(one: PointWarning, answers: Sequence[Answer], agreement: Agreement, now: int) -> bool:
    """Whether a point's line may stand in the bundle: accepted, given by its recipient, still held by it, not RED."""
    release = one.release
    accepted = [
        answer.stage
        for answer in answers
        if isinstance(answer, Acknowledgement)
        and (answer.release_id, version_of(answer)) == (release.id, release.version)
    ]
    holder = holder_at(agreement, one.point, now)
    return accepted[-1:] == ["accepted"] and holder == release.partner and release.handling != NOT_FOR_GUARDS


def _assigned(open_ones: Sequence[Release], answers: Sequence[Answer]) -> tuple[PointWarning, ...]:
    return tuple(
        PointWarning(point, release, "assigned")
        for release in open_ones
        for point in assigned_points(release.id, answers)
    )


def active_at(seen: Situation, point: str, now: int) -> tuple[Release, ...]:
    """Return the active warnings at a control point, each once."""
    found = {one.release.id: one.release for one in seen.warnings if one.point == point and is_active(one.release, now)}
    return tuple(found.values())
