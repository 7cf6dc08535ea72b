"""Everything in an account on which its claims disagree, or which they leave open; nothing is settled here.

Each disagreement has its sides, and each side its claims, so that a reader sees who holds what. "Nothing tells us that
X" is a kind of its own and never a denial; somebody kept from speaking is never a silence that counts as nothing.
"""

from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

from safeconduct.incidents.account import DISPUTING, SUPERSEDING, WITHDRAWING, Account, Line
from safeconduct.incidents.claims import GRADES, Claim, FigureKey, Relation, Source
from safeconduct.incidents.dates import last_day
from safeconduct.incidents.figures import Figure, hedge, name
from safeconduct.incidents.origins import origin_groups

# Kinds in the order in which they are listed: what a reader must know first comes first.
CONFLICT, WITHDRAWN, DISPUTED, CHANGED = "conflict", "withdrawn", "disputed", "changed"
COMPETING, GRADED, STARTS, NO_EVIDENCE = "competing", "grades", "starts", "no-evidence"
BARRED, UNCONFIRMED, ONCE, AMBIGUOUS = "barred", "unconfirmed", "once", "ambiguous"
KINDS = (
    CONFLICT, WITHDRAWN, DISPUTED, CHANGED, COMPETING, GRADED, STARTS, NO_EVIDENCE, BARRED, UNCONFIRMED, ONCE,
    AMBIGUOUS,
)  # fmt: skip
EXPLAINING = ("cause", "explanation", "identity", "means")  # attributes of which two outcomes are two explanations
BEGINNING = ("start", "began", "founding")
RESTRICTING = ("restriction", "restrictions")
GONE = ("corrected", "retracted")
NO_EVIDENCE_NOTE = "Nothing known to these voices shows it. That does not show that it did not happen."
BARRED_NOTE = "Their silence is not a count: what they would say is unknown, and it is not nothing."


@dataclass(frozen=True, slots=True)
class Side:
    """What one side holds, in a word or two, and the claims that hold it, oldest first."""

    label: str
    claims: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Disagreement:
    """One thing on which claims disagree or which they leave open."""

    kind: str  # one of KINDS
    subject: str  # what it is about, in words
    sides: tuple[Side, ...]
    method: str = ""  # how a challenge or a correction came to be
    note: str = ""


@dataclass(frozen=True, slots=True)
class _Ground:
    """What the finders below look at: the account, its ties, and quick ways into both."""

    given: Account
    ties: tuple[Relation, ...]
    sources: Mapping[str, Source]
    claims: Mapping[str, Claim]
    lines: Mapping[str, Line]
    figures: Mapping[FigureKey, Figure]

    def ordered(self, ids: Iterable[str]) -> tuple[str, ...]:
        """Claims once each, in the order in which they became known."""
        return tuple(sorted(set(ids), key=lambda claim: (self.claims[claim].known_from, claim)))

    def stands(self, claim: str) -> bool:
        """Whether nobody has withdrawn it."""
        return self.lines[claim].status not in GONE


def disagreements(
    given: Account, relations: Iterable[Relation], sources: Mapping[str, Source]
) -> tuple[Disagreement, ...]:
    """List every disagreement of an account, in the order of `KINDS`.

    Args:
        given: the account; what is not in it is not used.
        relations: between claims; those that the account does not know yet are left out.
        sources: by id.
    """
    claims = {claim.id: claim for claim in given.claims}
    ties = tuple(
        tie
        for tie in relations
        if tie.source in claims and tie.target in claims and last_day(tie.said) <= given.known_at
    )
    ground = _Ground(
        given,
        ties,
        sources,
        claims,
        {line.claim: line for line in given.timeline},
        {figure.key: figure for figure in given.figures},
    )
    finders: tuple[Callable[[_Ground], Iterator[Disagreement]], ...] = (
        _conflicts, _withdrawn, _disputed, _changed, _competing, _graded, _starts, _by_speech, _barred, _once,
        _ambiguous,
    )  # fmt: skip
    found = [one for finder in finders for one in finder(ground)]
    return tuple(sorted(found, key=lambda one: KINDS.index(one.kind)))


def subject_of(claim: Claim) -> str:
    """What a claim is about, in words: "civilians killed", "cause: dead and wounded"."""
    if claim.is_figure:
        label = name(claim.key)
        return f"{label}, {claim.meant}" if claim.meant else label
    return f"{claim.attribute}: {claim.population}".replace("-", " ")


