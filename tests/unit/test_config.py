"""A node's settings: read whole, or refused with the place and what was expected."""

from pathlib import Path

import pytest

from safeconduct.config import config_from, load_config
from safeconduct.errors import BadInput, NodeUnavailable

LEAST = {"party": "evac", "name": "Evacuating party"}


def read(**changes):
    return config_from({**LEAST, **changes}, where="node.toml", base=Path("somewhere"))


def test_what_is_left_out_is_the_safe_choice():
    config = read()
    assert (config.host, config.exercise, config.sign_in) == ("127.0.0.1", False, True)
    assert config.data_dir == Path("somewhere/data")


@pytest.mark.parametrize("host", ["127.0.0.1", "::1", "localhost"])
def test_sign_in_is_off_only_in_an_exercise_on_this_machine(host):
    assert read(sign_in=False, exercise=True, host=host).sign_in is False
    for changes in ({"exercise": False, "host": host}, {"exercise": True, "host": "0.0.0.0"}):
        with pytest.raises(BadInput, match="loopback exercise") as caught:
            read(sign_in=False, **changes)
        assert caught.value.code == "bad-config"


@pytest.mark.parametrize(
    "changes",
    [{"prot": 1}, {"port": "8400"}, {"exercise": 1}, {"name": ""}, {"party": "A b"}, {"party": ""}, {"host": 1}],
)
def test_a_wrong_setting_is_named(changes):
    (key,) = changes
    with pytest.raises(BadInput) as caught:
        read(**changes)
    assert caught.value.code == "bad-config" and key in str(caught.value)


def test_a_folder_without_settings_and_a_broken_file_are_one_line(tmp_path):
    with pytest.raises(NodeUnavailable, match="safeconduct init"):
        load_config(tmp_path)
    (tmp_path / "node.toml").write_bytes(b"party = \xff")
    with pytest.raises(BadInput) as caught:
        load_config(tmp_path)
    assert "\n" not in str(caught.value)
