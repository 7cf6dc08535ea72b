"""taxii2-client, which nobody here wrote, pushes to a served node and pulls from it what we emit."""

import pytest

from browser.served import free_port, served
from interop.samples import bundles
from safeconduct.config import NodeConfig
from safeconduct.wiring import close_node, init_node, open_node
from safeconduct.workflows.taxii_admin import add_client, add_collection


def objects():
    """Every object that we emit, each version once."""
    found = {}
    for name, bundle in bundles().items():
        if name.startswith("release TLP") or name in ("without likelihood", "envelope"):
            continue  # one version of one id, said otherwise; and an envelope that holds none, which is refused
        for one in bundle["objects"]:
            found[one["id"], one.get("modified", one.get("created"))] = one
    return [one for one in found.values() if one["type"] not in ("note", "sighting")] + answers()


def answers():
    """Notes and sightings, each under an id of its own."""
    last = [bundle["objects"][-1] for name, bundle in bundles().items() if name.startswith("answer alone")]
    return [
        {**one, "id": f"{one['type']}--7d444840-9dc0-41d1-b245-5ffdce74f{place:03x}"} for place, one in enumerate(last)
    ]


@pytest.mark.slow
def test_taxii2_client_pushes_and_pulls_all_that_we_emit(stranger, tmp_path):
    port = free_port()
    config = NodeConfig("evac", "Evacuating party", tmp_path / "data", port=port, exercise=True, sign_in=False)
    init_node(tmp_path, config, passphrase=None)
    node = open_node(config)
    add_collection(node, alias="warnings", title="Warnings")
    add_collection(node, alias="others", title="Read only")
    token = add_client(node, "platform", read=["warnings", "others"], write=["warnings"], rate=0)
    close_node(node)
    sent = objects()
    with served(tmp_path, port) as url:
        asked = {"url": f"{url}/taxii2/", "user": "platform", "password": token, "objects": sent}
        found = stranger("use_taxii", asked)
    assert found["collections"] == {"Warnings": [True, True], "Read only": [True, False]}
    assert found["failures"] == []
    assert found["status"] == ["complete", len(sent), 0, 0]
    assert found["again"] == ["complete", 1]
    assert found["bad"] == ["complete", 1, 1]
    versions = [[one["id"], one.get("modified", one["created"])] for one in sent]
    newest = {name: max(version for other, version in versions if other == name) for name, _ in versions}
    assert sorted(one["id"] for one in found["pulled"]) == sorted(newest)
    for one in found["pulled"]:
        assert one in sent and one.get("modified", one["created"]) == newest[one["id"]]
    assert sorted(name for name, _ in found["manifest"]) == sorted(newest)
    assert found["all versions"] == len(sent) and found["notes"] == len(answers())
    assert found["after the newest"] == [] and found["one"] == [sent[-1]["id"]]
    assert found["refused"] == "AccessError"
