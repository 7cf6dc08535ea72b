"""Utterances that are held in several wordings, set beside each other word by word."""

from collections.abc import Mapping

from safeconduct.incidents.bonds import Joined
from safeconduct.incidents.reader.alignment import align_all
from safeconduct.incidents.states import COPYING
from safeconduct.workflows.account_claims import Known
from safeconduct.workflows.account_view import ClaimView, StretchView, WordingView

MOST = 30  # utterances
MOST_WORDINGS = 12  # of one utterance


def find_wordings(known: Known, views: Mapping[str, ClaimView]) -> tuple[WordingView, ...]:
    """Return the utterances of which several wordings are held: claims tied as copies of each other (S-106, S-108)."""
    joined = Joined()
    for tie in known.ties:
        if tie.kind in COPYING and _spoken(views[tie.source]) and _spoken(views[tie.target]):
            joined.join(tie.source, tie.target)
    roots = joined.roots()
    groups: dict[object, list[ClaimView]] = {}
    for claim in views.values():
        if claim.id in roots:
            groups.setdefault(roots[claim.id], []).append(claim)
    several = [some for some in groups.values() if len({claim.quote for claim in some}) > 1]
    return tuple(_wording(tuple(some[:MOST_WORDINGS])) for some in several[:MOST])


def _spoken(claim: ClaimView) -> bool:
    """Whether exact words are held; those of a figure are a number with what it counts, and no utterance."""
    return bool(claim.quote) and claim.kind != "figure"


def _wording(claims: tuple[ClaimView, ...]) -> WordingView:
    stretches = []
    for row in align_all([claim.quote for claim in claims]):
        if row.same:
            stretches.append(StretchView(row.words[0]))
            continue
        others: dict[str, list[int]] = {}
        for number, words in enumerate(row.words, start=1):
            others.setdefault(words, []).append(number)
        stretches.append(StretchView("", tuple((tuple(numbers), words) for words, numbers in others.items())))
    return WordingView(claims, tuple(stretches))
