"""Who denies, condemns, claims or doubts: the group, body or crowd that a remark itself names as doing so."""

import re
from bisect import bisect_left
from collections.abc import Sequence

from safeconduct.incidents.reader.model import Document, Name, Remark

NEAR_START = 50  # characters from the start of a remark within which its subject stands
_KINDS = ("group", "body", "outlet")
# People without a name who deny: "Nurses dismissed …", "Local doctors rejected …".
_CROWD = re.compile(
    r"(?P<who>(?:(?:Some|Many|Several|Other|Local|The|Most|Two|Three|Four|Five)\s+)?(?:[\w-]+\s+)?"
    r"[a-z]*(?:ics|ors|ers|ses|als|ents|ists|ives|ies|men|women))\s+(?:who\s+[\w\s]{2,40}\s)?(?:have\s+|had\s+|also\s+)?"
    r"(?:dismiss|den[iy]|reject|refut|disput|rebuff)",
    re.IGNORECASE,
)
_BY = re.compile(r"\bby\s+(?:the\s+)?$")


def doer_of(remark: Remark, document: Document, names: Sequence[Name]) -> tuple[str, str]:
    """Who a remark tells of, as written, and what kind of voice it is; two empty texts when it names nobody.

    Args:
        remark: of a kind that somebody does: a denial, a condemnation, a challenge …
        document: in which it stands.
        names: of the same document, in reading order.
    """
    plain = document.plain
    if remark.kind == "denial":  # "Nurses dismissed the ministry's claim": whose claim it is comes after the verb
        crowd = _CROWD.match(plain, remark.start, remark.end)
        if crowd is not None:
            return crowd["who"].lower(), "unnamed"
    first = bisect_left(names, remark.start, key=lambda name: name.start)
    last = bisect_left(names, remark.end, key=lambda name: name.start)
    for name in names[first:last]:
        by_it = remark.kind == "challenge" and _BY.search(plain, remark.start, name.start) is not None
        if name.kind in _KINDS and (name.start < remark.start + NEAR_START or by_it):
            return plain[name.start : name.end], "body"
    if remark.kind == "claim-of-responsibility":  # "the group claimed it": named before, and nobody claims for another
        for name in reversed(names[:first]):
            if name.identity == remark.actor and name.kind in _KINDS:
                return plain[name.start : name.end], "body"
    return "", ""
