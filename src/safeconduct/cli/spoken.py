"""`safeconduct pass issue-spoken`: passes that are only remembered; their words go to one file, once."""

import csv
import os
from collections.abc import Iterable, Sequence
from functools import partial
from io import StringIO
from pathlib import Path
from time import perf_counter
from typing import Annotated

import typer
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from safeconduct.agreements.fields import iso
from safeconduct.cli.passes import read_plan
from safeconduct.cli.speak import HERE, Json, NodeDir, err, opened, read_file, refuse, tell
from safeconduct.errors import BadInput, Refusal, SafeconductError
from safeconduct.passes.binding import spell
from safeconduct.passes.spoken import SALT_BYTES, master_of
from safeconduct.workflows.batch_keys import PRESET
from safeconduct.workflows.issue_spoken import SpokenIssued, count_missing, issue_spoken, standing_serials
from safeconduct.workflows.ports import Node
from safeconduct.workflows.publish_bundle import publish_bundle

COLUMNS = ("serial", "group", "point", "not_before", "until", "people", "words", "numbers")
MINUTE = 60
SAMPLE = 4  # hashes that the estimate is measured by


def issue(
    plan: Annotated[Path, typer.Argument(help="CSV: group_id, point, not_before (ISO), minutes")],
    purpose: Annotated[str, typer.Option(help="a purpose of the agreement")],
    out: Annotated[Path, typer.Option(help="file for the words, which are told this once; resumed if it is there")],
    node: NodeDir = HERE,
    again: Annotated[bool, typer.Option("--again", help="void the passes that the groups have, and issue new")] = False,
    as_json: Json = False,
) -> None:
    """Issue passes of six words that are only remembered, and publish the bundle that knows them.

    The words go to a file (CSV), with their numbers for those who do not read them; this node does not keep them. Print
    it with `pass spoken-sheets`, have the words learnt, and destroy file and sheets. Stopped, the same command takes
    the work up where it stopped.
    """
    strips = read_plan(read_file(plan), str(plan))
    groups = [strip.group for strip in strips]
    with opened(node) as here:
        file = WordsFile(out)
        told = file.keep(standing_serials(here, groups))
        todo = count_missing(here, strips, again=again, told=told)
        if todo:
            err.print(_estimate(here, todo))
        columns = (TextColumn("hashing words"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
        with Progress(*columns, console=err, transient=True, disable=not err.is_terminal) as bar:
            task = bar.add_task("", total=todo)
            made = issue_spoken(
                here, strips, subject="passage", purpose=purpose, show=file.add, again=again, told=told,
                progress=lambda done, whole: bar.update(task, completed=done, total=whole),
            )  # fmt: skip
        if isinstance(made, Refusal):
            refuse(made, as_json=as_json)
        seq = publish_bundle(here) if made.issued or told else None
    text = f"{made.issued} spoken passes issued; their words are in {out}"
    text += f"; bundle {seq} knows them" if seq else ""
    text += f"\n{made.voided} earlier ones are void" if made.voided else ""
    if made.untold:
        text += f"\n{made.untold} stand from before, and their words cannot be told again: --again replaces them"
    result = {
        "issued": made.issued, "standing": made.standing, "untold": made.untold, "voided": made.voided, "bundle": seq,
        "file": str(out),
    }  # fmt: skip
    tell(result, as_json=as_json, text=text)


def _estimate(node: Node, todo: int) -> str:
    """Measure a few hashes, and say how long all will take."""
    begun = perf_counter()
    node.parallel(partial(master_of, salt=bytes(SALT_BYTES), preset=PRESET), [spell("0")] * SAMPLE)
    each = (perf_counter() - begun) / SAMPLE
    seconds = each * todo
    span = f"{seconds / 60:.0f} min" if seconds >= 2 * MINUTE else f"{seconds:.0f} s"
    return f"{todo} passes, {each:.3f} s each: about {span}. It may be stopped; the same command takes it up again."


class WordsFile:
    """The file of words: rows are on the disk before the passes that they are for."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def keep(self, standing: Iterable[str]) -> frozenset[str]:
        """Keep the rows of a run that was stopped whose passes stand; return their serials. A new file begins empty.

        Raises:
            SafeconductError: it cannot be read or written.
            BadInput: `bad-words-file`: it is another file, which is left alone.
        """
        rows = rows_of(self._path) if self._path.exists() else []
        wanted = frozenset(standing)
        kept = [row for row in rows if row["serial"] in wanted]
        text = StringIO()
        writer = csv.DictWriter(text, COLUMNS, lineterminator="\n")
        writer.writeheader()
        writer.writerows(kept)
        fresh = self._path.with_name(f"{self._path.name}.new")
        _write(fresh, text.getvalue(), os.O_CREAT | os.O_TRUNC)
        fresh.replace(self._path)
        return frozenset(row["serial"] for row in kept)

    def add(self, issued: Sequence[SpokenIssued]) -> None:
        """Append rows, and wait until they are on the disk.

        Raises:
            SafeconductError: they cannot be written; then their passes are not stored either.
        """
        text = StringIO()
        writer = csv.writer(text, lineterminator="\n")
        for one in issued:
            window = (iso(one.not_before), iso(one.window_end))
            writer.writerow(
                [one.serial, one.group, one.point, *window, one.heads, " ".join(one.words), " ".join(one.numbers)]
            )
        _write(self._path, text.getvalue(), os.O_APPEND)


def rows_of(path: Path) -> list[dict[str, str]]:
    """Read the whole rows of a file of words; a last one that was cut in the middle is none.

    Raises:
        BadInput: `bad-words-file`: it is another file.
    """
    data = read_file(path).decode("utf-8", "replace")
    reader = csv.DictReader(StringIO(data[: data.rfind("\n") + 1]))
    if data and tuple(reader.fieldnames or ()) != COLUMNS:
        raise BadInput("bad-words-file", where=str(path), expected=f"a new file, or one with {', '.join(COLUMNS)}",
                       seen="another file")  # fmt: skip
    return [row for row in reader if None not in row.values()]


def _write(path: Path, text: str, how: int) -> None:
    try:
        handle = os.open(path, os.O_WRONLY | how, 0o600)
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        raise SafeconductError("no-file", f"{path}: {error.strerror}") from None
