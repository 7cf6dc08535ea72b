"""Two nodes that know each other's card (`apart`), and the same with an agreement in force (`world`)."""

import pytest

from workflows.two_nodes import World


@pytest.fixture
def apart(tmp_path):
    world = World(tmp_path)
    yield world
    world.close()


@pytest.fixture
def world(apart):
    apart.agree()
    return apart
