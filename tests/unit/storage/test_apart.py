"""Work in a second process: worked out there, once told what it is about, and here when that process is gone."""

import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from safeconduct.errors import BadInput, SafeconductError
from safeconduct.storage.apart import Apart

MADE = {"unpickled": 0}


class Basis:
    """Counts, in the process that gets it, how often it came."""

    def __setstate__(self, state):
        MADE["unpickled"] += 1


def where(basis, given):
    print("a stray line is no answer")
    return os.getpid(), MADE["unpickled"], given


def refuse(basis, given):
    raise BadInput("bad-object", where=given, expected="something", seen="nothing")


ROOT = Path(__file__).parents[3]
PATHS = os.pathsep.join(str(ROOT / one) for one in (".", "src", "tests"))


@pytest.fixture
def apart(monkeypatch):
    monkeypatch.setenv("PYTHONPATH", PATHS)  # as the other process is to find the functions of this file
    made = Apart()
    yield made
    made.close()


def test_work_is_done_by_another_process_that_is_told_the_basis_once(apart):
    basis = Basis()
    basis.filled = True
    first, again = apart(where, basis, "a"), apart(where, basis, "b")
    other = Basis()
    other.filled = True
    third = apart(where, other, "c")
    assert first[0] == again[0] == third[0] != os.getpid()
    assert [(one[1], one[2]) for one in (first, again, third)] == [(1, "a"), (1, "b"), (2, "c")]


def test_an_error_is_raised_where_the_work_was_asked_for_with_all_that_it_says(apart):
    with pytest.raises(BadInput) as raised:
        apart(refuse, None, "objects[3]")
    assert (raised.value.code, raised.value.where, raised.value.seen) == ("bad-object", "objects[3]", "'nothing'")
    assert str(raised.value) == "objects[3]: expected something, saw 'nothing'"
    assert isinstance(raised.value, SafeconductError)
    assert apart(where, None, 1)[2] == 1, "and the next work is done"


def test_without_its_process_the_work_is_done_here_and_then_by_a_new_one(apart):
    before = apart(where, None, 1)[0]
    os.kill(before, signal.SIGKILL)
    assert apart(where, None, 2)[0] == os.getpid()
    after = apart(where, None, 3)[0]
    assert after not in {before, os.getpid()}
    apart.close()
    assert not _alive(after)


def test_who_asks_may_name_what_is_done_here_instead(apart):
    assert apart(where, None, 1, here=lambda: "here")[0] != os.getpid(), "not while there is a process"
    os.kill(apart(where, None, 1)[0], signal.SIGKILL)
    assert apart(where, None, 2, here=lambda: "here") == "here"


def test_many_threads_may_ask(apart):
    found = []
    threads = [threading.Thread(target=lambda n=n: found.append(apart(where, None, n)[2])) for n in range(20)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert sorted(found) == list(range(20))


def test_the_process_ends_with_the_one_that_started_it():
    program = (
        "import sys; from unit.storage.test_apart import where; from safeconduct.storage.apart import Apart\n"
        "print(Apart()(where, None, 0)[0], flush=True); sys.stdin.read()"
    )
    started = subprocess.Popen(
        [sys.executable, "-c", program],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": PATHS},
    )
    child = int(started.stdout.readline())
    assert _alive(child)
    started.kill()
    started.wait()
    until = time.monotonic() + 10
    while _alive(child) and time.monotonic() < until:
        time.sleep(0.05)
    assert not _alive(child)
    started.stdin.close()
    started.stdout.close()


def _alive(pid):
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False
