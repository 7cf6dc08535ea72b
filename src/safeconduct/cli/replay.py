"""`safeconduct replay`: two nodes, an operation, a summary."""

import json
import os
import shutil
import signal
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from safeconduct.cli.speak import err
from safeconduct.errors import BadInput
from safeconduct.replay.operation import Say, make_operation
from safeconduct.replay.processes import NodeProcess, prepare
from safeconduct.replay.review import account_of
from safeconduct.replay.scenario import load
from safeconduct.replay.summary import summarise

SCENARIO = Path("scenarios/kabul-2021")
FINISHED = "finished"


def replay(
    people: Annotated[int, typer.Option(help="how many people", min=20, max=1_000_000)] = 5_000,
    scenario: Annotated[Path, typer.Option(help="the scenario's folder")] = SCENARIO,
    folder: Annotated[Path | None, typer.Option(help="where nodes and devices keep their files")] = None,
    serve: Annotated[bool, typer.Option("--serve/--fast", help="keep both rooms open afterwards, or end")] = False,
    pace: Annotated[float, typer.Option(help="seconds between days, for watching")] = 0.0,
    fresh: Annotated[bool, typer.Option(help="start anew, even if a stopped replay could go on")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="print nothing but the summary")] = False,
) -> None:
    """Replay an operation through two real nodes; the last line printed is the summary, one JSON object."""
    loaded = load(scenario)
    base = folder or Path("demo") / f"{loaded.id}-{people}"
    if fresh or (base / FINISHED).exists():
        shutil.rmtree(base, ignore_errors=True)
    if base.exists() and not (base / "devices.db").exists() and any(base.iterdir()):
        raise BadInput(
            "bad-folder", where=str(base), expected="an empty folder or that of a replay", seen="other files"
        )
    base.mkdir(parents=True, exist_ok=True)
    (base / "devices.db").touch()
    started = time.monotonic()
    nodes = prepare(base, tuple((p["id"], p["name"]) for p in loaded.terms["parties"]))  # type: ignore[arg-type]
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    try:
        for node in nodes:
            node.start()
        for node in nodes:
            node.wait_until_up()
        if not as_json:
            err.print(f"both rooms are open: {nodes[0].url}/?follow=1 (exercise data only)", markup=False)
        operation = make_operation(loaded, scenario, people, base, nodes)
        with _progress(len(loaded.days), started, as_json=as_json) as say:
            operation.run(say, lambda: time.sleep(pace) if serve else None)
        summary = summarise(operation, seconds=time.monotonic() - started, own_pid=os.getpid())
        (base / "summary.json").write_text(json.dumps(summary, indent=1) + "\n", "utf-8")
        (base / FINISHED).touch()
        if not as_json:
            _print(summary)
        sys.stdout.write(json.dumps(summary) + "\n")
        sys.stdout.flush()
        if serve:
            account = account_of(operation.evac, loaded.reports)
            _stay(nodes, account, as_json=as_json)
    finally:
        for node in nodes:
            node.stop()


@contextmanager
def _progress(days: int, started: float, *, as_json: bool) -> Iterator[Say]:
    """Show where the replay is: a bar in a terminal, a line for each step in a file, nothing with `--json`."""
    columns = (TextColumn("{task.description:<24}"), BarColumn(), TextColumn("{task.completed}/{task.total}"))
    with Progress(*columns, TimeElapsedColumn(), console=err, disable=as_json or not err.is_terminal) as progress:
        task = progress.add_task("starting", total=days)

        def say(what: str, done: int, of: int) -> None:
            progress.update(task, description=what, completed=done, total=of)
            if not (as_json or err.is_terminal):
                err.print(f"{time.monotonic() - started:6.1f} s  {what} ({done}/{of})", markup=False)

        yield say


def _print(summary: dict[str, object]) -> None:
    for key, value in summary.items():
        shown = ", ".join(f"{k} {v:,}" for k, v in value.items()) if isinstance(value, dict) else value
        text = f"{shown:,}" if type(shown) is int else str(shown)
        err.print(f"  {key.replace('_', ' '):<34} {text}", markup=False)


def _stay(nodes: tuple[NodeProcess, NodeProcess], account: str, *, as_json: bool) -> None:
    if not as_json:
        if account:
            err.print(f"the reports in one account: {nodes[0].url}/incidents/{account}", markup=False, soft_wrap=True)
        err.print(f"both rooms stay open: {nodes[0].url}/ — Ctrl-C ends them", markup=False)
    try:
        while True:
            time.sleep(1)
            for node in nodes:
                node.ensure()
    except KeyboardInterrupt:
        err.print("ended")
