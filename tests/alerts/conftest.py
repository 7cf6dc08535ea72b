"""Two nodes with an agreement, and a browser's way into each."""

from contextlib import ExitStack

import pytest
from litestar.testing import TestClient

from safeconduct.web.api.app import create_app
from safeconduct.wiring import Running
from workflows.two_nodes import World


@pytest.fixture
def world(tmp_path):
    """A world in which `evac_room` and `cordon_room` are clients of the two nodes' pages."""
    made = World(tmp_path)
    made.agree()
    with ExitStack() as rooms:
        for party in ("evac", "cordon"):
            app = create_app(Running(getattr(made, party), getattr(made, f"{party}_config"), None))
            client = rooms.enter_context(TestClient(app))
            client.headers["Accept"] = "text/html"
            setattr(made, f"{party}_room", client)
        yield made
    made.close()
