"""Large posts: read by one process, kept by another, and by the server itself when that one is gone."""

import asyncio
import json
import signal
from itertools import count

import pytest

from loops import run
from safeconduct.config import NodeConfig
from safeconduct.errors import NodeUnavailable
from safeconduct.web.api.posts import Posts
from safeconduct.wiring import Running, close_node, init_node, open_node
from safeconduct.workflows.taxii_access import Caller
from safeconduct.workflows.taxii_admin import add_collection
from safeconduct.workflows.taxii_post import MUCH, read_post
from safeconduct.workflows.taxii_rows import Query
from taxii.conftest import NOW, indicator

CALLER = Caller("poster", "", 0, 1 << 20)


class Desk:
    """A node with one collection, and what keeps its posts."""

    def __init__(self, folder):
        config = NodeConfig("evac", "Evacuating party", folder / "data", exercise=True, sign_in=False)
        init_node(folder, config, passphrase=None)
        self.node = open_node(config)
        self.node.clock.move_to(NOW)
        self.collection = add_collection(self.node, alias="a", title="all")
        self.posts = Posts(Running(self.node, config, None))

    def read(self, *objects):
        content = json.dumps({"objects": list(objects)}).encode()
        return read_post(self.node, CALLER, self.collection, content)

    async def keep(self, *objects):
        return json.loads(await self.posts.keep(self.read(*objects)))

    def entries(self):
        with self.node.store.reading() as tx:
            return [json.loads(one.envelope) for one in tx.ledger.find("in:taxii")]

    def held(self):
        with self.node.store.reading() as tx:
            return {json.loads(b)["id"] for _, b in tx.taxii.bodies(self.collection, Query(limit=1_000))}

    def process(self):
        return self.posts._apart._open._process


@pytest.fixture
def desk(tmp_path):
    made = Desk(tmp_path)
    yield made
    made.posts.stop()
    close_node(made.node)


def many(number=60):
    return [indicator(description="x" * 300) for _ in range(number)]


def test_large_posts_are_kept_by_another_process_and_each_has_its_own_status_and_entry(desk, monkeypatch):
    posts = [many() for _ in range(5)]
    assert isinstance(desk.read(*posts[0]).read, bytes), "it crosses the server unopened"
    monkeypatch.setattr(desk.posts._here, "_answer_all", lambda _: pytest.fail("kept here"))

    async def all_at_once():
        return await asyncio.gather(*(desk.keep(*one) for one in posts))

    statuses = run(all_at_once())
    for status, post in zip(statuses, posts, strict=True):
        assert (status["status"], status["success_count"], status["failure_count"]) == ("complete", 60, 0)
        assert [one["id"] for one in status["successes"]] == [one["id"] for one in post]
        assert {one["version"] for one in status["successes"]} == {"2021-08-26T13:50:00.000Z"}
        assert status["request_timestamp"].startswith("2021-08-26T13:50:00")
    assert desk.held() == {one["id"] for post in posts for one in post}
    assert [one["status"] for one in desk.entries()] == [one["id"] for one in statuses]
    with desk.node.store.reading() as tx:
        assert json.loads(tx.taxii.status(statuses[2]["id"], desk.collection.root, CALLER.name)) == statuses[2]


def test_a_post_says_the_same_of_its_objects_whoever_keeps_it(desk):
    seen = {"type": "ipv4-addr", "spec_version": "2.1", "id": "ipv4-addr--ff26c055-6336-5bc5-b98d-13d6226742dd"}
    known = indicator()

    async def all_of_it():
        await desk.keep(known)
        good, bad = [*many(), seen, known], [*many(), seen, known, indicator(id="no id")]
        return await desk.keep(*good), await desk.keep(*good), await desk.keep(*bad)

    first, again, mixed = run(all_of_it())
    assert [one.get("message", "") for one in first["successes"]][:61] == [""] * 61
    observed = first["successes"][60]
    assert observed["id"] == seen["id"] and observed["version"].startswith("2021-08-26T13:50:00"), "when it came"
    assert first["successes"][61]["message"] == "kept already; nothing was changed"
    assert {one["message"] for one in again["successes"]} == {"kept already; nothing was changed"}
    assert (mixed["success_count"], mixed["failure_count"]) == (62, 1) and len(mixed["successes"][0]) == 2
    assert [one["failed"] for one in desk.entries()] == [0, 0, 0, 1]


def test_when_that_process_is_killed_posts_are_kept_here_and_objects_once(desk):
    posts = [many() for _ in range(3)]

    async def all_of_it():
        first = await desk.keep(*posts[0])
        process = desk.process()
        process.send_signal(signal.SIGSTOP)
        waiting = asyncio.gather(*(desk.keep(*one) for one in posts))
        await asyncio.sleep(0.05)
        process.kill()
        return first, await waiting, await desk.keep(*posts[1]), desk.process() is not process

    first, waited, after, another = run(all_of_it())
    assert another and [one["success_count"] for one in (first, *waited, after)] == [60] * 5
    assert [len(status["successes"][0]) for status in (first, *waited, after)] == [2, 3, 2, 2, 3]
    assert desk.held() == {one["id"] for post in posts for one in post}


def test_the_time_of_an_exercise_is_the_servers(desk):
    ticks = count(NOW + 1_000, 1_000)

    async def all_of_it():
        for at in (next(ticks), next(ticks)):
            desk.node.clock.move_to(at)
            await desk.keep(*many())

    run(all_of_it())
    with desk.node.store.reading() as tx:
        assert [one.at for one in tx.ledger.find("in:taxii")] == [NOW + 1_000, NOW + 2_000]


def test_what_goes_wrong_there_is_raised_here_and_the_next_post_is_kept(desk, tmp_path):
    node = tmp_path / "data" / "node.db"

    async def all_of_it():
        node.rename(tmp_path / "elsewhere")
        with pytest.raises(NodeUnavailable) as raised:
            await desk.keep(*many())
        (tmp_path / "elsewhere").rename(node)
        return raised.value.code, await desk.keep(*many())

    code, after = run(all_of_it())
    assert code == "no-database" and after["success_count"] == 60


def test_small_posts_start_no_process(desk):
    assert len(json.dumps(indicator())) < MUCH
    assert run(desk.keep(indicator()))["success_count"] == 1
    assert desk.posts._apart._open is None
