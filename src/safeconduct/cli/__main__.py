"""`python -m safeconduct.cli` is the command `safeconduct`."""

from safeconduct.cli.main import run

run()
