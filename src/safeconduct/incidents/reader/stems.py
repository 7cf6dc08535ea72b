"""Words by their meaning, roughly: without endings, contractions and fillers; which words carry none by themselves."""

from collections.abc import Iterable
from functools import lru_cache


def listed(words: str) -> list[str]:
    """Words of a list that is easier to read in lines."""
    return words.split()


FUNCTION_WORDS = frozenset(
    listed("""
    a about after also am an and any are as at be because been before being but by can could did do does done
    down for from get go going gonna got had has have having he her here him his how i if in into is it its just
    let like may me might more most much must my of off on onto or other our out over own same shall she should
    so such than that the their them then there these they this those through to too under until up us very was
    we well were what when where which while who whom whose why will with would you your yours ours theirs not
    no nor never none one ones re ve ll d m s t don doesn didn isn aren wasn weren hasn haven hadn won wouldn couldn
    shouldn ain cannot
    """)
)
# Small words whose loss turns a statement: a wording without one of them is not the same.
TURNING = frozenset(
    listed("""
    not no nor never none can could cannot may might must shall should will would before after until under over more
    most one don doesn didn isn aren wasn weren hasn haven hadn won wouldn couldn shouldn ain
    """)
)
_FILLERS = frozenset(
    listed("well um uh er ah oh hm hmm mm okay ok yeah yep yes right actually basically obviously frankly")
)
_CONTRACTED = {"gonna": "going to", "wanna": "want to", "gotta": "got to", "cannot": "can not", "can't": "can not"}
_IS = frozenset(["it", "he", "she", "that", "there", "here", "what", "who"])
_CONTRACTED |= {"won't": "will not", "let's": "let us"}


def spoken(words: Iterable[str]) -> list[str]:
    """Words without fillers and contractions: as stems: "they're gonna" is as "they are going to"."""
    return [part for word in words for part in _expanded(word) if part not in _FILLERS]


@lru_cache(maxsize=50_000)
def _expanded(word: str) -> tuple[str, ...]:
    if word in _CONTRACTED:
        return tuple(_CONTRACTED[word].split())
    if word.endswith("n't"):
        return (word[:-3], "not")
    head, mark, tail = word.partition("'")
    if mark and tail in {"s", ""}:
        return (head, "is") if head in _IS else (stem(head),)
    if mark and tail in {"re", "ve", "ll", "d", "m"}:
        return (head, {"re": "are", "ve": "have", "ll": "will", "d": "would", "m": "am"}[tail])
    return tuple(stem(part) for part in word.split("-") if part)


_ENDINGS = (
    ("ations", ""), ("ation", ""), ("ating", ""), ("ated", ""), ("ates", ""), ("ate", ""),
    ("ingly", ""), ("edly", ""), ("arily", ""), ("ary", ""), ("ively", ""), ("ive", ""),
    ("ments", ""), ("ment", ""), ("ions", ""), ("ion", ""), ("ies", "y"), ("ied", "y"), ("ily", "y"),
    ("ings", ""), ("ing", ""), ("ers", ""), ("er", ""), ("ors", ""), ("or", ""), ("es", ""), ("ed", ""), ("ly", ""),
    ("s", ""), ("e", ""),
)  # fmt: skip
_SHORTEST_STEM = 4


@lru_cache(maxsize=50_000)
def stem(word: str) -> str:
    """Word without its ending, roughly: enough to bring "attack", "attacks" and "attacked" together."""
    if len(word) <= _SHORTEST_STEM or not word.isalpha() or word in FUNCTION_WORDS:
        return word[:-1] if len(word) == _SHORTEST_STEM and word.endswith("s") and word not in FUNCTION_WORDS else word
    for ending, instead in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) + len(instead) >= _SHORTEST_STEM:
            word = word[: len(word) - len(ending)] + instead
            break
    return word[:-1] if len(word) > _SHORTEST_STEM and word[-1] == word[-2] else word


