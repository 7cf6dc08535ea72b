"""Every reader of bytes from outside answers thousands of damaged inputs with its own errors: a short run of `make fuzz`."""

import random
import time

import pytest

from fuzz.mutate import mutated
from fuzz.targets import targets

SECONDS = 0.4  # for each target; `make fuzz` runs for minutes
TARGETS = targets()


@pytest.mark.parametrize("name", TARGETS)
def test_no_input_gets_another_exception_than_ours(name):
    target, rng = TARGETS[name], random.Random(name)
    for seed in target.seeds:
        target(seed)
    until, tried = time.monotonic() + SECONDS, 0
    while time.monotonic() < until:
        data = mutated(rng, rng.choice(target.seeds), rng.choice(target.seeds))
        try:
            target(data)
        except Exception as fault:
            fault.add_note(f"{name}, case {tried}: {data[:400].hex()}")
            raise
        tried += 1
    assert tried > 20, "the run is long enough to mean something"
