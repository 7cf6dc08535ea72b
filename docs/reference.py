"""Write the tables of `docs/reference.md` from the code: `.venv/bin/python docs/reference.py`.

Between `<!-- NAME -->` and `<!-- /NAME -->` everything is replaced; the rest of the page is written by hand. The test
of the documentation uses the same readers, so a command, setting, route or refusal without its line fails.
"""  # noqa: INP001  (a program beside the page that it writes)

import importlib
import inspect
import pkgutil
import re
import sys
from dataclasses import MISSING, dataclass, fields
from pathlib import Path
from typing import Any

PAGE = Path(__file__).with_name("reference.md")
_SILENT = {"help", "install_completion", "show_completion"}


@dataclass(frozen=True, slots=True)
class Line:
    """One documented thing: its name as written on the page, what it means, and its parts."""

    name: str
    text: str
    parts: tuple[tuple[str, str], ...] = ()


def _first(text: str | None) -> str:
    """The first paragraph on one line, safe inside a table."""
    return " ".join((text or "").strip().split("\n\n")[0].split()).replace("|", "\\|")


def commands() -> list[Line]:
    """Each command of the program with its arguments and options; a group without an action of its own is left out."""
    get_command = importlib.import_module("typer.main").get_command
    return _commands(get_command(importlib.import_module("safeconduct.cli.main").app), "safeconduct")


def _commands(command: Any, path: str) -> list[Line]:
    inner = getattr(command, "commands", None)
    if inner is not None:
        return [line for name in sorted(inner) for line in _commands(inner[name], f"{path} {name}")]
    parts = []
    for one in command.params:
        if one.name in _SILENT or getattr(one, "hidden", False):
            continue
        option = one.param_type_name == "option"
        spelled = ", ".join([*one.opts, *one.secondary_opts]) if option else str(one.name).upper()
        parts.append((spelled, _first(getattr(one, "help", ""))))
    return [Line(path, _first(command.help), tuple(parts))]


def settings() -> list[Line]:
    """Each key of the node's configuration, as its class describes it, with its default."""
    config = importlib.import_module("safeconduct.config").NodeConfig
    found = re.findall(
        r"^    (\w+): (.+?)(?=^    \w+: |\Z|^\S)", inspect.getdoc(config) or "", re.MULTILINE | re.DOTALL
    )
    meaning = {name: _first(text) for name, text in found}
    return [
        Line(one.name, meaning.get(one.name, ""), (("", "–" if one.default is MISSING else _toml(one.default)),))
        for one in fields(config)
    ]


def _toml(value: object) -> str:
    return f"`{str(value).lower() if isinstance(value, bool) else repr(value).replace(chr(39), chr(34))}`"


def refusals() -> list[Line]:
    """Each refusal code with its wording."""
    table: dict[str, str] = importlib.import_module("safeconduct.errors").REFUSALS
    return [Line(code, _first(wording)) for code, wording in table.items()]


def routes() -> list[Line]:
    """Each route of the node, `METHOD /path`, with the first sentence of its handler."""
    handler_type = importlib.import_module("litestar.handlers").HTTPRouteHandler
    package = importlib.import_module("safeconduct.web.api")
    found: dict[str, str] = {}
    for info in pkgutil.walk_packages(package.__path__, package.__name__ + "."):
        for handler in vars(importlib.import_module(info.name)).values():
            if not isinstance(handler, handler_type):
                continue
            for path in handler.paths:
                plain = re.sub(r"\{(\w+):\w+\}", r"{\1}", "/" + path.strip("/"))
                for method in sorted(str(getattr(one, "value", one)) for one in handler.http_methods):
                    found[f"{method} {plain}"] = _first(inspect.getdoc(handler.fn))
    return [Line(name, text) for name, text in sorted(found.items(), key=lambda item: item[0].split(" ")[::-1])]


def _page_of(name: str, lines: list[Line]) -> str:
    if name == "commands":
        blocks = []
        for line in lines:
            rows = [f"| `{part}` | {text} |" for part, text in line.parts]
            table = ["", "| Argument or option | Meaning |", "|---|---|", *rows] if rows else []
            blocks.append("\n".join([f"### `{line.name}`", "", line.text, *table]))
        return "\n\n".join(blocks)
    if name == "settings":
        rows = [f"| `{line.name}` | {line.parts[0][1]} | {line.text} |" for line in lines]
        return "\n".join(["| Key | Default | What it is |", "|---|---|---|", *rows])
    head = {"refusals": "| Code | What the reader sees |", "routes": "| Route | What it does |"}[name]
    return "\n".join([head, "|---|---|", *(f"| `{line.name}` | {line.text} |" for line in lines)])


READERS = {"commands": commands, "settings": settings, "refusals": refusals, "routes": routes}


def region(page: str, name: str) -> str:
    """What stands between the marks of a name."""
    found = re.search(rf"<!-- {name} -->\n(.*?)\n?<!-- /{name} -->", page, re.DOTALL)
    return found[1] if found else ""


def main() -> int:
    """Rewrite the tables; a part whose module is not installed keeps its table, and is named."""
    page = PAGE.read_text(encoding="utf-8")
    for name, reader in READERS.items():
        try:
            text = _page_of(name, reader())
        except ModuleNotFoundError as error:
            sys.stderr.write(f"{name}: left as it is ({error})\n")
            continue
        before, start, rest = page.partition(f"<!-- {name} -->\n")
        _, end, after = rest.partition(f"<!-- /{name} -->")
        page = f"{before}{start}{text}\n{end}{after}"
    PAGE.write_text(page, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