# Words that reporting and translation put for each other, each line by its first; stems are made on first use.
_KINDRED = """goal aim purpose objective target
kill slay die dead
believe think feel
begin start launch commence
end finish complete conclude
assist aid
stop halt cease prevent thwart foil avert
attack assault
soldier troop serviceman servicemember
important vital crucial essential key
hard difficult tough
big large huge great massive
try attempt seek
tell inform told
ask request
show demonstrate
remain keep stay
get obtain receive
choose pick select
danger threat risk
enemy foe adversary
child kid
whole entire full
fast quick rapid swift
sure certain
need require
promise pledge vow
guilty responsible
evidence proof
chance opportunity possibility
doctor medic
house home
road street
border frontier
food bread
ready prepare
city town
answer reply respond
fear afraid
trust rely
deal agreement
plane aircraft
safe secure
army military
rebel insurgent militant
correct accurate
explosion blast
hit strike struck
give gave given
take took taken
go went gone
come came
send sent
hold held
bring brought
fight fought
build built
lose lost
fall fell fallen
shoot shot
hide hid hidden
fly flew flown
buy bought purchase
sell sold
bury buried
meet met
leave left depart
teach taught
catch caught
pay paid
see saw seen
know knew known
make made
find found
write wrote written
speak spoke spoken
throw threw thrown
sink sank sunk
steal stole stolen
break broke broken
burn burnt
begin began begun
gather collect
burst explode
operation mission""".splitlines()


# Words of talk about anything: that two utterances share them says little.
_COMMON = listed("""
    think know say said see look go come make take give want need ask talk mean try thank thanks sure question
    answer follow point first second today yesterday tomorrow day week month year hour time thing way people
    person lot kind bit good great new last next number part many some all every each both few little long back
    even still now here again always only really clear course happen find work use put set let lead call hope
    help continue everyone everybody anyone anybody someone something anything nothing everything morning
    afternoon evening tonight update moment assure laughs laughter calling reporter hear minute able information
    detail absolutely ahead coming nobody sorry aware welcome hi hello everybody ago different issue sir madam
    mr mrs ms dr note provide convey reiterate address speak
    """)
_UNITS = listed("""
    zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen
    seventeen eighteen nineteen
    """)
_VALUES = {word: value for value, word in enumerate(_UNITS) if value > 1}  # "one" and "no one" count nothing
_VALUES |= {
    word: 10 * (tens + 2) for tens, word in enumerate(listed("twenty thirty forty fifty sixty seventy eighty ninety"))
}
_TIMES = {"hundred": 100, "thousand": 1_000, "million": 1_000_000}


def digits(word: str) -> str:
    """A word, or the digits of a number up to ninety."""
    return str(_VALUES[word]) if word in _VALUES else word


def _joins(before: str, value: int) -> bool:
    return value < 10 and before.isascii() and before.isdigit() and before.endswith("0")


def numbers(words: Iterable[str]) -> frozenset[str]:
    """Numbers among words, as digits, whether they are written so or spelt: "two hundred" is 200."""
    found: list[str] = []
    before = False  # the word before was a number too
    for word in (part for whole in words for part in whole.split("-")):
        if word[:1].isdecimal():
            found.append(word.replace(",", ""))
        elif before and (word in _VALUES or word == "one") and _joins(found[-1], _VALUES.get(word, 1)):
            found[-1] = str(int(found[-1]) + _VALUES.get(word, 1))
        elif word in _VALUES:
            found.append(str(_VALUES[word]))
        elif word in _TIMES and before and found[-1].isascii() and found[-1].isdigit():
            found[-1] = str(int(found[-1]) * _TIMES[word])
        else:
            before = False
            continue
        before = True
    return frozenset(found)


@lru_cache(maxsize=1)
def common_stems() -> frozenset[str]:
    """Forms (as `kindred` gives them) of words of which little follows when two utterances share them."""
    return frozenset(kindred(stem(digits(word))) for word in _COMMON)


@lru_cache(maxsize=1)
def _kindred_stems() -> dict[str, str]:
    return {stem(word): stem(line.split()[0]) for line in _KINDRED for word in line.split()}


def kindred(form: str) -> str:
    """One form for stems that reporting and translation put for each other, as "goal" and "purpose"."""
    return _kindred_stems().get(form, form)
