"""`safeconduct incident read`, `source`, `suggestions`, `accept`, `reject`, `undo`: from reports to recorded claims."""

import os
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import Annotated

import typer
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from safeconduct.cli.speak import HERE, Json, NodeDir, err, opened, read_file, tell
from safeconduct.config import load_config
from safeconduct.errors import BadInput, SafeconductError
from safeconduct.incidents.dates import check_day
from safeconduct.incidents.reader.gazetteer import Gazetteer
from safeconduct.incidents.reader.model import Document, Reading
from safeconduct.incidents.reader.output import as_json as reading_as_json
from safeconduct.incidents.reader.parts import Parts, read_parts
from safeconduct.incidents.reader.suggest import join
from safeconduct.workflows.add_source import LIMIT_MB, add_sources
from safeconduct.workflows.review_suggestions import Decided, accept, reject, undo
from safeconduct.workflows.review_view import SuggestionView, list_suggestions

# Endings of files in a folder that are no reports; one that is named by itself is read whatever it ends in.
DATA = frozenset(
    (".json", ".jsonl", ".csv", ".tsv", ".xml", ".toml", ".yaml", ".yml", ".py", ".js", ".css", ".png", ".jpg", ".jpeg",
     ".gif", ".webp", ".svg", ".pdf", ".zip", ".gz")
)  # fmt: skip
FEW = 24  # files that one process reads sooner than several could be started
PAGE = "incidents/review"
COMMAND_LINE = "command line"
Days = Annotated[list[str] | None, typer.Option("--published", help="FILE=YYYY-MM-DD, when the file does not say")]
Ids = Annotated[list[str], typer.Argument(help="ids, as `incident suggestions` shows them")]
By = Annotated[str, typer.Option(help="the office that decides")]


def read(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="folder of reports: text, HTML, Markdown; or one file")],
    published: Days = None,
    gazetteer: Annotated[Path | None, typer.Option(help="names of places and bodies as TOML, over those known")] = None,
    as_json: Json = False,
) -> None:
    """Show what could be claimed from reports; records nothing and needs no node."""
    known = Gazetteer.default()
    if gazetteer is not None:
        known = Gazetteer.extended(_text(gazetteer), str(gazetteer))
    days = _days(published)
    found = _files(folder)
    for name in days:
        if name not in {file for file, _ in found}:
            raise BadInput("bad-reference", where="--published", expected="a file below the folder", seen=name)
    one = partial(_read_one, days=days, known=known)
    with progress("reading", len(found)) as step:
        parts = []
        for part in _spread(one, found):
            parts += part
            step()
    if not parts:
        raise SafeconductError("no-file", f"{folder}: no file in it could be read")
    reading = join(parts, known)
    tell(reading_as_json(reading), as_json=as_json, text=_table(reading))


def _read_one(file: tuple[str, Path], *, days: Mapping[str, str], known: Gazetteer) -> list[Parts]:
    """Return what one file holds; nothing when it cannot be read, which is said in a line of its own."""
    name, path = file
    data = _bytes(path)
    return [] if data is None else [read_parts(name, data, published=days.get(name, ""), gazetteer=known)]


def _spread(one: Callable[[tuple[str, Path]], list[Parts]], files: Sequence[tuple[str, Path]]) -> Iterator[list[Parts]]:
    """Read files in order, by all cores where there are enough of them to be worth it."""
    if len(files) < FEW:
        yield from map(one, files)
        return
    with ProcessPoolExecutor(os.cpu_count() or 1) as pool:
        yield from pool.map(one, files, chunksize=8)


def source(
    files: Annotated[list[Path], typer.Argument(metavar="FILE…", help="reports: text, HTML, Markdown")],
    published: Days = None,
    outlet: Annotated[str, typer.Option(help="who published them, when the files do not say")] = "",
    node: NodeDir = HERE,
    as_json: Json = False,
) -> None:
    """Add sources: their originals are kept, and what they claim is suggested for review."""
    config = load_config(node)
    given = [(str(path), read_file(path)) for path in files]
    with opened(node) as here, progress("reading", None):
        made = add_sources(here, given, published=_days(published), outlet=outlet)
    address = f"http://{config.host}:{config.port}/{PAGE}"
    lines = [f"added {row.name}" for row in made.new]
    lines += [f"held already, nothing changed: {row.name}" for row in made.known]
    lines += [f"  {name}: {problem}" for name, problem in made.problems]
    lines.append(f"{made.waiting:,} suggestions wait: {address}")
    result = {**asdict(made), "review": address}
    tell(result, as_json=as_json, text="\n".join(lines))


def suggestions(
    kind: Annotated[str, typer.Option(help="only this kind: figure, quotation, denial …")] = "",
    everything: Annotated[bool, typer.Option("--all", help="decided ones too")] = False,
    node: NodeDir = HERE,
    as_json: Json = False,
) -> None:
    """List what is suggested and waits for a decision."""
    with opened(node) as here:
        found = list_suggestions(here, kind=kind, everything=everything)
    text = "\n".join(_line(one) for one in found) or "nothing waits"
    tell({"suggestions": [asdict(one) for one in found]}, as_json=as_json, text=text)


