"""`safeconduct root`: a root key kept apart from the node, and the ceremony in which it signs.

On the machine without a network: `root ceremony`, `root show`, `root sign`. On the node: `root request`, `root accept`.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import typer

from safeconduct.agreements.agreement import Agreement
from safeconduct.agreements.fields import iso
from safeconduct.cli.batch import Capacity, Days, Points, Spoken, limits_of
from safeconduct.cli.speak import HERE, Json, NodeDir, commands, opened, read_file, refuse, tell, write_file
from safeconduct.errors import BadInput, Refusal, SafeconductError
from safeconduct.passes.batch import BatchEntry
from safeconduct.passes.ceremony import (
    Request,
    answer_request,
    decode_request,
    digest_of,
    encode_made,
)
from safeconduct.seal.key_file import SHORTEST, lock, public_of, unlock
from safeconduct.seal.keys import SigningKey
from safeconduct.seal.words import fingerprint_words
from safeconduct.storage.root_token import Place, root_on_token
from safeconduct.storage.vault import OsRandom
from safeconduct.workflows.admit_batch import check_offer
from safeconduct.workflows.batch_lists import allied_batches
from safeconduct.workflows.clock import SystemClock
from safeconduct.workflows.ports import Node
from safeconduct.workflows.root_ceremony import accept_answer, open_requests, own_root, request_root

app = commands("A root key kept apart from the node: made, and asked to sign, by two people.")

KeyFile = Annotated[Path | None, typer.Option("--key", help="file of the root key, as on a stick")]
By = Annotated[list[str], typer.Option("--by", help="an office that is there; give it twice, for two of them")]
Secret = Annotated[
    int | None, typer.Option("--secret-fd", help="file descriptor to read passphrase or PIN from, instead of asking")
]  # fmt: skip
Module = Annotated[str, typer.Option("--pkcs11", help="module of a PKCS#11 token, instead of a file")]
Token = Annotated[str, typer.Option("--token", help="label of the token")]
Label = Annotated[str, typer.Option("--label", help="label of the key on the token")]
LABEL = "safeconduct-root"


@dataclass(frozen=True, slots=True)
class Kept:
    """Where the root key is, as the options say."""

    file: Path | None
    module: str
    token: str
    label: str
    secret_fd: int | None

    def check(self) -> None:
        """Refuse options that name no place, or two."""
        if (self.file is None) == (not self.module) or (self.module and not self.token):
            raise BadInput("bad-option", where="options", expected="--key FILE, or --pkcs11 MODULE --token LABEL",
                           seen="neither or both")  # fmt: skip


def _secret(kept: Kept, what: str, *, new: bool = False) -> str:
    """Ask for a passphrase or PIN, or read its first line from a file descriptor; never from an argument."""
    if kept.secret_fd is None:
        return str(typer.prompt(what, hide_input=True, confirmation_prompt=new, err=True))
    try:
        with os.fdopen(os.dup(kept.secret_fd), encoding="utf-8") as given:
            return given.readline().rstrip("\n")
    except OSError as error:
        raise SafeconductError("no-file", f"file descriptor {kept.secret_fd}: {error.strerror}") from None


@contextmanager
def _root(kept: Kept) -> Iterator[SigningKey]:
    """Open the root key for one command."""
    kept.check()
    if kept.file is None:
        with root_on_token(Place(kept.module, kept.token, kept.label), _secret(kept, "PIN of the token")) as key:
            yield key
        return
    data = read_file(kept.file)
    public_of(data)  # says what is wrong with the file before anybody types
    yield unlock(data, _secret(kept, "passphrase of the root key"))


def _two(by: list[str]) -> tuple[str, str]:
    if len(by) != 2 or by[0] == by[1]:
        raise BadInput("bad-option", where="--by", expected="two different offices", seen=by)
    return by[0], by[1]


@app.command()
def ceremony(
    card: Annotated[Path, typer.Argument(help="file to write for the node: the public key, who was there")],
    by: By,
    key: KeyFile = None,
    pkcs11: Module = "",
    token: Token = "",
    label: Label = LABEL,
    secret_fd: Secret = None,
    as_json: Json = False,
) -> None:
    """Make a root key, on a machine without a network and before two people; shows its fingerprint as words.

    The key goes to a file under a passphrase, or is made on a PKCS#11 token and never leaves it.
    """
    kept = Kept(key, pkcs11, token, label, secret_fd)
    kept.check()
    there = _two(by)
    for path in (card, key):
        if path is not None and path.exists():
            raise SafeconductError("file-exists", f"{path} is there already; a key is never written over")
    now = SystemClock().now()
    if key is None:
        with root_on_token(Place(pkcs11, token, label), _secret(kept, "PIN of the token"), make=True) as made:
            told = encode_made(made, by=there, at=now)
            public = made.public
    else:
        random = OsRandom()
        seed = random.bytes(32)
        passphrase = _secret(kept, f"new passphrase of the root key ({SHORTEST} characters or more)", new=True)
        locked = lock(seed, passphrase, salt=random.bytes(16), nonce=random.bytes(12))
        _write_secret(key, locked)
        made = unlock(read_file(key), passphrase)  # from the disk: what was written can be opened
        told, public = encode_made(made, by=there, at=now), made.public
    if isinstance(told, Refusal):
        refuse(told, as_json=as_json)
    write_file(card, told)
    words = fingerprint_words(public)
    tell({"public": public.hex(), "words": words, "by": list(there), "card": str(card)}, as_json=as_json,
         text=f"Root key made. Both read these words aloud and write them down:\n  {words}\n"
         f"Next, on the node: safeconduct init FOLDER … --root {card.name}")  # fmt: skip


def _write_secret(path: Path, data: bytes) -> None:
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        raise SafeconductError("no-file", f"{path}: {error.strerror}") from None


@app.command()
def request(  # noqa: PLR0917  (one option for each thing that is asked for)
    out: Annotated[Path, typer.Argument(help="file to write, to be carried to the root key")],
    batches: Annotated[int, typer.Option(help="how many new batches to have signed")] = 0,
    capacity: Capacity = 4_096,
    points: Points = None,
    days: Days = None,
    spoken: Spoken = False,
    terms: Annotated[list[Path] | None, typer.Option(help="an agreement to be proposed, as JSON")] = None,
    accept_version: Annotated[int | None, typer.Option(help="a proposed version to be accepted")] = None,
    admit: Annotated[Path | None, typer.Option(help="an ally's offer of batches, to be admitted")] = None,
    new_key: Annotated[bool, typer.Option("--new-key", help="a new online key, in use with the answer")] = False,
    node: NodeDir = HERE,
    as_json: Json = False,
) -> None:
    """On the node: write what the root key is to sign: the status key's next seven days, batches, an agreement."""
    if not 0 <= batches <= 32:
        raise BadInput("bad-option", where="--batches", expected="0 to 32", seen=batches)
    with opened(node) as here:
        limits = [limits_of(here, capacity, points, days, spoken=spoken)] * batches
        entries = () if admit is None else _offered(here, read_file(admit), as_json=as_json)
        texts = [read_file(one) for one in terms or ()]
        data = request_root(here, limits=limits, terms=texts, accept=accept_version, admit=entries, new_key=new_key)
    write_file(out, data)
    asked = decode_request(data)
    tell({"file": str(out), **_plain(asked, data)}, as_json=as_json,
         text=f"{out}: carry it to the root key, and compare there:\n" + "\n".join(_lines(asked, data)))  # fmt: skip


