"""Print the table of the 113 requirements with their tier and the tests that show them (`make seeds`).

The requirements are in `docs/requirements.toml`, in our own words. A test shows a requirement when it carries
`@pytest.mark.seed("S-05")`; the tests are read, not run: whether they pass is the business of `make test`. The last
line is `shown N of 113`. Exit status 1, with one line for each fault, if the list or a mark is wrong.
"""

import argparse
import ast
import re
import sys
import textwrap
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

TIERS = ("works", "recordable", "context", "open")
TOTAL = 113
MAX_WORDS = 12
MAX_CONTEXT = 12
ID = re.compile(r"S-(?:0[1-9]|[1-9][0-9]|1[01][0-9])\Z")


class SeedsError(Exception):
    """The list of requirements or a mark in a test is wrong; one argument for each fault."""


@dataclass(frozen=True, slots=True)
class Requirement:
    """One row of `docs/requirements.toml`: our wording, its tier and, for a context row, the reason."""

    id: str
    does: str
    tier: str
    reason: str = ""

    def shown(self, tests: tuple[str, ...]) -> bool:
        """Whether the row counts: a context row by its reason, an open row never, the others by a test."""
        if self.tier == "context":
            return bool(self.reason)
        return self.tier in ("works", "recordable") and bool(tests)


def read_requirements(path: Path) -> list[Requirement]:
    """All requirements in order of their number.

    Raises:
        SeedsError: an id is missing, unknown or ill-formed, a tier is unknown, the wording is empty or longer than
            12 words, a context row has no reason, another row has one, or there are more than 12 context rows.
    """
    rows = tomllib.loads(path.read_text(encoding="utf-8")).get("requirements", {})
    faults = [
        f"{key}: unknown field {name}" for key, row in rows.items() for name in row.keys() - {"tier", "does", "reason"}
    ]
    found = [
        Requirement(key, str(row.get("does", "")), str(row.get("tier", "")), str(row.get("reason", "")))
        for key, row in rows.items()
    ]
    wanted = [f"S-{number:02}" for number in range(1, TOTAL + 1)]
    faults += [f"{key}: missing" for key in wanted if key not in rows]
    faults += [f"{key}: no such requirement" for key in rows if key not in wanted]
    for one in found:
        if one.tier not in TIERS:
            faults.append(f"{one.id}: tier {one.tier!r} is none of {', '.join(TIERS)}")
        if not 1 <= len(one.does.split()) <= MAX_WORDS:
            faults.append(f"{one.id}: {len(one.does.split())} words; 1 to {MAX_WORDS} are allowed")
        if (one.tier == "context") != bool(one.reason):
            faults.append(f"{one.id}: a context row, and no other, has a reason")
    contexts = sum(one.tier == "context" for one in found)
    if contexts > MAX_CONTEXT:
        faults.append(f"{contexts} context rows; at most {MAX_CONTEXT} are allowed")
    if faults:
        raise SeedsError(*faults)
    return sorted(found, key=lambda one: int(one.id[2:]))


def _dotted(node: ast.expr) -> str:
    """`pytest.mark.seed` of the expression that spells it; empty for anything else."""
    parts: list[str] = []
    while isinstance(node, ast.Attribute):
        parts.append(node.attr)
        node = node.value
    return ".".join([node.id, *reversed(parts)]) if isinstance(node, ast.Name) else ""


def _ids(nodes: list[ast.expr], where: str) -> Iterator[str]:
    """The ids of all seed marks within these expressions (decorators, or what `pytestmark` is set to)."""
    for call in (found for node in nodes for found in ast.walk(node)):
        if not (isinstance(call, ast.Call) and _dotted(call.func) == "pytest.mark.seed"):
            continue
        for argument in call.args:
            value = argument.value if isinstance(argument, ast.Constant) else None
            if not isinstance(value, str) or not ID.match(value) or int(value[2:]) > TOTAL:
                raise SeedsError(f"{where}:{call.lineno}: no requirement: {ast.unparse(argument)}")
            yield value
        if call.keywords or not call.args:
            raise SeedsError(f"{where}:{call.lineno}: a seed mark takes one or more ids and nothing else")


