"""A store of its own for each test, with one TAXII collection, and STIX objects to put into it."""

import uuid

import pytest

from safeconduct.storage.database import SqliteStore
from safeconduct.workflows.taxii_objects import to_store
from safeconduct.workflows.taxii_rows import Collection

DAY = "2021-08-26T13:50:00.000Z"


@pytest.fixture
def store(tmp_path):
    made = SqliteStore(tmp_path, create=True)
    yield made
    made.close()


@pytest.fixture
def kept(store):
    with store.transaction() as tx:
        return tx.taxii.add_collection(collection("r", "a"))


def collection(root, alias):
    return Collection(0, str(uuid.uuid4()), root, alias, "t", "", "", "own", 1)


def thing(number=0, modified=DAY, kind="indicator"):
    name = f"{kind}--{uuid.UUID(int=number, version=4)}"
    return to_store({"type": kind, "spec_version": "2.1", "id": name, "created": DAY, "modified": modified})
