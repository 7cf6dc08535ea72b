"""The command line run in this process, a node over HTTP, and two joined nodes for them to work on."""

import json

import pytest
from litestar.testing import TestClient

from safeconduct.cli.main import app
from safeconduct.cli.speak import in_one_line
from safeconduct.web.api.app import create_app
from safeconduct.wiring import Running, start_node
from workflows.two_nodes import World


@pytest.fixture
def say(capfd):
    """Run the command in this process; return (exit status, standard output, standard error)."""

    def run(*arguments):
        with pytest.raises(SystemExit) as ended:
            in_one_line(lambda: app([str(a) for a in arguments], prog_name="safeconduct"))
        seen = capfd.readouterr()
        return int(ended.value.code or 0), seen.out, seen.err

    return run


@pytest.fixture
def joined(tmp_path):
    """A world with an agreement, closed, so that the commands can open its folders."""
    world = World(tmp_path)
    world.agree()
    world.close()
    return world


@pytest.fixture
def run(joined, tmp_path, capfd):
    """Run `safeconduct` at a party; return the status, and what was said (JSON with `as_json`)."""

    def call(*arguments, party="evac", as_json=True):
        given = [*map(str, arguments), "-n", str(tmp_path / party), *["--json"] * as_json]
        with pytest.raises(SystemExit) as ended:
            in_one_line(lambda: app(given, prog_name="safeconduct"))
        seen = capfd.readouterr()
        status = int(ended.value.code or 0)
        return status, (json.loads(seen.out) if as_json and status < 2 else seen.out or seen.err)

    return call


@pytest.fixture
def client(joined):
    """Ask the evacuating party's node over HTTP."""
    with TestClient(create_app(start_node(joined.evac_config))) as found:
        yield found


@pytest.fixture
def room(tmp_path):
    """The evacuating party's room with a roll of 24 people, nothing issued yet."""
    world = World(tmp_path)
    world.agree()
    world.groups = world.enlist()
    with TestClient(create_app(Running(world.evac, world.evac_config, None))) as client:
        client.follow_redirects = True
        world.client = client
        yield world
    world.cordon.store.close()
