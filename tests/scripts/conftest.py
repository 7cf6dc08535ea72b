"""The command line run in this process, and two joined nodes for it to work on."""

import pytest

from safeconduct.cli.main import app
from safeconduct.cli.speak import in_one_line
from workflows.two_nodes import World


@pytest.fixture
def say(capfd):
    """Run the command in this process; return (exit status, standard output, standard error)."""

    def run(*arguments):
        with pytest.raises(SystemExit) as ended:
            in_one_line(lambda: app([str(a) for a in arguments], prog_name="safeconduct"))
        seen = capfd.readouterr()
        return int(ended.value.code or 0), seen.out, seen.err

    return run


@pytest.fixture
def joined(tmp_path):
    """A world with an agreement, closed, so that the commands can open its folders."""
    world = World(tmp_path)
    world.agree()
    world.close()
    return world
