"""Served nodes and phones for the tests of the scanner page."""

import pytest

from browser import served
from browser.served import CHROMIUM
from scanner.gate_node import GateNode


@pytest.fixture(scope="session")
def playing():
    return served.playing()


@pytest.fixture(scope="module")
def node(tmp_path_factory):
    return GateNode(tmp_path_factory.mktemp("gate"))


@pytest.fixture(scope="module")
def address(node):
    with node.serve() as found:
        yield found


@pytest.fixture(scope="session")
def chromium(playing):
    browser = playing.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
    yield browser
    browser.close()
