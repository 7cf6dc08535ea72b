"""Parts of an incident and events of a relative order, as views."""

import json

from safeconduct.incidents.claims import Incident, Source
from safeconduct.incidents.dates import first_day
from safeconduct.incidents.order import orders
from safeconduct.incidents.parts import part_words, silence
from safeconduct.incidents.reading import read_incident
from safeconduct.workflows.claim_index import RELATIVE
from safeconduct.workflows.claim_rows import Window
from safeconduct.workflows.held_account import claims_of, sources_of
from safeconduct.workflows.room_view import OrderView, PartView
from safeconduct.workflows.tables import Tx

MOST_RELATIVE = 500  # the newest claims of a relative time
MOST_COMPARED = 2_000  # claims; of a larger incident only those of a relative time are compared, with what they name


def part_views(tx: Tx, window: Window) -> tuple[PartView, ...]:
    """Return the parts of an incident that are known, in the order of recording."""
    ids = tx.claims.parts(window.incident, "incidents")
    if not ids:
        return ()
    bodies = tx.records.held("incidents", ids)
    carried = {name: tx.claims.sources(window._replace(incident=name)) for name in (window.incident, *ids)}
    whole = {source for names in carried.values() for source in names}
    sources = _with_roots(tx, whole)
    found = []
    for name in ids:
        part = read_incident(json.loads(bodies[name]))
        days = tx.claims.days(window._replace(incident=name))
        if not days and first_day(part.date) > window.known_at:
            continue
        silent = silence(carried[name], whole, days[-1] if days else "", sources, window.known_at)
        words = part_words(part, silent)
        found.append(
            PartView(name, part.title, part.status, part.date, silent.last_mention, silent.later_sources, words)
        )
    return tuple(found)


def _with_roots(tx: Tx, ids: set[str]) -> dict[str, Source]:
    """Return sources by id, with those that they were derived from."""
    found = sources_of(tx, ids)
    while missing := {s.derived_from for s in found.values() if s.derived_from} - found.keys():
        found |= sources_of(tx, missing)
    return found


def order_views(tx: Tx, window: Window, incident: Incident) -> tuple[OrderView, ...]:
    """Return what is dated only against something else, with what that is in tension with."""
    relative = sorted(tx.claims.visible(window, tx.claims.parts(window.incident, RELATIVE)[-MOST_RELATIVE:]))
    if not relative:
        return ()
    wanted = set(relative)
    if tx.claims.count(window) <= MOST_COMPARED:
        wanted |= set(tx.claims.newest(window, MOST_COMPARED))
    claims = claims_of(tx, sorted(wanted))
    named = {claim.relative_to for claim in claims.values() if claim.relative_to}
    claims |= claims_of(tx, tx.claims.visible(window, named - claims.keys()))
    others = [read_incident(json.loads(body)) for body in tx.records.held("incidents", named - {incident.id}).values()]
    return tuple(
        OrderView(one.claim, one.order, one.to, one.wording, one.tension)
        for one in orders(claims.values(), [incident, *others])
    )
