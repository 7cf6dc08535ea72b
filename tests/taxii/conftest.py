"""A node with two collections of its own and clients with different rights, over HTTP."""

import base64
import json
import uuid
from dataclasses import dataclass

import pytest
from litestar.testing import TestClient

from safeconduct.config import NodeConfig
from safeconduct.web.api.app import HEADERS, create_app
from safeconduct.web.api.front import Front
from safeconduct.wiring import init_node, start_node
from safeconduct.workflows.taxii_admin import add_client, add_collection

TAXII = "application/taxii+json;version=2.1"
DAY = "2021-08-26T13:50:00.000Z"
FIRST, LAST = "x-taxii-date-added-first", "x-taxii-date-added-last"
NOW = 1_629_985_800  # 2021-08-26T13:50:00Z
NOBODY = "00000000-0000-4000-8000-000000000000"


def basic(name, token):
    return "Basic " + base64.b64encode(f"{name}:{token}".encode()).decode()


def indicator(modified=DAY, **changes):
    """A STIX object as another platform would post it."""
    return {
        "type": "indicator", "spec_version": "2.1", "id": f"indicator--{uuid.uuid4()}", "created": DAY,
        "modified": modified, "name": "a thing seen", "pattern": "[file:name = 'x']", "pattern_type": "stix",
        "valid_from": DAY, **changes,
    }  # fmt: skip


@dataclass
class Asker:
    """One TAXII client as a person would write it: each call says its media types and who it is."""

    http: TestClient
    name: str
    token: str
    root: str

    def call(self, method, path, *, accept=TAXII, kind=TAXII, **options):
        headers = {"authorization": basic(self.name, self.token), "accept": accept, **options.pop("headers", {})}
        if "content" in options:
            headers["content-type"] = kind
        return self.http.request(method, path if path.startswith("/") else self.root + path, headers=headers, **options)

    def get(self, path, **options):
        return self.call("GET", path, **options)

    def post(self, collection, *objects, **options):
        content = json.dumps({"objects": list(objects)}).encode()
        return self.call("POST", f"collections/{collection}/objects/", content=content, **options)

    def objects(self, collection, query=""):
        answer = self.get(f"collections/{collection}/objects/{query}")
        assert answer.status_code == 200, answer.text
        return answer.json().get("objects", [])


@dataclass
class Served:
    """The node, its collections by alias, its clients by name, and their API root, which no other test has."""

    http: TestClient
    node: object
    root: str
    ids: dict
    clients: dict

    def __getattr__(self, name):
        return self.clients[name]


@pytest.fixture(scope="session")
def running_node(tmp_path_factory):
    """One node for all tests; each has an API root of its own."""
    folder = tmp_path_factory.mktemp("taxii")
    config = NodeConfig("evac", "Evacuating party", folder / "data", exercise=True, sign_in=False)
    init_node(folder, config, passphrase=None)
    running = start_node(config)
    with TestClient(Front(create_app(running), HEADERS)) as http:
        running.node.clock.move_to(NOW)
        yield http, running.node


@pytest.fixture
def served(running_node):
    """Clients: `both` reads and writes the collection `ours`; `reader` and `writer` do one; `other` has another."""
    http, node = running_node
    root = f"t{node.random.bytes(6).hex()}"
    ids = {
        alias: add_collection(node, alias=alias, title=f"All of {alias}", root=root).id for alias in ("ours", "theirs")
    }
    rights = {
        "both": (["ours"], ["ours"]), "reader": (["ours"], []), "writer": ([], ["ours"]), "other": (["theirs"], []),
    }  # fmt: skip
    clients = {}
    for name, (read, write) in rights.items():
        full = f"{name}-{root}"
        token = add_client(node, full, read=[ids[one] for one in read], write=[ids[one] for one in write], rate=0)
        clients[name] = Asker(http, full, token, f"/taxii/{root}/")
    return Served(http, node, root, ids, clients)
