"""Who holds an area, and who did before; the way through several areas, and whose consent it needs."""

from collections.abc import Sequence
from dataclasses import dataclass

from safeconduct.agreements.entries import make_entry
from safeconduct.agreements.fields import iso
from safeconduct.errors import BadInput
from safeconduct.movement import control
from safeconduct.movement.control import Consent, Control, ControlWord
from safeconduct.movement.guard_notes import AREA
from safeconduct.workflows.common import in_force
from safeconduct.workflows.guard_records import guard_records, partner_beside
from safeconduct.workflows.held_entries import placed_entries
from safeconduct.workflows.ports import Node
from safeconduct.workflows.record_entries import RecordedEntry, record_entry
from safeconduct.workflows.tables import Tx

GRADED = 2  # characters of a grade: reliability of the source, credibility of what it says


@dataclass(frozen=True, slots=True)
class WordView:
    """One source's word of who controls an area."""

    parties: tuple[str, ...]
    at: str  # ISO time
    source: str
    grade: str  # empty: not graded
    ledger_index: int | None


@dataclass(frozen=True, slots=True)
class ChangeView:
    """How control stood from a time on."""

    at: str
    state: str
    parties: tuple[str, ...]
    words: tuple[WordView, ...]


@dataclass(frozen=True, slots=True)
class AreaView:
    """One area as it stands, with the words that stand and every change before."""

    area: str
    name: str  # of a control point; else the area again
    state: str  # held, disputed, unknown
    parties: tuple[str, ...]
    since: str | None
    words: tuple[WordView, ...]
    history: tuple[ChangeView, ...]


@dataclass(frozen=True, slots=True)
class ConsentView:
    """One place of a way, and whose consent it needs; `needed` is empty for our own and for what is not known."""

    area: AreaView
    needed: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class WayView:
    """One planned route: its places in order, everybody whose consent it needs, and where that cannot be told."""

    route: str
    at: str  # for when
    places: tuple[ConsentView, ...]
    needed: tuple[str, ...]
    disputed: tuple[str, ...]
    unknown: tuple[str, ...]


def record_control(
    node: Node, area: str, parties: Sequence[str], grade: str, *, source: str, at: int | None = None
) -> RecordedEntry:
    """Record who controls an area from a time on, as a graded source says.

    Args:
        node: this party's node.
        area: its name, or the id of a control point.
        parties: who holds it; none where the source does not know, several where it is disputed.
        grade: by the Admiralty code, such as B2.
        source: who or what says so.
        at: from when on, unix seconds; now by default.

    Raises:
        BadInput: a field is malformed.
    """
    if len(grade) != GRADED:
        raise BadInput("bad-field", where="area-held.grade", expected="a grade such as B2 (A to F, 1 to 6)", seen=grade)
    fields = {
        "area": area, "parties": list(parties), "reliability": grade[0].upper(), "credibility": grade[1],
    }  # fmt: skip
    entry = make_entry("area-held", fields, source, node.clock.now() if at is None else at)
    with node.store.transaction() as tx:
        return record_entry(node, tx, entry)


def plan_route(node: Node, route: str, places: Sequence[str], *, source: str, at: int | None = None) -> RecordedEntry:
    """Record the areas and control points that a route leads through, in order; the newest plan of a route stands.

    Raises:
        BadInput: a field is malformed, or no place is named.
    """
    if not places:
        raise BadInput("missing-field", where="route-planned.places", expected="at least one area or point", seen=None)
    fields = {"route": route, "places": list(places)}
    entry = make_entry("route-planned", fields, source, node.clock.now() if at is None else at)
    with node.store.transaction() as tx:
        return record_entry(node, tx, entry)


def read_areas(node: Node, tx: Tx, at: int | None = None) -> tuple[AreaView, ...]:
    """Return every area and control point that anybody spoke of, as it stands at a time (now by default)."""
    words, names = _words(tx), _names(tx)
    when = node.clock.now() if at is None else at
    return tuple(_area(control.control_of(area, words, when), names) for area in control.areas_of(words))


def read_ways(node: Node, tx: Tx, at: int | None = None) -> tuple[WayView, ...]:
    """Return every planned route with whose consent it needs at a time (now by default)."""
    plans: dict[str, tuple[int, tuple[str, ...]]] = {}
    for _, entry, _ in placed_entries(tx):
        if entry.kind == "route-planned" and entry.at >= plans.get(entry.fields["route"], (0, ()))[0]:
            plans[entry.fields["route"]] = (entry.at, entry.fields["places"])
    return tuple(way_through(node, tx, places, route=route, at=at) for route, (_, places) in plans.items())


def way_through(node: Node, tx: Tx, places: Sequence[str], *, route: str = "", at: int | None = None) -> WayView:
    """Return whose consent a way through some places needs at a time (unix seconds; now by default)."""
    words, names = _words(tx), _names(tx)
    when = node.clock.now() if at is None else at
    found = control.consents(places, words, when, node.party)
    needed = tuple(dict.fromkeys(party for one in found for party in one.needed))
    return WayView(
        route, iso(when), tuple(ConsentView(_area(one.control, names), one.needed) for one in found), needed,
        _in_state(found, control.DISPUTED), _in_state(found, control.UNKNOWN),
    )  # fmt: skip


def _in_state(found: Sequence[Consent], state: str) -> tuple[str, ...]:
    return tuple(one.place for one in found if one.control.state == state)


def _words(tx: Tx) -> tuple[ControlWord, ...]:
    """Return all words: of the agreement, of graded sources, of guards on the spot."""
    found = in_force(tx)
    agreement = found[0] if found else None
    words = [word for point in (agreement.control_points if agreement else ()) for word in control.of_point(point)]
    for name, entry, index in placed_entries(tx):
        word = control.of_entry(entry, name, index)
        if word is not None:
            words.append(word)
    words += [control.of_record(one, partner_beside(agreement, one.party)) for one in guard_records(tx, AREA)]
    return tuple(words)


def _names(tx: Tx) -> dict[str, str]:
    found = in_force(tx)
    return {control.area_key(one.id): one.name for one in found[0].control_points} if found else {}


def _area(one: Control, names: dict[str, str]) -> AreaView:
    return AreaView(
        one.area, names.get(control.area_key(one.area), one.area), one.state, one.parties,
        None if one.since is None else iso(one.since), _views(one.words),
        tuple(ChangeView(iso(c.at), c.state, c.parties, _views(c.words)) for c in one.history),
    )  # fmt: skip


def _views(words: Sequence[ControlWord]) -> tuple[WordView, ...]:
    return tuple(WordView(w.parties, iso(w.at), w.source, w.grade, w.ledger_index) for w in words)
