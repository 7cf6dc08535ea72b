"""The five reports of the shared folder taken into a fresh node by its own workflows, all that is suggested accepted."""

from hashlib import sha256
from pathlib import Path

import pytest

from safeconduct.config import NodeConfig
from safeconduct.wiring import init_node, open_node
from safeconduct.workflows.add_source import add_sources, correct_source, suggestion_of
from safeconduct.workflows.review_suggestions import accept, decide_tie

FOLDER = Path(__file__).resolve().parents[3] / "shared" / "seeds"
# Days for the files that give none: of a page of several entries the day of its first one.
DAYS = {"001": "2021-08-27", "002": "2021-08-31"}
OUTLETS = {"000": "Archipelago Wire", "001": "Weblog of the page", "002": "Capital Paper", "003": "Business Insider",
           "004": "Copied Pages"}  # fmt: skip
NOW = 1_650_960_000  # 2022-04-26T08:00:00Z
OFFICE = "records desk"


def files():
    """Name and bytes of each; skips where they are not beside this clone."""
    found = sorted(FOLDER.glob("00*.txt"))
    if len(found) != 5:
        pytest.skip("the five reports are not beside this clone")
    return [(path.name, path.read_bytes()) for path in found]


def given_days(given):
    """The days of publication that a person gives."""
    return {name: DAYS[name[:3]] for name, _ in given if name[:3] in DAYS}


def fresh_node(folder):
    """Make a node in an empty folder and open it."""
    config = NodeConfig("evac", "Evacuating party", folder / "data", exercise=True, sign_in=False)
    init_node(folder, config, passphrase=None)
    node = open_node(config)
    node.clock.move_to(NOW)
    return node, config


def take_all(node):
    """Add the five, accept every suggestion and then every relation; return how many of each."""
    given = files()
    add_sources(node, given, published=given_days(given))
    for name, data in given:
        correct_source(node, sha256(data).hexdigest(), outlet=OUTLETS[name[:3]])
    claims = [accept(node, row.id, by=OFFICE, **_choices(node, row)) for row in _waiting(node)]
    ties = 0
    while ready := _ready(node):
        for tie in ready:
            decide_tie(node, tie, by=OFFICE, accepted=True)
            ties += 1
    return len(claims), ties


def _waiting(node):
    """All suggestions, first those of which the reader tells the incident."""
    with node.store.reading() as tx:
        rows = [row for source in tx.sources.rows() for row in tx.sources.suggestions(source.digest)]
    return sorted(rows, key=lambda row: not row.happening)


def _ready(node):
    with node.store.reading() as tx:
        return [tie.id for tie, _, _ in tx.sources.ready_ties()]


def _choices(node, row):
    """What a person gives: which reading is meant, and where the reader tells no incident the attack itself."""
    with node.store.reading() as tx:
        first = next((name for name, _, _ in tx.records.all("incidents") if name.startswith("attack")), "")
    one, _ = suggestion_of(row)
    changes = {} if row.happening else {"incident": first}
    return {"changes": changes, "reading": "both groups by one verb" if one.ambiguous else ""}