def _marks_of_body(body: list[ast.stmt], where: str) -> list[str]:
    """The ids of `pytestmark = …` in a module or a class."""
    values = [
        statement.value
        for statement in body
        if isinstance(statement, ast.Assign)
        and any(isinstance(target, ast.Name) and target.id == "pytestmark" for target in statement.targets)
    ]
    return list(_ids(values, where))


def _walk(body: list[ast.stmt], inherited: list[str], where: str) -> Iterator[tuple[str, str]]:
    """(id, test) for each test function in the body, with the marks of its class and its module."""
    inherited = inherited + _marks_of_body(body, where)
    for node in body:
        if isinstance(node, ast.ClassDef):
            yield from _walk(node.body, inherited + list(_ids(node.decorator_list, where)), where)
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            own = list(_ids(node.decorator_list, where))
            if node.name.startswith("test"):
                yield from ((key, f"{where}::{node.name}") for key in inherited + own)
            elif own:
                raise SeedsError(f"{where}:{node.lineno}: {node.name} carries a seed mark and is no test")


def tests_by_requirement(tests: Path) -> dict[str, tuple[str, ...]]:
    """The tests (`unit/alerts/test_release.py::test_name`) that carry each id, found by reading all test files.

    Raises:
        SeedsError: a file does not parse, or a mark names no requirement or stands where no test is.
    """
    found: dict[str, list[str]] = {}
    for path in sorted(tests.rglob("test_*.py")):
        where = path.relative_to(tests).as_posix()
        try:
            tree = ast.parse(path.read_bytes(), filename=where)
        except (SyntaxError, ValueError) as error:
            raise SeedsError(f"{where}: {error}") from error
        for key, test in _walk(tree.body, [], where):
            if test not in found.setdefault(key, []):
                found[key].append(test)
    return {key: tuple(names) for key, names in found.items()}


def table(requirements: list[Requirement], tests: dict[str, tuple[str, ...]]) -> list[str]:
    """The lines to print: each requirement with its tests or its reason, then what is not shown, then the sum."""
    lines: list[str] = []
    missing: dict[str, list[str]] = {tier: [] for tier in TIERS}
    for one in requirements:
        names = tests.get(one.id, ())
        shown = one.shown(names)
        lines.append(f"{one.id:<6} {one.tier:<10} {'shown' if shown else '-':<5}  {one.does}")
        if one.reason:
            lines += textwrap.wrap(one.reason, 96, initial_indent=" " * 25, subsequent_indent=" " * 25)
        lines += [f"{'':25}{name}" for name in names]
        if not shown:
            missing[one.tier].append(one.id)
    lines.append("")
    for tier in TIERS:
        of_tier = [one for one in requirements if one.tier == tier]
        lines.append(f"{tier:<10} {len(of_tier) - len(missing[tier]):>3} of {len(of_tier):>3} shown")
        if tier != "open" and missing[tier]:
            lines += textwrap.wrap(
                "no test yet: " + " ".join(missing[tier]), 96, initial_indent=" " * 11, subsequent_indent=" " * 11
            )
    ready = [one.id for one in requirements if one.tier == "open" and one.id in tests]
    if ready:
        lines.append(f"open, but a test carries it: {' '.join(ready)}")
    lines.append(f"shown {len(requirements) - sum(map(len, missing.values()))} of {len(requirements)}")
    return lines


def main(arguments: list[str] | None = None) -> int:
    """Print the table for the repository given (the one of this file if none is); 0, or 1 with the faults."""
    parser = argparse.ArgumentParser(description="table of the requirements and the tests that show them")
    parser.add_argument("root", nargs="?", type=Path, default=Path(__file__).resolve().parent.parent)
    root = parser.parse_args(arguments).root
    try:
        lines = table(read_requirements(root / "docs/requirements.toml"), tests_by_requirement(root / "tests"))
    except SeedsError as error:
        sys.stderr.writelines(f"{fault}\n" for fault in error.args)
        return 1
    print("\n".join(lines))
    return 0


if __name__ == "__main__":
    sys.exit(main())
