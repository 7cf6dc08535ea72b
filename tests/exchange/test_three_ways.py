"""The same small operation over HTTP push, over TAXII collections and by sealed files, on real servers: one end state."""

import json

import pytest

from exchange.operation import holds
from exchange.processes import Pair, until
from safeconduct.exchange.bundle_file import export_file, import_file
from safeconduct.workflows.common import in_force
from safeconduct.workflows.inventory import completeness

pytestmark = [pytest.mark.slow]


def agreed(operator):
    answer = operator.call("GET", "/api/agreement")
    return answer.json().get("state") if answer.status_code == 200 else None


def warned(operator, release):
    return release in operator.call("GET", "/api/room").text


def shape(held):
    """What must be alike whatever the way; ids, keys and salts are fresh in each run."""
    return {
        "agreements": [(version, sorted(signatures), state) for version, _, signatures, state in held["agreements"]],
        "versions": [{k: v for k, v in json.loads(body).items() if k not in
                      {"release_id", "commitment", "policy_digest"}} for body in held["versions"]],
        "answers": [(kind, json.loads(body)["stage"]) for _, kind, body in held["answers"]],
        "bundles": [bundle and bundle[0] for bundle in held["bundles"]],
        "waiting": held["waiting"], "refused": held["refused"], "in force": held["in force"],
    }  # fmt: skip


def over_the_network(pair):
    pair.propose()
    until(lambda: agreed(pair.cordon), 60)
    pair.accept()
    until(lambda: agreed(pair.evac) == "open", 60)
    pair.bundle()
    release = pair.warn()
    until(lambda: warned(pair.cordon, release), 60)
    pair.acknowledge()
    for one in (pair.evac, pair.cordon, pair.evac):
        one.post("/api/exchange")
    pair.stop()


def by_stick(pair):
    def carry(sender):
        """Carry a file from one folder to the other, as the commands do."""
        one, other = pair.processes if sender == "evac" else pair.processes[::-1]
        path = pair.base / f"{sender}.scb"
        with pair.opened() as nodes:
            sides = {node.party: node for node in nodes}
            export_file(sides[one.config.party], other.config.party, path)
            done = import_file(sides[other.config.party], path)
            assert not done.refused

    pair.propose()
    carry("evac")
    pair.accept()
    carry("cordon")
    pair.bundle()
    pair.warn()
    carry("evac")
    pair.acknowledge()
    carry("cordon")
    carry("evac")
    carry("cordon")
    pair.stop()


@pytest.mark.seed("S-02")
def test_push_taxii_and_files_end_in_the_same_state(tmp_path):
    ends = {}
    for transport in ("push", "taxii", "file"):
        (tmp_path / transport).mkdir()
        pair = Pair(tmp_path / transport, transport)
        try:
            (by_stick if transport == "file" else over_the_network)(pair)
            with pair.opened() as (evac, cordon):
                ours, theirs = holds(evac), holds(cordon)
                assert ours == theirs, transport
                for node in (evac, cordon):
                    found = completeness(node)
                    assert found.complete, (transport, found)
                    with node.store.reading() as tx:
                        assert in_force(tx) is not None
                        if transport == "taxii" and node is evac:
                            assert tx.ledger.find("in:acknowledgement") and tx.ledger.find("in:taxii")
                ends[transport] = shape(ours)
        finally:
            pair.stop()
    assert ends["push"] == ends["taxii"] == ends["file"]
    assert ends["push"]["answers"] == [("acknowledgement", "received")] and len(ends["push"]["versions"]) == 1
