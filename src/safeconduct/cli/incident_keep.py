"""`safeconduct incident` beyond accounts: witnesses, the protected list, upstream points, oversight, audiences."""

import os
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from safeconduct.cli.speak import HERE, Json, NodeDir, commands, opened, read_file, tell
from safeconduct.errors import BadInput, SafeconductError
from safeconduct.incidents.claims import PUBLIC
from safeconduct.workflows.compare_audiences import compare_audiences as compare_audiences_of
from safeconduct.workflows.protected_list import add_protected, read_concerned, read_protected
from safeconduct.workflows.show_oversight import CriticView, show_oversight
from safeconduct.workflows.take_testimony import new_custodian, reveal_identity, take_testimony
from safeconduct.workflows.trace_upstream import HOURS, trace_upstream

STDIN = "-"
protected = commands("The protected list of aid staff, vehicles and sites: sealed, named by number alone.")
Incident = Annotated[str, typer.Argument(help="id of the incident")]


def register(app: typer.Typer) -> None:
    """Add the commands to the group `incident`."""
    for command in (custodian, reveal, upstream, oversight, compare):
        app.command()(command)
    app.command("testimony")(take)
    app.add_typer(protected, name="protected")


def custodian(
    key: Annotated[Path, typer.Option(help="new file for the key; keep it away from this machine")],
    node: NodeDir = HERE,
    as_json: Json = False,
) -> None:
    """Make the key to which identities of witnesses are sealed from now on."""
    with opened(node) as here, _new_file(key) as made:
        os.write(made, f"{new_custodian(here)}\n".encode())
    tell({"key": str(key)}, as_json=as_json, text=f"{key}: identities of witnesses are sealed to this key from now on")


def take(
    content: Annotated[Path, typer.Option(help="what was said, as text; - for standard input")],
    identity: Annotated[Path, typer.Option(help="who it was: the name in the first line; - for standard input")],
    node: NodeDir = HERE,
    as_json: Json = False,
) -> None:
    """Take in a testimony, with the identity of the witness sealed apart from it."""
    if str(content) == str(identity) == STDIN:
        raise BadInput("bad-field", where="testimony", expected="one of the two from a file", seen="both from input")
    with opened(node) as here:
        made = take_testimony(here, _given(content), _given(identity))
    text = f"testimony {made.number} is held, ledger entry {made.ledger_index}; the identity is sealed"
    tell(asdict(made), as_json=as_json, text=text)


def reveal(
    number: Annotated[str, typer.Argument(help="of the testimony")],
    key: Annotated[Path, typer.Option(help="file with the custodian's key")],
    out: Annotated[Path, typer.Option(help="new file for the identity; it is never printed")],
    reason: Annotated[str, typer.Option(help="why; this stands in the ledger")],
    by: Annotated[str, typer.Option(help="office that opens it; this stands in the ledger")],
    node: NodeDir = HERE,
    as_json: Json = False,
) -> None:
    """Open the identity of a witness; who did it and why is entered in the ledger first."""
    secret = read_file(key).decode("utf-8", "replace")
    with opened(node) as here, _new_file(out) as made:
        os.write(made, reveal_identity(here, number, secret, by=by, reason=reason))
    tell({"number": number, "out": str(out)}, as_json=as_json, text=f"{out}: the identity of {number}")


@protected.command("add")
def add_listed(
    file: Annotated[Path, typer.Argument(help="JSON: a list of objects with kind (staff, vehicle, site) and text")],
    node: NodeDir = HERE,
    as_json: Json = False,
) -> None:
    """Add to the protected list; each entry gets a number."""
    with opened(node) as here:
        numbers = add_protected(here, _given(file))
    tell({"numbers": list(numbers)}, as_json=as_json, text="\n".join(numbers) or "nothing was given")


@protected.command("list")
def list_listed(node: NodeDir = HERE, as_json: Json = False) -> None:
    """Show the protected list, opened with this node's key."""
    with opened(node) as here, here.store.reading() as tx:
        found = read_protected(here, tx)
    lines = [f"{one.number}  {one.kind}: {one.text}" for one in found]
    tell({"list": [asdict(one) for one in found]}, as_json=as_json, text="\n".join(lines) or "the list is empty")


