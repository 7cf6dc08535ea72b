"""What all tests rest on."""

import pytest
from hypothesis import strategies as st


@pytest.fixture(scope="session", autouse=True)
def characters():
    """Make Hypothesis's table of characters before the first test.

    In a fresh clone it takes seconds, once. Within the first test that draws text it would count against that test,
    which then fails as too slow on a busy machine. Afterwards it is read from `.hypothesis`.
    """
    st.text().validate()