def _values(ground: _Ground, ids: Iterable[str]) -> tuple[Side, ...]:
    """Sides by the figure in its own words, the smallest number first and vague words last."""
    sides: dict[str, list[str]] = {}
    for claim in ground.ordered(ids):
        sides.setdefault(hedge(ground.claims[claim]) or "no number", []).append(claim)

    def size(side: tuple[str, list[str]]) -> tuple[bool, int]:
        first = ground.claims[side[1][0]]
        number = first.min if first.min is not None else first.max
        return number is None, number or 0

    return tuple(Side(label, tuple(some)) for label, some in sorted(sides.items(), key=size))


def _conflicts(ground: _Ground) -> Iterator[Disagreement]:
    for figure in ground.given.figures:
        at_odds = {claim for pair in figure.conflicts for claim in (pair.first, pair.second)}
        if at_odds:
            yield Disagreement(CONFLICT, subject_of(figure.claims[0]), _values(ground, at_odds))


def _withdrawn(ground: _Ground) -> Iterator[Disagreement]:
    """One for each set of withdrawing claims, with what they took back and what had rested on that (S-95)."""
    taken: dict[tuple[str, ...], list[str]] = {}
    for line in ground.given.timeline:
        if line.status in GONE:
            taken.setdefault(line.by, []).append(line.claim)
    resting: dict[str, set[str]] = {}
    for line in ground.given.timeline:
        for cause in line.shaken_by:
            resting.setdefault(cause, set()).add(line.claim)
    methods = _methods(ground)
    for by, gone in taken.items():
        sides = [Side("now said", ground.ordered(by))]
        for status in GONE:
            some = ground.ordered(claim for claim in gone if ground.lines[claim].status == status)
            if some:
                sides.append(Side(status, some))
        rests = {claim for one in gone for claim in resting.get(one, ())}
        if rests:
            sides.append(Side("rested on it", ground.ordered(rests)))
        method = "; ".join(dict.fromkeys(words for claim in by for words in methods.get(claim, {})))
        yield Disagreement(WITHDRAWN, subject_of(ground.claims[gone[0]]), tuple(sides), method)


def _methods(ground: _Ground) -> dict[str, dict[str, None]]:
    """By what methods each claim came to withdraw others."""
    found: dict[str, dict[str, None]] = {}
    for tie in ground.ties:
        if tie.kind in WITHDRAWING and tie.method:
            found.setdefault(tie.source, {})[tie.method] = None
    return found


def _disputed(ground: _Ground) -> Iterator[Disagreement]:
    """Denials and challenges by the claim that makes them, with the method; those tied to none stand alone."""
    targets: dict[tuple[str, str, str], list[str]] = {}
    for tie in ground.ties:
        if tie.kind in DISPUTING:
            targets.setdefault((tie.source, tie.kind, tie.method), []).append(tie.target)
    words = {"denies": "denied by", "disputes": "challenged by", "contradicts": "contradicted by"}
    for (source, kind, method), some in targets.items():
        sides = (Side("said", ground.ordered(some)), Side(words[kind], (source,)))
        yield Disagreement(DISPUTED, subject_of(ground.claims[some[0]]), sides, method)
    tied = {tie.source for tie in ground.ties if tie.kind in (*DISPUTING, *WITHDRAWING)}
    for claim in ground.given.claims:
        if claim.speech in ("denial", "challenge") and claim.id not in tied:
            label = "denied" if claim.speech == "denial" else "challenged"
            yield Disagreement(DISPUTED, subject_of(claim), (Side(label, (claim.id,)),))


def _changed(ground: _Ground) -> Iterator[Disagreement]:
    """Each figure that was updated, with every version in the order of its telling (S-94)."""
    versions: dict[FigureKey, set[str]] = {}
    later: set[str] = set()
    for tie in ground.ties:
        if tie.kind in SUPERSEDING:
            versions.setdefault(ground.claims[tie.target].key, set()).update((tie.target, tie.source))
            later.add(tie.source)
    for chain in versions.values():
        ids = sorted(chain, key=lambda claim: (ground.claims[claim].known_from, claim in later, claim))
        sides: dict[str, list[str]] = {}
        for claim in ids:
            sides.setdefault(hedge(ground.claims[claim]) or ("later" if claim in later else "before"), []).append(claim)
        subject = subject_of(ground.claims[ids[0]])
        yield Disagreement(CHANGED, subject, tuple(Side(label, tuple(some)) for label, some in sides.items()))


