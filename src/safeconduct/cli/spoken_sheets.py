"""`safeconduct pass spoken-sheets`: the file of words as sheets to hand out, learn and destroy."""

from pathlib import Path
from typing import Annotated

import typer

from safeconduct.agreements.fields import moment
from safeconduct.cli.operator import AT_KEYBOARD, By, acting_as
from safeconduct.cli.speak import HERE, Json, NodeDir, opened, tell, write_file
from safeconduct.cli.spoken import rows_of
from safeconduct.errors import BadInput
from safeconduct.passes.spoken import as_words
from safeconduct.web.pages.paper_words import LANGUAGES
from safeconduct.web.pages.words_pdf import words_pdf
from safeconduct.workflows.print_spoken import Told, print_spoken


def sheets(
    words: Annotated[Path, typer.Argument(help="the file that `pass issue-spoken` wrote")],
    output: Annotated[Path, typer.Option("--output", "-o", help="PDF to write")],
    language: Annotated[str, typer.Option("--language", "-l", help=f"of the groups: {', '.join(LANGUAGES)}")] = "en",
    time_zone: Annotated[str | None, typer.Option(help="local time, as Asia/Kabul or +04:30")] = None,
    by: By = AT_KEYBOARD,
    node: NodeDir = HERE,
    as_json: Json = False,
) -> None:
    """Print the words of spoken passes, a sheet for each group: words, and numbers in the language's own digits."""
    if language not in LANGUAGES:
        raise BadInput("bad-option", where="--language", expected=f"one of {', '.join(LANGUAGES)}", seen=language)
    rows = [told_of(row, f"{words} row {number}") for number, row in enumerate(rows_of(words), start=2)]
    with opened(node) as here:
        papers = print_spoken(here, rows, by=acting_as(here, by), zone=time_zone)
    write_file(output, words_pdf(papers, language))
    count = sum(len(paper.passes) for paper in papers.groups)
    left_out = len(rows) - count
    made = {"groups": len(papers.groups), "passes": count, "void": left_out, "file": str(output)}
    text = (
        f"{count} spoken passes of {len(papers.groups)} groups in {output}: have them learnt, then destroy both files"
    )
    text += f"\n{left_out} are void since, and left out" if left_out else ""
    tell(made, as_json=as_json, text=text)


def told_of(row: dict[str, str], where: str) -> Told:
    """Read one line of the file of words.

    Raises:
        BadInput: `bad-words-file`; the words are not repeated.
    """
    words = as_words(row["words"])
    if words is None or not row["people"].isdigit():
        raise BadInput("bad-words-file", where=where, expected="six words of the list, and how many people",
                       seen="something else")  # fmt: skip
    return Told(
        row["serial"], row["group"], row["point"], moment(row["not_before"], where=where),
        moment(row["until"], where=where), int(row["people"]), words,
    )  # fmt: skip
