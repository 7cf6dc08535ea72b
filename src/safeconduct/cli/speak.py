"""How commands speak: results on standard output, everything else on standard error, `--json` for programs.

Exit status: 0 done; 1 refused by a rule; 2 bad input, or a node that cannot be used as it stands.
"""

import json
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any, NoReturn

import typer
from rich.console import Console
from typer.core import TyperGroup

from safeconduct.config import load_config
from safeconduct.errors import Refusal, SafeconductError
from safeconduct.wiring import close_node, open_node
from safeconduct.workflows.ports import Node

REFUSED, UNUSABLE = 1, 2
err = Console(stderr=True, highlight=False)
out = Console(highlight=False, soft_wrap=True)

NodeDir = Annotated[Path, typer.Option("--node", "-n", help="the node's folder", envvar="SAFECONDUCT_NODE")]
Json = Annotated[bool, typer.Option("--json", help="print one JSON object, for programs")]
HERE = Path()
FIRST_SENTENCE = 400  # characters at most


class WholeLines(TyperGroup):
    """A group of commands whose list says all of each one's first sentence, wrapped, instead of cutting it off."""

    def format_commands(self, ctx: Any, formatter: Any) -> None:
        """Write the list of commands into the help."""
        found = [(name, self.get_command(ctx, name)) for name in self.list_commands(ctx)]
        rows = [(name, one.get_short_help_str(FIRST_SENTENCE)) for name, one in found if one and not one.hidden]
        with formatter.section("Commands"):
            formatter.write_dl(rows)


def commands(what: str, cls: type[TyperGroup] = WholeLines, **options: Any) -> typer.Typer:
    """Return a group of commands, to be filled; called without one it shows its help."""
    return typer.Typer(cls=cls, help=what, no_args_is_help=True, **options)


def tell(result: Mapping[str, Any], *, as_json: bool, text: str) -> None:
    """Print a result: the JSON object, or the text for people."""
    if as_json:
        sys.stdout.write(json.dumps(result, ensure_ascii=False, default=str) + "\n")
    else:
        out.print(text, markup=False)


def refuse(refusal: Refusal, *, as_json: bool) -> NoReturn:
    """Print a refusal and end with status 1."""
    tell({"refused": refusal.code, "message": str(refusal)}, as_json=as_json, text=f"refused: {refusal}")
    raise typer.Exit(REFUSED)


def ask_passphrase() -> str:
    """Ask for the root key's passphrase, without showing it."""
    return str(typer.prompt("passphrase of the root key", hide_input=True, err=True))


@contextmanager
def opened(folder: Path) -> Iterator[Node]:
    """Open a node for one command."""
    node = open_node(load_config(folder), ask_passphrase)
    try:
        yield node
    finally:
        close_node(node)


def read_file(path: Path) -> bytes:
    """Read a file that was named on the command line.

    Raises:
        SafeconductError: it cannot be read.
    """
    try:
        return path.read_bytes()
    except OSError as error:
        raise SafeconductError("no-file", f"{path}: {error.strerror}") from None


def given(text: str) -> str:
    """Return a text from the command line, or for `-` one line of standard input, where nobody else sees it.

    Words are secrets: as an argument they would stand in the list of processes and in the shell's history.
    """
    if text != "-":
        return text
    if sys.stdin.isatty():
        return str(typer.prompt("pass, or six words", hide_input=True, err=True))
    return sys.stdin.readline().strip()


def write_file(path: Path, data: bytes) -> None:
    """Write a file that was named on the command line.

    Raises:
        SafeconductError: it cannot be written.
    """
    try:
        path.write_bytes(data)
    except OSError as error:
        raise SafeconductError("no-file", f"{path}: {error.strerror}") from None


def in_one_line(run: Callable[[], None]) -> None:
    """Run the command line; every error of ours is one line on standard error and status 2."""
    try:
        run()
    except SafeconductError as error:
        err.print(f"safeconduct: {error}", markup=False, soft_wrap=True)
        sys.exit(UNUSABLE)
    except KeyboardInterrupt:
        err.print("stopped")
        sys.exit(130)