def _offered(node: Node, data: bytes, *, as_json: bool) -> list[bytes]:
    """Return the entries of an ally's offer that are not admitted yet."""
    with node.store.reading() as tx:
        offer = check_offer(node, tx, data)
        held = {one.identity for one in allied_batches(tx)}
    if isinstance(offer, Refusal):
        refuse(offer, as_json=as_json)
    return [one.entry_bytes for one in offer.batches if one.identity not in held]


@app.command()
def show(
    file: Annotated[Path, typer.Argument(help="a request file")], as_json: Json = False
) -> None:  # fmt: skip
    """Show what a request asks the root key to sign, item by item."""
    data = read_file(file)
    asked = decode_request(data)
    tell(_plain(asked, data), as_json=as_json, text="\n".join(_lines(asked, data)))


@app.command("sign")
def sign_(  # noqa: PLR0917  (options of two kinds of place)
    file: Annotated[Path, typer.Argument(help="the request file, as the node wrote it")],
    out: Annotated[Path, typer.Argument(help="file to write, to be carried back to the node")],
    by: By,
    key: KeyFile = None,
    pkcs11: Module = "",
    token: Token = "",
    label: Label = LABEL,
    secret_fd: Secret = None,
    yes: Annotated[bool, typer.Option("--yes", help="both have looked at every item: do not ask")] = False,
    as_json: Json = False,
) -> None:
    """Where the root key is: show every item of a request, and sign them once two people agree."""
    there = _two(by)
    data = read_file(file)
    asked = decode_request(data)
    if not yes:
        typer.echo("\n".join(_lines(asked, data)), err=True)
        typer.confirm("Do both of you want the root key to sign all of this?", abort=True, err=True)
    with _root(Kept(key, pkcs11, token, label, secret_fd)) as root:
        made = answer_request(data, root, by=there, at=SystemClock().now())
    if isinstance(made, Refusal):
        refuse(made, as_json=as_json)
    write_file(out, made)
    tell({"file": str(out), "signed": len(asked.items), "words": fingerprint_words(digest_of(data))}, as_json=as_json,
         text=f"{len(asked.items)} items signed. Carry {out} back: safeconduct root accept {out.name}")  # fmt: skip


