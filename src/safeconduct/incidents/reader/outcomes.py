"""What became of those who are counted: the verb or noun of the sentence that a figure belongs to."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from safeconduct.incidents.reader.lexicon import by_word, phrases, word_set
from safeconduct.incidents.reader.tokens import Token

_BY_OBJECT, _BY_SUBJECT, _BY_NOUN = by_word("object"), by_word("subject"), by_word("nouns")
_OUTWARD, _AUX = word_set("outward"), word_set("helping")
_LINKS = word_set("linking") | {",", "—", "–", "-"}
_LOSING = frozenset(("lost", "lose", "losing"))
_CLOSING, _GOVERNING = phrases("closing"), phrases("governing")
_BEING = frozenset(("was", "were", "been", "being", "be", "are", "is"))
_STOPS = frozenset((";", ":", ".", "?", "!"))
_BRACKETS = frozenset(("—", "–", "(", "“", ","))
_GIVING = frozenset(("lost", "gave", "given", "laid", "sacrificed"))
_TAKING = frozenset(("claim", "claimed", "claiming", "claims", "take", "takes", "took", "taken", "taking", "cost"))
_OBJECT_OPENS = frozenset(("a", "an", "the", "his", "her", "their", "more", "many", "some", "several"))
_FAR = frozenset(("in", "on", "from", "after", "said", "were", "was", "are", "is", "have", "has"))
_SAYING = frozenset(
    ("said", "say", "says", "told", "saying", "believe", "believed", "reported", "claimed", "confirmed")
)
_NEIGHBOURS = 8  # figures of one list that may share a verb
_GAP = 14  # tokens between a figure and its verb, other figures not counted


@dataclass(frozen=True, slots=True)
class Phrase:
    """The tokens of one figure, `first` to `last` (excluded), with its head noun."""

    first: int
    last: int
    noun: str


def outcome_of(words: Sequence[Token], phrases: Sequence[Phrase], which: int) -> str:
    """The outcome of one figure of a sentence, empty when the sentence gives none.

    Args:
        words: tokens of the sentence.
        phrases: all figures of the sentence, in order.
        which: position of the figure among them.
    """
    phrase = phrases[which]
    inside = _by_noun(words, phrase)
    if inside in ("killed", "injured", "casualties"):
        return inside
    near = phrases[max(0, which - _NEIGHBOURS) : which + _NEIGHBOURS + 1]
    covered = {place: p for p in near for place in range(p.first, p.last)}
    if _speaks(words, phrase):
        return ""
    after = _after(words, phrase, covered)
    if after:
        return after
    before = _before(words, phrase, covered)
    return before or inside


def _speaks(words: Sequence[Token], phrase: Phrase) -> bool:
    """Whether those counted are the ones who tell it: "…, three officials in the capital said"."""
    for token in words[phrase.last : phrase.last + 10]:
        if token.low in ("said", "say", "says", "told"):
            return True
        if not token.is_word or token.low in _BEING or token.low in _BY_OBJECT:
            return False
    return False


def _by_noun(words: Sequence[Token], phrase: Phrase) -> str:
    """An outcome that the counted noun itself carries: "170 deaths", "140 wounded", "18 wounded marines"."""
    found = _BY_NOUN.get(phrase.noun, "")
    if found:
        return found
    inner = {words[place].low for place in range(phrase.first, phrase.last)}
    if inner & {"wounded", "injured"}:
        return "injured"
    if inner & {"fallen", "slain", "dead"}:
        return "killed"
    return ""


def _after(words: Sequence[Token], phrase: Phrase, covered: Mapping[int, Phrase]) -> str:
    """The verb that follows: "… were killed", "… dead", "… have been flown out"."""
    found, place, gap, helped = _relative(words, phrase), phrase.last, 0, False
    while not found and place < len(words) and gap < _GAP:
        if place in covered and not helped:
            place = max(covered[place].last, place + 1)
            continue
        low = words[place].low
        if _clause_ends(words, place, covered, told=helped, begun=gap > 0):
            break
        found = _closing(words, place, helped=helped, covered=covered)
        if low in _AUX:
            helped = helped or low in _BEING
        elif helped:
            break  # another verb or a plain predicate
        gap, place = gap + 1, _bracketed(words, place) if low in _BRACKETS else place + 1
    return found


def _clause_ends(words: Sequence[Token], place: int, covered: Mapping[int, Phrase], *, told: bool, begun: bool) -> bool:
    low = words[place].low
    if low in _STOPS or (begun and not told and low in ("that", "but", "while", "after", "when")):
        return True
    if low in _SAYING and not told:
        return True
    return low == "and" and words[place - 1].text == "," and place + 1 not in covered


def _relative(words: Sequence[Token], phrase: Phrase) -> str:
    """What others did to those counted: "the 13 that we lost", "many people they have evacuated"."""
    place = phrase.last
    if place < len(words) and words[place].low in ("that", "who", "whom"):
        place += 1
    if place >= len(words) or words[place].low not in ("we", "they", "he", "she", "you", "we've", "they've"):
        return ""
    for token in words[place + 1 : place + 4]:
        if token.low in _LOSING:
            return "killed"
        if token.low in _BY_OBJECT:
            return _BY_OBJECT[token.low]
    return ""


def _closing(words: Sequence[Token], place: int, *, helped: bool, covered: Mapping[int, Phrase]) -> str:
    """The outcome of a verb at this place whose subject was passed."""
    low = words[place].low
    found = _phrase_at(_CLOSING, words, place)
    if low in _BY_SUBJECT and not (low in ("missing", "waiting") and not helped and place + 1 in covered):
        return _BY_SUBJECT[low]
    if found or (low in _GIVING and _lives(words, place + 1)) or (low == "lost" and helped):
        return found or "killed"
    following = words[place + 1].low if place + 1 < len(words) else ""
    if low in _OUTWARD and helped and following in ("out", "to", "from", "away", "off", "home"):
        return "evacuated"
    acts = _takes_object(words, place, covered)
    if low == "left" and not acts:
        return "remaining" if helped else "evacuated"
    return _BY_OBJECT.get(low, "") if low.endswith(("d", "n", "t")) and (helped or not acts) else ""


def _phrase_at(table: Mapping[str, Sequence[tuple[tuple[str, ...], str]]], words: Sequence[Token], place: int) -> str:
    for phrase, outcome in table.get(words[place].low, ()):
        if tuple(token.low for token in words[place : place + len(phrase)]) == phrase:
            return outcome
    return ""


def _lives(words: Sequence[Token], place: int) -> bool:
    return any(token.low in ("lives", "life") for token in words[place : place + 4])


def _takes_object(words: Sequence[Token], place: int, covered: Mapping[int, Phrase]) -> bool:
    """Whether what follows a verb is its object, so that the words before it did it."""
    following = place + 1
    if following >= len(words):
        return False
    if following in covered and covered[following].first <= following:
        return True
    low = words[following].low
    return low in _OBJECT_OPENS or (low in ("at", "up") and following + 1 in covered)


def _bracketed(words: Sequence[Token], place: int) -> int:
    """The place after a stretch set apart by dashes, brackets or commas; the next place when it is not closed."""
    opening = words[place].low
    closing = {"(": ")", "“": "”"}.get(opening, opening)
    for ahead in range(place + 2, min(len(words), place + 16)):
        if words[ahead].low == closing:
            return ahead + 1
    return place + 1


def _before(words: Sequence[Token], phrase: Phrase, covered: Mapping[int, Phrase]) -> str:
    """The verb or noun that governs the figure from before: "killing 13 …", "the evacuation of 100,000 …"."""
    place, gap = phrase.first - 1, 0
    while place >= 0 and gap < _GAP:
        if place in covered:
            place = covered[place].first - 1
            continue
        low = words[place].low
        if (low in _STOPS and low != ":") or low in ("who", "whom", "because", "but", "although"):
            return ""
        found = _governing(words, place, phrase)
        if found:
            return found
        if low not in _LINKS:
            gap += 3 if low in _FAR else 1
        place -= 1
    return ""


def _governing(words: Sequence[Token], place: int, phrase: Phrase) -> str:
    low = words[place].low
    if low in _BY_OBJECT and not _passive(words, place):
        return _BY_OBJECT[low]
    if low in _LOSING:
        nothing = place + 1 < len(words) and words[place + 1].low in ("count", "track", "contact", "sight")
        return "" if nothing or phrase.noun in ("home", "house") else "killed"
    if (low in _TAKING and _lives(words, place + 1)) or (low in _GIVING and phrase.noun == "life"):
        return "killed"
    found = _phrase_at(_GOVERNING, words, place)
    if found:
        return found
    if (low in _OUTWARD or low in ("let", "letting")) and _outward(words, place, phrase):
        return "evacuated" if low in _OUTWARD else "released"
    return _leaving(words, phrase) if low in ("left", "leaving", "leaves", "leave") else ""


def _leaving(words: Sequence[Token], phrase: Phrase) -> str:
    """What they were left as: "left 12 soldiers and 60 others dead"."""
    ahead = [token.low for token in words[phrase.last : phrase.last + 14]]
    for low in ahead:
        if low in ("dead", "injured", "wounded", "stranded", "behind", "missing", "homeless"):
            return {"dead": "killed", "injured": "injured", "wounded": "injured", "missing": "missing",
                    "homeless": "displaced"}.get(low, "remaining")  # fmt: skip
        if low in _STOPS or low in _BEING:
            break
    return ""


def _passive(words: Sequence[Token], place: int) -> bool:
    """Whether the verb belongs to somebody named before it: "were killed, with 12 …"."""
    return place > 0 and words[place - 1].low in _BEING


def _outward(words: Sequence[Token], place: int, phrase: Phrase) -> bool:
    if place + 1 < len(words) and words[place + 1].low in ("out", "home"):
        return True
    ahead = [token.low for token in words[phrase.last : phrase.last + 8]]
    if "from" in ahead and "to" in ahead[ahead.index("from") :]:
        return True
    return "out" in ahead and "of" not in ahead[: ahead.index("out")]
