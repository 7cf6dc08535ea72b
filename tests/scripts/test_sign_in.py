"""An ordinary node over HTTP: nothing is shown or done without a token, but what proves itself by its own signature."""

import pytest
from litestar.testing import TestClient

from safeconduct.config import NodeConfig
from safeconduct.web.api.app import create_app
from safeconduct.web.api.guards import COOKIE
from safeconduct.wiring import init_node, start_node

PAGE = {"accept": "text/html"}
# Open to all: the public half of the party, what is signed by devices or the partner, the way in and out, pictures.
OPEN = {
    ("GET", "/health"), ("GET", "/api/card"), ("GET", "/log/checkpoint"), ("GET", "/signin"), ("POST", "/signin"),
    ("POST", "/signout"), ("POST", "/peer/envelopes"), ("POST", "/witness/add-checkpoint"), ("POST", "/devices/segments"),
    ("GET", "/devices/{device:str}/bundle"), ("POST", "/devices/check"), ("POST", "/devices/check/session"),  # signed by an enrolled device
    ("GET", "/devices/{device:str}/used"),  # likewise
    ("GET", "/devices/{device:str}/key"),  # likewise
    ("GET", "/tell"), ("POST", "/tell"), ("POST", "/tell/more"),  # the travellers' own report, without an account
    ("GET", "/scan"), ("GET", "/scan/{path:path}"), ("GET", "/scan/time"),  # the scanner's files hold no secret
    ("POST", "/scan/enrol"),  # 128 random bits in the code, and the phone's key, prove themselves
    ("GET", "/cap/feed.atom"), ("GET", "/cap/{name:str}"),  # gate advice for everybody, once it is switched on
    ("GET", "/trust"), ("GET", "/trust/root.crt"), ("GET", "/trust/root.mobileconfig"), ("GET", "/trust/trust.css"),  # public
    ("GET", "/l/{token:str}"), ("POST", "/l/{token:str}/answer"),  # 192 random bits in the address open one release
}  # fmt: skip


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """A node that works for real (its root key is sealed to a passphrase), and the token of its first operator."""
    folder = tmp_path_factory.mktemp("real")
    config = NodeConfig("evac", "Evacuating party", folder / "data", exercise=False, sign_in=True)
    return config, init_node(folder, config, passphrase="a phrase for the test")


@pytest.fixture
def node(made):
    """A client that has not signed in, and the token."""
    config, token = made
    with TestClient(create_app(start_node(config))) as client:
        client.follow_redirects = False
        yield client, token


def routes(client):
    for route in client.app.routes:
        for method in getattr(route, "methods", ()):
            if method in ("GET", "POST") and not route.path.startswith(("/static", "/api/schema")):
                yield method, route.path


def test_no_route_answers_without_a_token_but_those_that_are_open_on_purpose(node):
    client, _ = node
    seen = set(routes(client))
    assert seen >= OPEN
    assert len(seen - OPEN) > 25
    for method, path in sorted(seen - OPEN):
        place = path.replace("{version_number:int}", "1").replace("{index:int}", "0")
        place = place.replace("{incident:str}", "x").replace("{release:str}", "x")
        assert client.request(method, place).status_code == 401, (method, path)
        wrong = client.request(method, place, headers={"authorization": "Bearer " + "0" * 48})
        assert wrong.status_code == 401, (method, path)


def test_a_person_is_led_to_the_way_in_and_back_and_out(node):
    client, token = node
    away = client.get("/agreement", headers=PAGE)
    assert (away.status_code, away.headers["location"]) == (303, "/signin")
    assert client.get("/signin").status_code == 200
    wrong = client.post("/signin", data={"password": "guessed", "then": "/agreement"})
    assert wrong.status_code == 401 and COOKIE not in wrong.cookies
    assert "guessed" not in wrong.text
    there = client.post("/signin", data={"password": token, "then": "/agreement"})
    assert (there.status_code, there.headers["location"]) == (303, "/agreement")
    said = there.headers["set-cookie"].lower()
    assert "httponly" in said and "samesite=strict" in said
    assert client.get("/").status_code == 200
    client.post("/signout")
    assert client.get("/").status_code == 401


@pytest.mark.parametrize(
    "then", ["//elsewhere", "https://elsewhere", "/\\elsewhere", "/\t/elsewhere", "/\n/elsewhere", ""]
)
def test_the_way_in_leads_nowhere_else(node, then):
    client, token = node
    assert client.post("/signin", data={"password": token, "then": then}).headers["location"] == "/"


def test_a_page_of_another_site_can_ask_for_nothing(node):
    client, token = node
    crossed = {"authorization": f"Bearer {token}", "sec-fetch-site": "cross-site"}
    assert client.post("/api/departures", headers=crossed).status_code == 403
    assert client.post("/api/departures", headers={"authorization": f"Bearer {token}"}).status_code == 200


def test_the_clock_of_a_real_node_cannot_be_set(node):
    client, token = node
    answer = client.post("/api/exercise/clock", json={"now": 1}, headers={"authorization": f"Bearer {token}"})
    assert answer.status_code == 403
