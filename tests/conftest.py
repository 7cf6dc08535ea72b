"""What all tests rest on."""

import pytest
from hypothesis import strategies as st


@pytest.hookimpl(tryfirst=True)
def pytest_sessionstart():
    """Make Hypothesis's table of characters before any test runs, and before workers do it all at once.

    In a fresh clone it takes seconds, once; within the first test that draws text it would count against that test,
    which then fails as too slow on a busy machine. Afterwards it is read from `.hypothesis`.
    """
    st.text().validate()
