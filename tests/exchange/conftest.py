"""Two nodes that speak over HTTP in this process: each with its application, and a courier that calls the other's."""

from dataclasses import replace

import pytest
from litestar.testing import TestClient

from safeconduct.exchange.courier import Courier, HttpPush
from safeconduct.exchange.signed_http import PartyKey
from safeconduct.wiring import Running
from safeconduct.workflows.sign_agreement import accept, propose
from workflows.two_nodes import World


class Wired(World):
    """Two nodes whose couriers' requests go through the whole application of the other node."""

    def __init__(self, base):
        super().__init__(base)
        self.clients, self.couriers = {}, {}

    def join(self):
        """Open both applications and both couriers."""
        from safeconduct.web.api.app import create_app  # noqa: PLC0415  (large; only what speaks HTTP needs it)

        for party, other in (("evac", "cordon"), ("cordon", "evac")):
            node = getattr(self, other)
            app = create_app(Running(node, replace(getattr(self, f"{other}_config"), port=1), None))
            app.on_shutdown.clear()  # the world closes its nodes itself
            client = TestClient(app, base_url="http://node.local")
            client.__enter__()
            client.auth = PartyKey(getattr(self, party))
            courier = Courier(getattr(self, party), "http://node.local")
            courier._http.close()
            courier._http = client
            courier.use(HttpPush(client))
            self.clients[party], self.couriers[party] = client, courier
        return self

    def part(self):
        for client in self.clients.values():
            client.__exit__(None, None, None)
        self.clients, self.couriers = {}, {}

    def rounds(self, number=2):
        """Let both couriers go, in turn."""
        return [self.couriers[party].round() for _ in range(number) for party in ("evac", "cordon")]

    def agree_over_http(self):
        propose(self.evac, self.terms())
        self.rounds(1)
        accept(self.cordon, 1)
        self.rounds(1)
        return self


@pytest.fixture
def strangers(tmp_path):
    """Two nodes that are joined and have no agreement yet."""
    world = Wired(tmp_path).join()
    yield world
    world.part()
    world.close()


@pytest.fixture
def wired(strangers):
    """The same with an agreement in force."""
    return strangers.agree_over_http()
