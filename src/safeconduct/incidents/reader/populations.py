"""What a figure counts: the noun after a number, in a normal form, with the words used kept."""

from collections.abc import Sequence
from dataclasses import dataclass

from safeconduct.incidents.reader.lexicon import as_is, by_word, word_set
from safeconduct.incidents.reader.tokens import Token

# Normal form: nouns that mean it, in singular; a plural is found by its ending or stands in `_PLURALS`.
_PLURALS = as_is("plurals")
_PAIRS = {tuple(words.split()): name for words, name in as_is("pairs").items()}
_SPANS = frozenset(by_word("spans").values())
_DEMONYMS = word_set("demonyms")
_STOPS = word_set("ending")  # words that end a noun phrase
_PASSED = frozenset("\"“”'‘’-–\\()[]")
_OF = frozenset(("members", "member", "lives", "bodies", "families"))
_MEMBERS = {"family": "family-members", "relative": "family-members", "soldier": "service-members"}
_LOOK = 9  # tokens after the number within which its noun must stand


@dataclass(frozen=True, slots=True)
class Population:
    """What is counted: normal form, unit, and the tokens `first` to `last` (excluded) that say it."""

    name: str
    unit: str  # "people", "attacks", "aircraft", "days" …
    first: int
    last: int
    noun: str  # head noun, singular

    @property
    def duration(self) -> bool:
        """Whether it is a span of time."""
        return self.name in _SPANS


_PLAIN = frozenset(by_word("plain"))
_BY_NOUN = (
    {noun: (noun, "people") for noun in _PLAIN}
    | {noun: (name, "people") for noun, name in by_word("people").items()}
    | {noun: (name, name) for part in ("events", "things", "spans") for noun, name in by_word(part).items()}
)


def noun_of(low: str) -> str:
    """The head noun in singular when the word can be counted, else an empty text."""
    low = low.removesuffix("'s").removesuffix("'")
    if low in _PLURALS:
        return _PLURALS[low]
    if low in _BY_NOUN:
        return low
    if low.endswith("s") and low[:-1] in _BY_NOUN:
        return low[:-1]
    if low.endswith("es") and low[:-2] in _BY_NOUN:
        return low[:-2]
    return ""


def is_demonym(token: Token) -> bool:
    """Whether a word names people by their country or faith: "Afghans", "Ukrainians"."""
    if not token.text[0].isupper():
        return False
    return token.low in _DEMONYMS or (len(token.low) > 5 and token.low.endswith(("ians", "eans")))


def is_counted(token: Token) -> bool:
    """Whether a word is a noun for people, events or things that reports count."""
    return bool(noun_of(token.low)) or is_demonym(token)


def plural(token: Token) -> bool:
    """Whether a noun or demonym stands in the plural or means many."""
    return token.low in _PLURALS or (token.low.endswith(("s", "ese", "ish")) and token.low not in _BY_NOUN)


def population_after(words: Sequence[Token], at: int, *, one: bool = False) -> Population | None:
    """What is counted by a number that ends before token `at`; None when no countable noun follows.

    The head is the last countable noun of the phrase: "12 Northern Province (NP) guards" counts guards, "nine members
    of his family" counts family members.
    """
    place, head, depth = at, -1, 0
    limit = min(len(words), at + _LOOK)
    while place < limit:
        token = words[place]
        depth += (token.text in "([" and place > at) - (token.text in ")]" and depth > 0)
        if depth > 0 or token.text in _PASSED:
            place += 1
        elif token.is_word:
            ahead = _ahead(words, place, head)
            if ahead == place:
                break
            head = place if _counts(words, place) else head
            place = ahead
        elif token.text == "," and head < 0 and at < place < limit - 1 and _adjective(words, place):
            place += 1
        else:
            break
    if head < 0 and not one:
        return _pronoun(words, at)
    return _population(words, at, head, one=one) if head >= 0 else None


def _pronoun(words: Sequence[Token], at: int) -> Population | None:
    """People named by a pronoun: "thousands of those who …", "some of them"."""
    if at + 1 < len(words) and words[at].low == "of" and words[at + 1].low in ("those", "them", "us", "these"):
        return Population("people", "people", at, at + 2, "")
    strong = at < len(words) and words[at].low == "strong"
    return Population("people", "people", at, at + 1, "") if strong else None


def _ahead(words: Sequence[Token], place: int, head: int) -> int:
    """The next place of a noun phrase after this word; the same place when the phrase is over."""
    token = words[place]
    if token.low == "of":
        goes_on = head < 0 or words[head].low in _OF
    elif _stops(words, place, head):
        goes_on = False
    elif token.text[0].isdigit():
        aged = place + 2 < len(words) and words[place + 2].low in ("year-old", "month-old", "week-old")
        return place + 3 if aged and head < 0 else place
    else:
        goes_on = (
            head < 0
            or token.low == "other"
            or words[place - 1].low == "of"
            or _counts(words, place)
            or _pairs(words, place)
        )
    return place + 1 if goes_on else place


def _counts(words: Sequence[Token], place: int) -> bool:
    """Whether a word can be the head: a listed noun, a people; "other" only where no noun follows it."""
    token = words[place]
    if token.low == "other":
        return place + 1 >= len(words) or not words[place + 1].is_word or words[place + 1].low in _STOPS
    return is_counted(token)


def _pairs(words: Sequence[Token], place: int) -> bool:
    return place + 1 < len(words) and (words[place].low, words[place + 1].low) in _PAIRS


def _adjective(words: Sequence[Token], comma: int) -> bool:
    """Whether a comma stands between two words before a noun: "two young, unarmed men"."""
    return (
        comma > 0
        and words[comma - 1].is_word
        and not words[comma - 1].text[0].isdigit()
        and any(noun_of(token.low) for token in words[comma + 1 : comma + 3])
    )


def _stops(words: Sequence[Token], place: int, head: int) -> bool:
    token = words[place]
    if token.low in ("wounded", "injured", "dead"):  # "140 wounded" counts them; "140 people wounded" does not
        return head >= 0
    if token.low in ("killed", "left", "died") and head < 0:
        return True
    return token.low in _STOPS


def _population(words: Sequence[Token], first: int, head: int, *, one: bool) -> Population | None:
    token = words[head]
    noun = noun_of(token.low)
    pair = _PAIRS.get((words[head - 1].low, token.low)) if head > first else None
    found: tuple[str, str] | None
    if pair:
        found = next((entry for entry in _BY_NOUN.values() if entry[0] == pair), (pair, "people"))
    elif noun == "member" or any(word.low == "members" for word in words[first:head]):
        found = _MEMBERS.get(noun, "people"), "people"
    elif not noun:
        found = (_people_of(token.low), "people") if one or plural(token) or token.low in ("french", "dutch") else None
    elif token.low == "forces" and head == first:
        found = None
    else:
        found = (_written(token.low, noun), "people") if noun in _PLAIN else _BY_NOUN[noun]
        if not one and not plural(token) and noun not in ("other", "name", "crew") and found[1] != "aircraft":
            found = None
    last = head + 1
    if words[first].text == "(" and last < len(words) and words[last].text == ")":
        last += 1  # "some (rocket attacks)"
    return Population(*found, first, last, noun or token.low) if found else None


def _written(low: str, noun: str) -> str:
    """The plural of a plain noun, as it is written where it stands in the plural."""
    low = low.removesuffix("'s").removesuffix("'")
    return low if low != noun or low in _PLURALS else noun + "s"


def _people_of(low: str) -> str:
    """The plural of a demonym as normal form."""
    return low if low.endswith(("s", "ese", "ish", "ch")) else low + "s"