def accept_(
    ids: Ids,
    incident: Annotated[str, typer.Option(help="record it under this incident instead of the one suggested")] = "",
    field: Annotated[list[str] | None, typer.Option(help="name=value of a field to amend; repeat it for more")] = None,
    reading: Annotated[str, typer.Option(help="how a sentence is read that can be read two ways")] = "",
    by: By = COMMAND_LINE,
    node: NodeDir = HERE,
    as_json: Json = False,
) -> None:
    """Record suggestions as claims, each with its source and exact words."""
    changes = dict(_pair(text) for text in field or ())
    if incident:
        changes["incident"] = incident
    with opened(node) as here:
        made = [accept(here, one, by=by, changes=changes, reading=reading) for one in ids]
    _tell_decided(made, as_json=as_json)


def reject_(ids: Ids, by: By = COMMAND_LINE, node: NodeDir = HERE, as_json: Json = False) -> None:
    """Note that suggestions become no claims."""
    with opened(node) as here:
        made = [reject(here, one, by=by) for one in ids]
    _tell_decided(made, as_json=as_json)


def undo_(
    suggestion: Annotated[str, typer.Argument(metavar="ID", help="id of a decided suggestion")],
    by: By = COMMAND_LINE,
    node: NodeDir = HERE,
    as_json: Json = False,
) -> None:
    """Take a decision back; a claim that was recorded stays and is shown as withdrawn."""
    with opened(node) as here:
        made = [undo(here, suggestion, by=by)]
    _tell_decided(made, as_json=as_json)


def register(app: typer.Typer) -> None:
    """Add these commands to `safeconduct incident`."""
    app.command("read")(read)
    app.command("source")(source)
    app.command("suggestions")(suggestions)
    app.command("accept")(accept_)
    app.command("reject")(reject_)
    app.command("undo")(undo_)


@contextmanager
def progress(words: str, total: int | None) -> Iterator[Callable[[], None]]:
    """Show a bar while work goes on in a terminal; elsewhere nothing. Call what it gives after each step."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=err, transient=True, disable=not err.is_terminal) as bar:
        task = bar.add_task(words, total=total)
        yield lambda: bar.advance(task)


def _files(folder: Path) -> list[tuple[str, Path]]:
    """Return (path below the folder, path) of all files below it, sorted; no dot files and nothing in dot folders."""
    if folder.is_file():
        return [(folder.name, folder)]
    if not folder.is_dir():
        raise SafeconductError("no-file", f"{folder}: no such folder or file")
    found = []
    for path in folder.rglob("*"):
        below = path.relative_to(folder)
        if not path.is_file() or any(part.startswith(".") for part in below.parts):
            continue
        if path.suffix.lower() in DATA:
            err.print(f"left out {path}: data, no report", markup=False, soft_wrap=True)
            continue
        found.append((below.as_posix(), path))
    return sorted(found)


def _bytes(path: Path) -> bytes | None:
    """Return a file's bytes; one that cannot be read is said in one line, and the rest goes on."""
    try:
        if path.stat().st_size > LIMIT_MB << 20:
            err.print(f"left out {path}: larger than {LIMIT_MB} MB", markup=False, soft_wrap=True)
            return None
        return path.read_bytes()
    except OSError as error:
        err.print(f"left out {path}: {error.strerror}", markup=False, soft_wrap=True)
        return None


def _text(path: Path) -> str:
    try:
        return read_file(path).decode()
    except UnicodeDecodeError as error:
        raise BadInput("bad-toml", where=str(path), expected="UTF-8", seen=f"byte {error.start}") from None


def _days(given: Sequence[str] | None) -> dict[str, str]:
    days = {}
    for text in given or ():
        name, equals, day = text.rpartition("=")
        if not equals:
            raise BadInput("bad-field", where="--published", expected="FILE=YYYY-MM-DD", seen=text)
        days[name] = check_day(day, where=f"--published {name}")
    return days


def _pair(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not equals:
        raise BadInput("bad-field", where="--field", expected="name=value", seen=text)
    return name, value


def _table(reading: Reading) -> str:
    """Return the counts by kind of each file, then what could not be read in it."""
    counts: dict[str, Counter[str]] = {}
    for one in reading.suggestions:
        counts.setdefault(one.file, Counter())[one.kind] += 1
    lines = [line for document in reading.documents for line in _document(document, counts.get(document.file))]
    incidents = [f"  {one.date or 'no day'}  {one.kind}: {one.title}" for one in reading.happenings]
    total = (
        f"{len(reading.documents):,} files, {len(reading.suggestions):,} suggestions, {len(reading.ties):,} relations"
    )
    return "\n".join([*lines, total, *incidents])


def _document(document: Document, counts: Counter[str] | None) -> Iterator[str]:
    day = document.published or "no day"
    found = ", ".join(f"{number} {kind}" for kind, number in sorted((counts or Counter[str]()).items()))
    yield f"{document.file}  [{day}]  {found or 'nothing suggested'}"
    for problem in document.problems:
        yield f"  {problem}"


def _line(one: SuggestionView) -> str:
    fields = one.fields
    state = "" if one.state == "open" else f" [{one.state} by {one.by}]"
    doubt = f" (can be read otherwise: {one.ambiguous})" if one.ambiguous else ""
    return f"{one.id}  {fields['text']} — {fields['claimant'] or '?'}, {fields['said'] or 'no day'}{doubt}{state}"


def _tell_decided(made: Sequence[Decided], *, as_json: bool) -> None:
    lines = [f"{one.id} is {one.state}{f', claim {one.claim}' if one.claim else ''}" for one in made]
    tell({"decided": [asdict(one) for one in made]}, as_json=as_json, text="\n".join(lines))
