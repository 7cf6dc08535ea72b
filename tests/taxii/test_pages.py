"""A page that is answered before the framework is what the routes behind it answer, in every byte and header."""

import pytest

from loops import run
from safeconduct.web.api.app import HEADERS, create_app
from safeconduct.web.api.front import Front
from safeconduct.wiring import Running
from taxii.conftest import FIRST, LAST, TAXII, basic, indicator

QUERIES = (
    "", "limit=2", "limit=2&added_after=2021-08-26T13:50:00.000001Z", "added_after=2031-01-01T00:00:00Z", "limit=0",
    "added_after=yesterday", "next=zz", "limit=2&limit=3", "match%5Btype%5D=indicator", "match[version]=all", "foo=bar",
    "added_after=%FF", "limit=2&match[spec_version]=2.0",
)  # fmt: skip
ACCEPTS = (TAXII, "application/taxii+json;version=2.0", "*/*", "text/html", "")


def answer_of(app, path, query, headers):
    """What an ASGI application sends: status, headers, body."""
    sent = []

    async def receive():
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message):
        sent.append(message)

    scope = {
        "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": "GET", "scheme": "http",
        "path": path, "raw_path": path.encode(), "query_string": query.encode(), "root_path": "", "headers": headers,
        "client": ("127.0.0.1", 1), "server": ("127.0.0.1", 2), "state": {},
    }  # fmt: skip
    run(app(scope, receive, send))
    body = b"".join(one.get("body", b"") for one in sent[1:])
    return sent[0]["status"], {name.lower(): value for name, value in sent[0]["headers"]}, body


class Behind:
    """An application that counts what reaches it."""

    def __init__(self, app):
        self.app, self.state, self.asked = app, app.state, 0

    async def __call__(self, *given):
        self.asked += 1
        await self.app(*given)


@pytest.fixture
def apps(served):
    behind = Behind(create_app(Running(served.node, None, None)))
    served.both.post("ours", *(indicator() for _ in range(5)))
    return behind, Front(behind, HEADERS), served


def test_both_ways_give_the_same_answer_to_every_question(apps):
    behind, front, served = apps
    path = f"{served.both.root}collections/ours/objects/"
    for query in QUERIES:
        for accept in ACCEPTS:
            headers = [
                (b"accept", accept.encode()),
                (b"authorization", basic(served.both.name, served.both.token).encode()),
            ]
            assert answer_of(front, path, query, headers) == answer_of(behind, path, query, headers), (query, accept)


def test_a_plain_page_does_not_reach_the_framework_and_all_else_does(apps):
    behind, front, served = apps
    token = basic(served.both.name, served.both.token).encode()
    good = [(b"accept", TAXII.encode()), (b"authorization", token)]
    path = f"{served.both.root}collections/{served.ids['ours']}/objects"

    def reached(path=path, query="limit=2", headers=good):
        before = behind.asked
        answer = answer_of(front, path, query, headers)
        return behind.asked - before, answer

    count, (status, headers, body) = reached()
    assert (count, status) == (0, 200) and body.startswith(b'{"more":true,"next":"')
    assert headers[FIRST.encode()] < headers[LAST.encode()] and headers[b"cache-control"] == b"no-store"
    assert headers[b"content-length"] == str(len(body)).encode()
    wrong = [(b"accept", TAXII.encode()), (b"authorization", basic(served.both.name, "0" * 48).encode())]
    writer = basic(served.writer.name, served.writer.token).encode()
    for expected, changes in (
        (401, {"headers": good[:1]}), (401, {"headers": wrong}), (403, {"headers": [good[0], (b"authorization", writer)]}),
        (406, {"headers": [(b"accept", b"text/html"), good[1]]}), (400, {"query": "limit=no"}),
        (404, {"path": f"{served.both.root}collections/theirs/objects"}), (200, {"query": "match[type]=indicator"}),
        (401, {"headers": [*good, (b"signature-input", b'x=();tag="safeconduct-request"')]}),
    ):  # fmt: skip
        count, answer = reached(**changes)
        assert (count, answer[0]) == (1, expected), changes


def test_a_header_said_twice_is_read_as_one_list(apps):
    behind, front, served = apps
    token = basic(served.both.name, served.both.token).encode()
    headers = [(b"accept", b"text/html"), (b"accept", TAXII.encode()), (b"authorization", token)]
    path = f"{served.both.root}collections/ours/objects/"
    assert answer_of(front, path, "", headers) == answer_of(behind, path, "", headers)
    assert answer_of(front, path, "", headers)[0] == 200


def test_the_pace_counts_pages_too(apps):
    behind, front, served = apps
    headers = [(b"accept", TAXII.encode()), (b"authorization", basic(served.both.name, served.both.token).encode())]
    counted = []
    behind.state["taxii-pace"].count = counted.append
    answer_of(front, f"{served.both.root}collections/ours/objects/", "", headers)
    assert [one.name for one in counted] == [served.both.name]
