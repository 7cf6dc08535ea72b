"""Issue passes that are bound to the key of a phone instead of words.

Keys come as the text that each phone shows by itself (`spec/holding.md`). A key is no secret; the pass carries its
hash, so that nothing of it has to be kept here.
"""

import csv
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from io import StringIO

from safeconduct.errors import BadInput, Refusal
from safeconduct.passes.binding import bind_phone
from safeconduct.passes.holding import read_key
from safeconduct.passes.pass_format import PAYLOAD_BYTES, PHONE, QUARTER, decode_payload
from safeconduct.workflows.issue_passes import Issued, Strip, issue_passes, standing, unheard
from safeconduct.workflows.ports import Node
from safeconduct.workflows.rows import PassRow

KINDS = ("nothing", "words", "words and a document", "a phone")


def read_phones(text: str, filename: str) -> dict[str, bytes]:
    """Read keys of phones: CSV with a group's id and the key's text on each line.

    A line `group_id,key` may stand first. A tab does for the comma, as a spreadsheet copies it.

    Returns:
        The phone's public key, 32 bytes, by group.

    Raises:
        BadInput: `bad-phones`, `bad-text` or `bad-key`, naming the line.
    """
    found: dict[str, bytes] = {}
    try:
        rows = list(csv.reader(StringIO(text.replace("\t", ",")), strict=True))
    except csv.Error as error:
        raise BadInput("bad-phones", where=filename, expected="CSV in UTF-8", seen=str(error)) from None
    for number, row in enumerate(rows, start=1):
        where = f"{filename} line {number}"
        if not any(cell.strip() for cell in row) or (number == 1 and [c.strip() for c in row] == ["group_id", "key"]):
            continue
        if len(row) != 2 or not row[0].strip():
            raise BadInput("bad-phones", where=where, expected="a group's id and its phone's key", seen=row)
        group = row[0].strip()
        if group in found:
            raise BadInput("bad-phones", where=where, expected="each group once, with one phone", seen=group)
        found[group] = read_key(row[1].strip(), where=where)
    return found


def issue_to_phones(
    node: Node,
    strips: Sequence[Strip],
    phones: Mapping[str, bytes],
    *,
    subject: str,
    purpose: str,
    progress: Callable[[int, int], None] = unheard,
) -> list[Issued] | Refusal:
    """Sign passes as `issue_passes` does, those of groups with a phone bound to its key.

    Args:
        node: the issuer's node.
        strips: what each group needs.
        phones: public keys by group (`read_phones`).
        subject: of the agreement's scope.
        purpose: of the agreement.
        progress: as for `issue_passes`.

    Raises:
        BadInput: as `issue_passes`; `bad-phones` for a phone of a group that gets no pass here, or where words are
            asked for as well; `bound-otherwise` where a pass for the same time stands already.
    """
    bound = bind_to_phones(strips, phones)
    if phones:
        with node.store.reading() as tx:
            _bound_alike(bound, standing(tx, [strip for strip in bound if strip.group in phones]))
    return issue_passes(node, bound, subject=subject, purpose=purpose, progress=progress)


def bind_to_phones(strips: Sequence[Strip], phones: Mapping[str, bytes]) -> list[Strip]:
    """Return strips whose legs are bound to the phones of their groups.

    Raises:
        BadInput: `bad-phones`.
    """
    strange = next((group for group in phones if group not in {strip.group for strip in strips}), None)
    if strange is not None:
        raise BadInput("bad-phones", where="phones", expected="groups that get passes now", seen=strange)
    made = []
    for strip in strips:
        if strip.group not in phones:
            made.append(strip)
            continue
        worded = next((leg.point for leg in strip.legs if leg.words), None)
        if worded is not None:
            where = f"strip of {strip.group} at {worded}"
            raise BadInput("bad-phones", where=where, expected="words or a phone, not both", seen="words and a phone")
        binding = bind_phone(phones[strip.group])
        made.append(Strip(strip.group, tuple(replace(leg, phone=binding) for leg in strip.legs)))
    return made


def _bound_alike(strips: Sequence[Strip], rows: Sequence[PassRow]) -> None:
    """Refuse where a retry would be answered with a pass that is bound to something else.

    Raises:
        BadInput: `bound-otherwise`.
    """
    wanted = {
        (strip.group, leg.point, leg.not_before // QUARTER * QUARTER): leg.phone
        for strip in strips
        for leg in strip.legs
    }
    for row in rows:
        fields = decode_payload(row.raw[:PAYLOAD_BYTES])
        phone = wanted.get((row.group, row.point, row.not_before))
        if phone is not None and (fields.binding_kind != PHONE or fields.binding != phone):
            seen = "another phone" if fields.binding_kind == PHONE else KINDS[fields.binding_kind]
            where = f"pass of {row.group} for {row.point}"
            raise BadInput("bound-otherwise", where=where, expected="none yet: issue it anew", seen=f"bound to {seen}")