@protected.command("concerned")
def concerned(incident: Incident, node: NodeDir = HERE, as_json: Json = False) -> None:
    """Show which numbers of the list an incident concerned, and who had been told of them when."""
    with opened(node) as here, here.store.reading() as tx:
        found = read_concerned(here, tx, incident)
    result = {"concerned": [asdict(one) for one in found]}
    tell(result, as_json=as_json, text="\n".join(one.words for one in found) or "no number of the list is recorded")


def upstream(
    incident: Incident,
    gate: Annotated[str | None, typer.Option(help="id of the gate (by default the incident's place)")] = None,
    hours: Annotated[int, typer.Option(help="how long before the incident's first day")] = HOURS,
    node: NodeDir = HERE,
    as_json: Json = False,
) -> None:
    """List control points upstream of an incident, with holders and recorded passages: a hypothesis, no finding."""
    with opened(node) as here, here.store.reading() as tx:
        found = trace_upstream(tx, incident, gate=gate, hours=hours)
    lines = [f"{found.words}", f"  {found.gate}, {found.since} to {found.until}"]
    for one in found.points:
        counted = "no record from there" if one.silent else f"{one.passages} passages of {one.people} people recorded"
        because = f": {one.because}" if one.because else ""
        lines.append(f"  {one.point} ({', then '.join(one.holders)}): {counted}; hypothesis {one.status}{because}")
    tell({**asdict(found), "words": found.words}, as_json=as_json, text="\n".join(lines))


def oversight(node: NodeDir = HERE, as_json: Json = False) -> None:
    """List decisions and criticism of them, with days, offices and named or counted authors."""
    with opened(node) as here, here.store.reading() as tx:
        found = show_oversight(tx)
    lines = []
    for one in found.decisions:
        lines.append(f"{one.date}  {one.decision} by {one.office}: {one.reason} [{one.source}; {one.id}]")
        lines += [f"  {_critic(critic)}" for critic in one.critics]
    lines += [_critic(critic) for critic in found.other]
    result = {**asdict(found), "critics": found.critics}
    tell(result, as_json=as_json, text="\n".join(lines) or "no decision is recorded")


def compare(
    incident: Incident,
    audience: Annotated[str, typer.Option(help="public, partner or internal")] = PUBLIC,
    known_at: Annotated[str | None, typer.Option(help="as known at this day, YYYY-MM-DD")] = None,
    node: NodeDir = HERE,
    as_json: Json = False,
) -> None:
    """Show what an audience is not told of an incident, against all that is recorded."""
    with opened(node) as here, here.store.reading() as tx:
        found = compare_audiences_of(tx, incident, audience=audience, known_at=known_at)
    lines = [f"{len(found.claims)} claims are not for the {audience} audience: {', '.join(found.claims) or 'none'}"]
    lines += [f"  {one.key}: {one.theirs}, but recorded {one.ours}" for one in found.figures if one.differs]
    lines += [f"  {one.claim} is shown; {one.by} ({one.by_audience}) {one.kind} it" for one in found.undercut]
    tell(asdict(found), as_json=as_json, text="\n".join(lines))


def _critic(critic: CriticView) -> str:
    count = f" ({critic.authors})" if critic.authors else ""
    return f"{critic.date}  {critic.author}{count}: {critic.text} [{critic.source}]"


def _given(path: Path) -> bytes:
    return sys.stdin.buffer.read() if str(path) == STDIN else read_file(path)


class _new_file:  # noqa: N801  (used as a context manager, like a function)
    """A file that did not exist, for its owner alone; nothing is left of it when what fills it fails."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def __enter__(self) -> int:
        try:
            self._made = os.open(self._path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except OSError as error:
            raise SafeconductError("no-file", f"{self._path}: {error.strerror}") from None
        return self._made

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        os.close(self._made)
        if kind is not None:
            self._path.unlink()