def _competing(ground: _Ground) -> Iterator[Disagreement]:
    """Several explanations of one observation, side by side (S-100)."""
    found: dict[tuple[str, str, str], dict[str, list[str]]] = {}
    for claim in ground.given.claims:
        if claim.attribute in EXPLAINING and not claim.is_figure:
            about = found.setdefault((claim.attribute, claim.population, claim.meant), {})
            about.setdefault(claim.outcome.replace("-", " "), []).append(claim.id)
    for outcomes in found.values():
        if len(outcomes) > 1:
            sides = tuple(Side(outcome, tuple(some)) for outcome, some in outcomes.items())
            yield Disagreement(COMPETING, subject_of(ground.claims[sides[0].claims[0]]), sides)


def _graded(ground: _Ground) -> Iterator[Disagreement]:
    """Attribution by grade, weakest first; grades and actors are never merged (S-84)."""
    grades: dict[tuple[str, str], list[str]] = {}
    for one in ground.given.attribution:
        grades.setdefault((one.grade, one.actor), []).append(one.claim)
    if len(grades) < 2:
        return
    ordered = sorted(grades.items(), key=lambda pair: (GRADES.index(pair[0][0]), pair[0][1]))
    sides = [Side(f"{grade}: {actor}".replace("-", " "), tuple(some)) for (grade, actor), some in ordered]
    yield Disagreement(GRADED, "who did it", tuple(sides))


def _starts(ground: _Ground) -> Iterator[Disagreement]:
    """Start dates that differ (S-75)."""
    found: dict[tuple[str, str], dict[str, list[str]]] = {}
    for claim in ground.given.claims:
        if claim.attribute in BEGINNING and claim.meant:
            found.setdefault((claim.population, claim.outcome), {}).setdefault(claim.meant, []).append(claim.id)
    for (population, outcome), days in found.items():
        if len(days) > 1:
            subject = f"start of {population} {outcome}".replace("-", " ").strip()
            yield Disagreement(STARTS, subject, tuple(Side(day, tuple(some)) for day, some in sorted(days.items())))


def _by_speech(ground: _Ground) -> Iterator[Disagreement]:
    """What is said not to be known (S-88), and what somebody refused to confirm."""
    kinds = {
        "no-evidence": (NO_EVIDENCE, "no evidence that", NO_EVIDENCE_NOTE),
        "refusal-to-confirm": (UNCONFIRMED, "would not confirm", ""),
    }
    found: dict[tuple[str, str, str], list[str]] = {}
    for claim in ground.given.claims:
        if claim.speech in kinds and ground.stands(claim.id):
            about = f"{claim.population}: {claim.outcome}".replace("-", " ")
            found.setdefault((claim.speech, claim.attribute, about), []).append(claim.id)
    for (speech, _, about), some in found.items():
        kind, label, note = kinds[speech]
        yield Disagreement(kind, about, (Side(label, tuple(some)),), note=note)


def is_restriction(claim: Claim) -> bool:
    """Whether it says that somebody is kept from speaking (S-78)."""
    return claim.attribute in RESTRICTING or claim.outcome.startswith("barred")


def _barred(ground: _Ground) -> Iterator[Disagreement]:
    found: dict[str, list[str]] = {}
    for claim in ground.given.claims:
        if is_restriction(claim) and ground.stands(claim.id):
            found.setdefault(claim.population.replace("-", " "), []).append(claim.id)
    for who, some in found.items():
        yield Disagreement(BARRED, who, (Side("barred from speaking", tuple(some)),), note=BARRED_NOTE)


def _once(ground: _Ground) -> Iterator[Disagreement]:
    """Allegations and beliefs of one origin that no later source takes up (S-83)."""
    topics: dict[tuple[str, str, str], list[Claim]] = {}
    for claim in ground.given.claims:
        if not claim.is_figure and claim.attribute != "attribution":
            topics.setdefault((claim.attribute, claim.population, claim.outcome), []).append(claim)
    sources = {claim.source for claim in ground.given.claims}
    published = sorted(last_day(ground.sources[source].published) for source in sources)
    for some in topics.values():
        first = some[0]
        if first.speech not in ("allegation", "belief") or not ground.stands(first.id):
            continue
        if len(some) > 1 and len(origin_groups(some, ground.ties, ground.sources)) > 1:
            continue
        later = len(published) - bisect_right(published, last_day(ground.sources[some[-1].source].published))
        if later:
            silent = "1 later source does" if later == 1 else f"{later} later sources do"
            side = Side("reported by one origin", tuple(claim.id for claim in some))
            yield Disagreement(ONCE, subject_of(first), (side,), note=f"{silent} not mention it.")


def _ambiguous(ground: _Ground) -> Iterator[Disagreement]:
    for claim in ground.given.claims:
        if claim.ambiguous:
            side = Side("can be read otherwise", (claim.id,))
            yield Disagreement(AMBIGUOUS, subject_of(claim), (side,), note=claim.ambiguous)
