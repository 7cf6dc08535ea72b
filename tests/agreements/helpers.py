"""Short ways to record, to read the pages and to look at what crossed."""

import json

from safeconduct.storage.database import search_everywhere
from safeconduct.web.pages.agreement_page import render_agreement_page
from safeconduct.web.pages.liaison_page import render_liaison
from safeconduct.web.pages.render import Page
from safeconduct.workflows.change_terms import propose_change
from safeconduct.workflows.common import permitted, refused_acts
from safeconduct.workflows.hold_meeting import MeetingTerms, hold_meeting
from safeconduct.workflows.record_entries import record_entries
from safeconduct.workflows.show_agreement import show_agreement
from safeconduct.workflows.show_liaison import show_liaison
from safeconduct.workflows.sign_agreement import accept
from workflows.two_nodes import PURPOSE, START

DAY = 86_400
AROUND = Page(exercise=True, party_name="Evacuating party")
EVAC_OFFICE, CORDON_OFFICE = "Evacuating party: liaison officer", "Cordon party: liaison officer"


def record(world, kind, at=None, node=None, source="duty log", **fields):
    node = node or world.evac
    given = {"kind": kind, "fields": fields, "source": source, "at": node.clock.now() if at is None else at}
    return record_entries(node, json.dumps(given).encode())[0]


def liaison(node):
    """What the liaison page shows, and the page itself."""
    view = show_liaison(node)
    return view, render_liaison(view, AROUND)


def document(node, **options):
    view = show_agreement(node, **options)
    return view, render_agreement_page(view, AROUND)


def meet(world, *subjects, node=None, purpose=PURPOSE, at=None, place="airfield", **more):
    terms = MeetingTerms(place, "in-person", "liaison officers", (EVAC_OFFICE, CORDON_OFFICE), subjects, **more)
    return hold_meeting(node or world.evac, terms, purpose=purpose, source="liaison officer", at=at)


def kinds(node):
    """Kinds of all entries of a node's ledger, in order."""
    with node.store.reading() as tx:
        return [tx.ledger.entry(i).kind for i in range(tx.ledger.size())]


def may(node, act="share", subject="threat-warning", purpose=PURPOSE):
    with node.store.transaction() as tx:
        made = permitted(node, tx, act=act, subject=subject, purpose=purpose)
    return getattr(made, "code", "permitted")


def at_partner(world, *needles):
    """In how many rows of the partner's database each text stands, after everything was delivered."""
    world.settle()
    return search_everywhere(world.cordon_config.data_dir / "node.db", list(needles))


def day(number, hour=0):
    return START + number * DAY + hour * 3_600


def taken(world):
    return [(kind, answer.status) for kind, answer in world.settle()]


def last_refused(node):
    with node.store.reading() as tx:
        return refused_acts(tx)[-1][2].code


def next_version(world, **changes):
    """Both sign the next version with some terms changed."""
    made = propose_change(world.evac, changes)
    world.settle()
    accept(world.cordon, made.version)
    world.settle()
    return made
