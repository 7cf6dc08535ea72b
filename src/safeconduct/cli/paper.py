"""`safeconduct pass print`, `image`, `reissue`: passes on paper, as pictures, and anew when the paper is lost."""

from pathlib import Path
from typing import Annotated

import typer

from safeconduct.cli.operator import AT_KEYBOARD, By, acting_as
from safeconduct.cli.phones import Phones, phone_keys
from safeconduct.cli.speak import HERE, Json, NodeDir, opened, read_file, refuse, tell, write_file
from safeconduct.config import load_config
from safeconduct.errors import BadInput, Refusal
from safeconduct.passes.pass_format import to_text
from safeconduct.web.pages.paper_words import LANGUAGES
from safeconduct.web.pages.qr_image import pass_png
from safeconduct.web.pages.strip_pdf import cards_pdf, strips_pdf
from safeconduct.web.pages.words_pdf import words_pdf
from safeconduct.workflows.print_strips import Papers, print_strips
from safeconduct.workflows.publish_bundle import publish_bundle
from safeconduct.workflows.reissue_passes import reissue_passes

Groups = Annotated[list[str] | None, typer.Argument(help="group ids")]
GroupFile = Annotated[Path | None, typer.Option("--file", help="group ids from a file, one a line")]
Language = Annotated[str, typer.Option("--language", "-l", help=f"of the groups: {', '.join(LANGUAGES)}")]
Zone = Annotated[str | None, typer.Option(help="local time, as Asia/Kabul or +04:30; kept for the next time")]


def print_(  # noqa: PLR0917  (one option for each thing a person chooses)
    output: Annotated[Path, typer.Option("--output", "-o", help="PDF to write")],
    groups: Groups = None,
    file: GroupFile = None,
    cards: Annotated[bool, typer.Option("--cards", help="wallet cards instead of strips")] = False,
    words: Annotated[Path | None, typer.Option(help="write the words to this PDF, a sheet of their own")] = None,
    language: Language = "en",
    time_zone: Zone = None,
    by: By = AT_KEYBOARD,
    node: NodeDir = HERE,
    as_json: Json = False,
) -> None:
    """Print the passes of groups on A4: strips or wallet cards, with instructions; and the words apart from them."""
    _known(language)
    ids = _ids(groups, file)
    tell_at = tell_address(node)
    with opened(node) as here:
        office = acting_as(here, by)
        papers = print_strips(here, ids, by=office, zone=time_zone)
        spoken = print_strips(here, ids, by=office, words=True) if words else None
    if isinstance(papers, Refusal):
        refuse(papers, as_json=as_json)
    write_file(output, cards_pdf(papers, language) if cards else strips_pdf(papers, language, tell=tell_at))
    sheets = 0
    if isinstance(spoken, Papers) and words is not None:
        sheets = len(spoken.groups)
        write_file(words, words_pdf(spoken, language))
    count = sum(len(paper.passes) for paper in papers.groups)
    made = {"groups": len(papers.groups), "passes": count, "without": list(papers.without), "words": sheets,
            "file": str(output)}  # fmt: skip
    lines = [f"{count} passes of {len(papers.groups)} groups in {output}"]
    lines += [f"words of {sheets} groups in {words}: never hand both out together"] if words else []
    lines += [f"no pass left to print for {', '.join(papers.without)}"] if papers.without else []
    tell(made, as_json=as_json, text="\n".join(lines))


def image(
    output: Annotated[Path, typer.Option("--output", "-o", help="folder for the PNG files")],
    groups: Groups = None,
    file: GroupFile = None,
    time_zone: Zone = None,
    by: By = AT_KEYBOARD,
    node: NodeDir = HERE,
    as_json: Json = False,
) -> None:
    """Write each pass of groups as a picture that a messenger may shrink; the words never go the same way."""
    with opened(node) as here:
        papers = print_strips(here, _ids(groups, file), by=acting_as(here, by), zone=time_zone)
    if isinstance(papers, Refusal):
        refuse(papers, as_json=as_json)
    try:
        output.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise BadInput("bad-option", where="--output", expected="a folder", seen=error.strerror) from None
    files = []
    for paper in papers.groups:
        for one in paper.passes:
            path = output / f"{paper.group}-{one.place}.png"
            write_file(path, pass_png(one, papers.local, papers.zone, exercise=papers.exercise))
            files.append(str(path))
    made = {"files": files, "without": list(papers.without)}
    tell(made, as_json=as_json, text="\n".join(files) or "no pass left to send")


def reissue(
    purpose: Annotated[str, typer.Option(help="a purpose of the agreement")],
    reason: Annotated[str, typer.Option(help="why, for the record")],
    groups: Groups = None,
    file: GroupFile = None,
    phones: Phones = None,
    words: Annotated[bool, typer.Option("--words", help="words for what was bound to a phone that is lost")] = False,
    node: NodeDir = HERE,
    as_json: Json = False,
) -> None:
    """Issue anew what groups hold and can still use: the former passes are revoked, and the next bundle says so.

    With --phones the groups of that file are bound to their new phones; without groups it is for all of the file.
    """
    keys = phone_keys(phones)
    named = groups or (list(keys) if file is None else None)
    with opened(node) as here:
        made = reissue_passes(here, _ids(named, file), reason=reason, subject="passage", purpose=purpose, phones=keys,
                              words=words)  # fmt: skip
        if isinstance(made, Refusal):
            refuse(made, as_json=as_json)
        seq = publish_bundle(here) if made else None
    rows = [{"group": p.group, "point": p.point, "text": to_text(p.raw), "words": p.words or ""} for p in made]
    text = f"{len(rows)} passes issued anew, the former are revoked; bundle {seq} says so" if rows else (
        "nothing was left to replace: used, over, or revoked")  # fmt: skip
    tell({"passes": rows, "bundle": seq}, as_json=as_json, text=text)


def register(app: typer.Typer) -> None:
    """Add the commands to `safeconduct pass`."""
    app.command("print")(print_)
    app.command("image")(image)
    app.command("reissue")(reissue)


def tell_address(node: Path) -> str:
    """Return the address of the page for travellers, empty where no phone outside can reach the node."""
    public = load_config(node).public_url.rstrip("/")
    return f"{public}/tell" if public else ""


def _ids(groups: list[str] | None, file: Path | None) -> list[str]:
    found = list(groups or [])
    if file is not None:
        found += [line.strip() for line in read_file(file).decode("utf-8", "replace").splitlines() if line.strip()]
    if not found:
        raise BadInput("bad-option", where="groups", expected="group ids, or --file with them", seen="none")
    return found


def _known(language: str) -> None:
    if language not in LANGUAGES:
        raise BadInput("bad-option", where="--language", expected=f"one of {', '.join(LANGUAGES)}", seen=language)