@app.command()
def accept(
    file: Annotated[Path, typer.Argument(help="the answer, as `root sign` wrote it")],
    node: NodeDir = HERE,
    as_json: Json = False,
) -> None:
    """On the node: check what the root key signed, and use it from now on."""
    with opened(node) as here:
        made = accept_answer(here, read_file(file))
    if isinstance(made, Refusal):
        refuse(made, as_json=as_json)
    until = iso(made.certified_until) if made.certified_until else None
    tell({"batches": made.batches, "certified_until": until, "by": list(made.answer.by)}, as_json=as_json,
         text=f"accepted, signed before {made.answer.by[0]} and {made.answer.by[1]}: {made.batches} batches"
         + (f", online key certified until {until}" if until else ""))  # fmt: skip


@app.command()
def status(node: NodeDir = HERE, as_json: Json = False) -> None:
    """On the node: show how the root key is kept, its fingerprint as words, and requests without an answer."""
    with opened(node) as here, here.store.reading() as tx:
        public, waiting = own_root(tx), open_requests(tx)
        kept = here.vault.root_kept()
    said = {"exercise": "on this node, unprotected: for an exercise only", "passphrase": "on this node, under a "
            "passphrase", "apart": "apart from this node"}[kept]  # fmt: skip
    lines = [f"root key: {said}", f"  {fingerprint_words(public)}"]
    lines += [f"waits for an answer since {iso(one.at)}: {len(one.items)} items" for one, _ in waiting]
    tell({"kept": kept, "public": public.hex(), "words": fingerprint_words(public),
          "waiting": [_plain(one, data) for one, data in waiting]}, as_json=as_json, text="\n".join(lines))  # fmt: skip


def _plain(asked: Request, data: bytes) -> dict[str, Any]:
    return {
        "party": asked.party, "root": asked.root.hex(), "at": iso(asked.at), "request": digest_of(data).hex(),
        "words": fingerprint_words(digest_of(data)),
        "items": [{"kind": item.kind, "says": _says(item.thing)} for item in asked.items],
    }  # fmt: skip


def _lines(asked: Request, data: bytes) -> list[str]:
    head = f"{asked.party} asked on {iso(asked.at)}; request: {fingerprint_words(digest_of(data))}"
    return [head, *(f"  {number}. {item.kind}: {_says(item.thing)}" for number, item in enumerate(asked.items, 1))]


def _says(thing: object) -> str:
    if isinstance(thing, BatchEntry):
        return (f"up to {thing.capacity:,} passes of {thing.agreement_id} at {', '.join(thing.points)}, "
                f"{iso(thing.not_before)} to {iso(thing.not_after)}")  # fmt: skip
    if isinstance(thing, Agreement):
        return f"{thing.id} version {thing.version}, “{thing.title}”, between {' and '.join(thing.party_ids)}"
    return f"online key of {thing.agreement_id}, {iso(thing.not_before)} to {iso(thing.not_after)}"  # type: ignore[attr-defined]
