"""`safeconduct taxii` as a person types it, and taxii2-client against the node that it serves."""

import json
import subprocess
from pathlib import Path

import pytest

from browser.served import free_port, served
from safeconduct.cli.main import app
from safeconduct.cli.speak import in_one_line
from safeconduct.config import NodeConfig
from safeconduct.wiring import init_node
from taxii.conftest import indicator

PYTHON = next((one for name in ("interop", "bench") if (one := Path(f".venv-{name}/bin/python")).exists()), None)
STRANGER = """
import json, sys
from taxii2client.v21 import Server, as_pages
server = Server(sys.argv[1], user=sys.argv[2], password=sys.argv[3])
[root] = server.api_roots
[collection] = root.collections
status = collection.add_objects({"objects": json.loads(sys.argv[4])}, wait_for_completion=True)
pages = list(as_pages(collection.get_objects, per_request=10))
found = [one["id"] for page in pages for one in page["objects"]]
manifest = [one["id"] for page in as_pages(collection.get_manifest, per_request=10) for one in page["objects"]]
first = collection.get_object(found[0])["objects"][0]
versions = collection.object_versions(found[0])["versions"]
filtered = collection.get_objects(type=["indicator"], version="all", limit=3)["objects"]
collection.delete_object(found[0])
left = sum(len(page["objects"]) for page in as_pages(collection.get_objects, per_request=10))
print(json.dumps({
    "title": server.title, "max": root.max_content_length, "can": [collection.can_read, collection.can_write],
    "success": status.success_count, "status": status.status, "pages": len(pages), "found": found,
    "manifest": manifest, "first": first, "versions": versions, "filtered": len(filtered), "left": left,
}))
"""


@pytest.fixture
def folder(tmp_path):
    config = NodeConfig("evac", "Evacuating party", tmp_path / "data", port=free_port(), exercise=True, sign_in=False)
    init_node(tmp_path, config, passphrase=None)
    return tmp_path, config.port


@pytest.fixture
def say(capfd, folder):
    """Run `safeconduct taxii`; return the status, and what was said (JSON if it worked)."""

    def run(*arguments, as_json=True):
        given = ["taxii", *arguments, "-n", str(folder[0]), *["--json"] * as_json]
        with pytest.raises(SystemExit) as ended:
            in_one_line(lambda: app(given, prog_name="safeconduct"))
        seen = capfd.readouterr()
        status = int(ended.value.code or 0)
        return status, (json.loads(seen.out) if as_json and not status else seen.out or seen.err)

    return run


def test_collections_and_clients_are_made_listed_and_removed(say):
    assert "makes others" in say("collection", "list", as_json=False)[1]
    assert "makes one" in say("client", "list", as_json=False)[1]
    made = say("collection", "add", "ours", "--title", "What we know")[1]
    assert made["path"] == f"/taxii/shared/collections/{made['id']}/"
    token = say("client", "add", "platform", "--read", "ours", "--write", made["id"], "--rate", "5")[1]["token"]
    assert len(token) == 48
    [one] = say("client", "list")[1]["clients"]
    assert (one["name"], one["rate"], one["rights"][0]["read"], one["rights"][0]["write"]) == (
        "platform",
        5,
        True,
        True,
    )
    listed = say("client", "list", as_json=False)[1]
    assert "reads and fills ours" in listed and "5 requests a minute" in listed and token not in listed
    [kept] = say("collection", "list")[1]["collections"]
    assert (kept["id"], kept["versions"]) == (made["id"], 0)
    assert "for named clients" in say("collection", "list", as_json=False)[1]
    types = ["application/stix+json;version=2.0", "application/stix+json;version=2.1"]
    given = [word for one in types for word in ("--media-type", one)]
    assert say("collection", "add", "older", "--title", "Two versions", *given)[1]["media_types"] == types
    status, line = say("collection", "add", "wrong", "--title", "None", "--media-type", "text/plain")
    assert status == 2 and line.count("\n") == 1 and "application/stix+json" in line
    assert say("client", "remove", "platform")[1] == {"removed": "platform"}
    status, line = say("client", "remove", "platform")
    assert status == 2 and line.count("\n") == 1 and "the name of a client" in line


@pytest.mark.slow
@pytest.mark.skipif(PYTHON is None, reason="no taxii2-client: tools/setup.sh interop")
def test_taxii2_client_pushes_pulls_and_deletes(say, folder):
    say("collection", "add", "ours", "--title", "What we know")
    token = say("client", "add", "platform", "--read", "ours", "--write", "ours")[1]["token"]
    made = [indicator(name=f"number {number}", x_kept={"as": "it came"}) for number in range(25)]
    with served(*folder) as address:
        command = [str(PYTHON), "-c", STRANGER, f"{address}/taxii2/", "platform", token, json.dumps(made)]
        done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    ids = [one["id"] for one in made]
    assert (told["title"], told["max"], told["can"]) == ("safeconduct: Evacuating party", 32 << 20, [True, True])
    assert (told["status"], told["success"], told["pages"]) == ("complete", 25, 3)
    assert told["found"] == told["manifest"] == ids and told["first"] == made[0]
    assert told["versions"] == [made[0]["modified"]] and told["filtered"] == 3 and told["left"] == 24
