"""The agreement over HTTP and on its page: suspended and renewed, its terms told and judged."""

from dataclasses import replace

import pytest
from litestar.testing import TestClient

from safeconduct.web.api.app import create_app
from safeconduct.wiring import start_node


@pytest.mark.seed("S-62", "S-16", "S-87", "S-55", "S-75")
def test_the_page_shows_what_was_recorded_over_http(joined):
    with TestClient(create_app(start_node(joined.evac_config))) as client:
        assert "never told to Cordon party" in client.get("/agreement").text
        breach = {"kind": "breach", "text": "a convoy was held up"}
        made = client.post("/api/agreement/state", json=breach)
        assert (made.status_code, made.json()["state"]) == (200, "suspended")
        assert client.post("/api/agreement/state", json=breach).json() == made.json()
        told = {"term": "search", "stage": "told", "text": "search after a warning"}
        index = client.post("/api/agreement/terms", json=told).json()["ledger_index"]
        assert index > made.json()["ledger_index"]
        judged = {"term": "guarantee", "stage": "not-met", "text": "buses were sent back", "evidence": "entry 40"}
        assert client.post("/api/agreement/terms", json=judged).status_code == 200
        page = client.get("/agreement").text
        for part in (
            "suspended", "a convoy was held up", "told to Cordon party by Evacuating party", "buses were sent back",
            "not met, as Evacuating party judges", "on condition:", "The sources give different dates",
        ):  # fmt: skip
            assert part in page, part
        assert "is suspended" in client.get("/").text
        assert client.get("/api/agreement").json()["state"] == "suspended"


@pytest.mark.parametrize(
    ("path", "given", "status", "code"),
    [
        ("state", {"kind": "renewal"}, 422, "not-suspended"),
        ("state", {"kind": "quarrel", "text": "x"}, 400, "bad-request"),
        ("state", {"kind": "lapse"}, 400, "bad-field"),
        ("state", {"kind": "lapse", "text": "x", "by": "cordon"}, 400, "bad-request"),
        ("terms", {"term": "search", "stage": "met", "text": "x"}, 400, "evidence-missing"),
        ("terms", {"term": "search", "stage": "acknowledged", "text": "x"}, 422, "unknown-sender"),
    ],
    ids=["nothing-to-renew", "no-such-kind", "no-words", "another-name", "no-evidence", "not-ours-to-say"],
)
def test_what_may_not_be_recorded_is_answered_with_its_reason(joined, path, given, status, code):
    with TestClient(create_app(start_node(joined.evac_config))) as client:
        answer = client.post(f"/api/agreement/{path}", json=given)
        assert (answer.status_code, answer.json().get("error") or answer.json().get("refused")) == (status, code)


def test_only_operators_change_the_agreement(joined):
    with TestClient(create_app(start_node(replace(joined.evac_config, sign_in=True)))) as client:
        assert client.get("/api/agreement").status_code == 401
        assert client.post("/api/agreement/state", json={"kind": "last-departure"}).status_code == 401
        assert client.post("/api/agreement/terms", json={}).status_code == 401
