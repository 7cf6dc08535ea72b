"""A second process for a stream of things: what has come meanwhile is done at once, and answered in order."""

import asyncio
import os
import signal
import time
from pathlib import Path

import pytest

import loops
from safeconduct.errors import BadInput
from safeconduct.storage import apart_stream
from safeconduct.storage.apart_stream import ApartStream, ProcessGone

ROOT = Path(__file__).parents[3]
PATHS = os.pathsep.join(str(ROOT / one) for one in (".", "src", "tests"))
MOST = 16


@pytest.fixture(autouse=True)
def _findable(monkeypatch):
    monkeypatch.setenv("PYTHONPATH", PATHS)  # as the other process is to find the functions of this file


def counted(basis, things):
    """Say for each thing where it was done, with how many others, and what it was."""
    print("a stray line is no answer")
    time.sleep(0.01)
    return [(os.getpid(), len(things), basis, thing) for thing in things]


def refuse(basis, things):
    raise BadInput("bad-object", where=things[0], expected="something", seen="nothing")


def die(basis, things):
    os.kill(os.getpid(), signal.SIGKILL)


def run(work, body, most=MOST):
    """Run a coroutine function of a stream; in a thread, since a browser test may have left a loop in this one."""

    async def within():
        stream = ApartStream(work, lambda: "basis", most)
        try:
            return await body(stream)
        finally:
            stream.close()

    return loops.run(within())


def test_things_are_answered_each_with_its_own_by_another_process():
    async def body(stream):
        return await asyncio.gather(*map(stream, range(200)))

    found = run(counted, body)
    assert [thing for *_, thing in found] == list(range(200))
    assert {basis for _, _, basis, _ in found} == {"basis"}
    assert len({process for process, *_ in found} - {os.getpid()}) == 1


def test_one_alone_is_done_alone_and_what_comes_meanwhile_is_done_together():
    async def body(stream):
        alone = await stream("first")
        busy = asyncio.create_task(stream("second"))
        await asyncio.sleep(0.003)
        rest = await asyncio.gather(*map(stream, range(40)))
        return [alone, await busy, *rest]

    found = run(counted, body)
    assert found[0][1] == found[1][1] == 1
    assert max(together for _, together, *_ in found) <= MOST
    assert sum(1 / together for _, together, *_ in found[2:]) <= 4, "40 things in four goes at most"


def test_what_goes_wrong_reaches_all_of_them_and_the_next_are_done():
    async def body(stream):
        both = await asyncio.gather(stream("a"), stream("b"), return_exceptions=True)
        return [*both, *await asyncio.gather(stream("c"), return_exceptions=True)]

    found = run(refuse, body)
    assert [(one.code, one.where) for one in found] == [("bad-object", "a"), ("bad-object", "a"), ("bad-object", "c")]


def test_when_the_process_ends_all_who_wait_are_told_and_the_next_call_starts_another():
    async def body(stream):
        first = (await stream(1))[0]
        os.kill(first, signal.SIGSTOP)
        waiting = [asyncio.create_task(stream(n)) for n in range(5)]
        await asyncio.sleep(0.02)
        os.kill(first, signal.SIGKILL)
        told = await asyncio.gather(*waiting, return_exceptions=True)
        return first, told, (await stream(2))[0]

    first, told, second = run(counted, body)
    assert [type(one) for one in told] == [ProcessGone] * 5
    assert second not in {first, os.getpid()}


def test_a_process_that_ends_over_its_work_is_no_answer():
    async def body(stream):
        return await asyncio.gather(stream(1), return_exceptions=True)

    assert [type(one) for one in run(die, body)] == [ProcessGone]


def test_who_goes_away_is_passed_over():
    async def body(stream):
        await stream(0)
        gone = asyncio.create_task(stream(1))
        await asyncio.sleep(0.003)
        gone.cancel()
        return (await stream(2))[3]

    assert run(counted, body) == 2
    assert [type(one) for one in run(refuse, _cancelled)] == [BadInput]


async def _cancelled(stream):
    await asyncio.gather(stream("first"), return_exceptions=True)
    gone = asyncio.create_task(stream("gone"))
    await asyncio.sleep(0)
    gone.cancel()
    return await asyncio.gather(stream("here"), return_exceptions=True)


def test_large_things_cross_whole():
    async def body(stream):
        return await asyncio.gather(*(stream(bytes([n]) * 400_000) for n in range(8)))

    assert [thing for *_, thing in run(counted, body)] == [bytes([n]) * 400_000 for n in range(8)]


def test_a_process_that_does_not_end_is_ended(monkeypatch):
    monkeypatch.setattr(apart_stream, "PATIENCE", 0.1)

    async def body(stream):
        process = (await stream(1))[0]
        os.kill(process, signal.SIGSTOP)
        stream.close()
        return process

    process = run(counted, body)
    assert not Path(f"/proc/{process}").exists()


def test_closing_lets_the_process_finish_and_ends_it():
    async def body(stream):
        process = (await stream(1))[0]
        stream.close()
        stream.close()
        return process

    process = run(counted, body)
    assert not Path(f"/proc/{process}").exists()
