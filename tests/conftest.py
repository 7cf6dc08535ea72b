"""What all tests rest on."""

import os

import pytest
from hypothesis import settings
from hypothesis import strategies as st

# The same examples in every run, so that a failure is seen by who caused it. `make explore` looks for new ones.
settings.register_profile("repeatable", derandomize=True)
settings.register_profile("explore", derandomize=False, print_blob=True)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "repeatable"))


@pytest.fixture(scope="session", autouse=True)
def characters():
    """Make Hypothesis's table of characters before the first test.

    In a fresh clone it takes seconds, once. Within the first test that draws text it would count against that test,
    which then fails as too slow on a busy machine. Afterwards it is read from `.hypothesis`.
    """
    st.text().validate()
