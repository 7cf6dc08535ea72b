"""Tags: the few words of a sentence that tell who says something, with verb, listener, day and question."""

import re
from itertools import islice

from safeconduct.incidents.reader.naming import Mention, classify
from safeconduct.incidents.reader.outlet_names import is_outlet
from safeconduct.incidents.reader.people_words import PAPERS, PLURAL_HEADS, ROLES
from safeconduct.incidents.reader.phrases import phrase_after
from safeconduct.incidents.reader.quotes import MASK
from safeconduct.incidents.reader.subjects import at_head, beside, piece_start, subject_before
from safeconduct.incidents.reader.tag_forms import according, from_subject, quotes, with_name, words_of, would_say
from safeconduct.incidents.reader.tails import AFTER_THAT, LEAD, TRAIL, Tag, bare, finish, leading
from safeconduct.incidents.reader.verbs import ASK, JUDGE, NOUN_LIKE, PATTERN, PLURAL, QUOTING, REFUSED, THINK, word_set

MOST_TAGS, MOST_VERBS = 12, 24  # of one sentence; one with more is no prose
PASSIVE = re.compile(
    r"\b(?:is|was|were|are|been|be|being|get|got|gets)(?:\s+(?:\w+ly|also|not|later|then|once|often|first|now|still|widely))?\s+$"
)
CARRIES = re.compile(
    r"(?:\b(?:and|but|then|or|having)|[,;"
    + MASK
    + r"]|[—–])(?:\s+(?:has|had|have|\w+ly|also|later|then|further|not))*\s*$"
)
RELAYED = re.compile(
    r"\b(?:speaking|spoke|talking|interviewed|interview|comments?|remarks?|statement|appearance|article|op-ed|programme|program|show|podcast|messages?|e-?mails?|texts?)"
    r"\s+(?:\w+\s+)?(?:to|with|on|by|for|in|from)\s+(?P<outlet>(?:[Tt]he\s+)?[A-Z][\w.’'-]*(?:\s+[A-Z][\w.’'-]*){0,3})"
)
IN_PAPER = re.compile(r"\s+in\s+(?=(?:the|an?|its|his|her|their)\s)")
TO_BE = re.compile(r"\s+to (?:be|have)\b")
FORCED = re.compile(r"\b(?:forced|obliged|compelled|moved|prompted|quick|keen|on)\s+$")
AFTER_FORCED = re.compile(r"\s+(?:he|she|it|they|we|the|there|its|his|her|their)\b")
BROUGHT = re.compile(
    r"\b(?:quoted|cited|carried|reported|published|aired|broadcast)\s+by\s+(?:the\s+)?(?P<kind>(?:[a-z][\w-]*\s+){0,5})"
    r"(?P<outlet>[A-Z][\w.’'-]*(?:\s+[A-Z][\w.’'-]*){0,3})"
)
BY_WHOM = re.compile(r"\s+(?:\w+\s+)?by\s+(?=[\w])")
ANNOUNCED = word_set("announced confirmed reported stated said declared revealed disclosed")
CALLS = frozenset(("called", "calls", "call"))
CALLED_FOR = re.compile(r"\s+(?:for|on|off|out|upon|in)\b")
QUOTE_NEXT = re.compile(r",?\s*(?:quote,?\s*)?:?\s*" + MASK)
BEHIND = re.compile(r"\b(?:of|in|at|near|by|to|from|for|with|on)\s+$")
NO_SPEECH = re.compile(  # before a participle: "was saying", "a warning"
    r"\b(?:is|was|were|are|been|be|without|of|in|about|for|from|keep|kept|stopped?|not|worth|an?|the|any|its|their|his"
    r"|her|no|this|that|another|early|stark)(?: (?:now|still|also|\w+ly))?$"
)
OUTLET_KINDS = word_set("agency newspaper channel broadcaster daily network station website weekly magazine")
TALKS = frozenset(("spoke", "speaks", "talked", "referred", "refers"))
NEVER_INVERTED = (THINK | PLURAL | JUDGE) - {"thought", "urged"}
AFTER_NOUN_LIKE = re.compile(r"\s*(?:[,:" + MASK + r"]|that\b|the\b|it\b|there\b|he\b|she\b|they\b|its\b|to\b)")
FOLLOWS_INVERSION = re.compile(
    r"\s*(?:[.,;:"
    + MASK
    + r"—–]|$|\b(?:in|on|at|during|after|before|from|as|when|of|who|to|via|by|through|while|last|late"
    r"|and|speaking|adding|about|Monday|Tuesday|Wednesday|Thursday|Friday|Saturday"
    r"|Sunday)\b)"
)


def find_tags(text: str, low: int, high: int) -> list[Tag]:
    """Tags of one sentence of masked text, in order."""
    found: list[Tag] = []
    for match in islice(PATTERN.finditer(text, low, high), MOST_VERBS):
        tag = _tag(text, low, high, match, found)
        if tag is not None:
            found.append(tag)
        if len(found) == MOST_TAGS:
            break
    if not found:
        return found
    leading(text, low, found)
    _relays(text, low, high, found)
    return found


def _relays(text: str, low: int, high: int, found: list[Tag]) -> None:
    """Outlets told beside the tags: "speaking to Radio Tarn", "quoted by the agency Tarn-Inform"."""
    for number, tag in enumerate(found):
        if tag.verb in TALKS and tag.subject is not None and is_outlet(tag.subject.name):
            for later in found[number + 1 :]:
                later.relay.append(tag.subject.name)
    for match in RELAYED.finditer(text, low, high):
        if is_outlet(match["outlet"]):
            found[0].relay.append(bare(match["outlet"]))
    for match in BROUGHT.finditer(text, low, high):
        if is_outlet(match["outlet"]) or OUTLET_KINDS.intersection(match["kind"].split()):
            found[0].relay.append(bare(match["outlet"]))


def _tag(  # noqa: C901, PLR0911  (one return for each form)
    text: str, low: int, high: int, match: re.Match[str], found: list[Tag]
) -> Tag | None:
    if match["according"]:
        return according(text, low, high, match)
    if match["quotes"]:
        return quotes(text, low, high, match, found)
    if match["quoted"]:
        tag = from_subject(text, low, high, match.start(), match.end(), "quoted")
        if tag is not None and match["by"] and is_outlet(match["by"]):
            tag.relay.append(bare(match["by"]))
        return tag
    if match["participle"]:
        before = text[max(low, match.start() - 40) : match.start()].rstrip()
        if NO_SPEECH.search(before):
            return None
        return finish(
            text,
            high,
            Tag(
                match.start(),
                match.end(),
                match["participle"],
                match.start(),
                LEAD,
                beside(text, low, match.start()),
                participle=True,
            ),
        )
    if match["words"]:
        return words_of(text, low, high, match)
    if match["modal"]:
        return would_say(text, low, high, match)
    if match["infinitive"]:
        after = text[match.end() : match.end() + 2].strip()[:1]
        refused = REFUSED.search(text, max(low, match.start() - 30), match.start())
        told = after in {":", ",", MASK} or AFTER_THAT.match(text, match.end())
        forced = FORCED.search(text, max(low, match.start() - 12), match.start()) and AFTER_FORCED.match(
            text, match.end()
        )
        if refused or not (told or forced):
            return None
        subject = (
            None
            if found and found[-1].end > piece_start(text, low, match.start())
            else at_head(text, low, match.start())
        )
        return finish(
            text,
            high,
            Tag(match.start(), match.end(), match["infinitive"], match.start(), LEAD, subject, participle=True),
        )
    return _finite(text, low, high, match, found)


def _finite(  # noqa: PLR0911  (one return for each form)
    text: str, low: int, high: int, match: re.Match[str], found: list[Tag]
) -> Tag | None:
    verb = (match["finite"] or match["put"]).lower()
    start, end = match.span()
    if passive := PASSIVE.search(text, max(low, start - 30), start):
        return _passive(text, low, high, verb, (passive.start(), start, end))
    if inverted := _inverted(text, low, high, start, end, verb):
        return inverted
    if (verb in CALLS and CALLED_FOR.match(text, end, high)) or (
        verb in {"said", "reported"} and TO_BE.match(text, end)
    ):
        return None
    if verb in NOUN_LIKE and not AFTER_NOUN_LIKE.match(text, end):
        return None
    near_quote = text[end : end + 3].strip()[:1] in {":", ",", MASK} or AFTER_THAT.match(text, end) is not None
    tag = from_subject(text, low, high, start, end, verb)
    if tag is None:
        return _carried(text, low, high, verb, (start, end), after_other=bool(found), near_quote=near_quote)
    if tag.subject is not None and tag.subject.kind == "paper":
        tag.subject, tag.start = None, start
    near_quote = near_quote or text[low : tag.start].rstrip(" ,\n\t—–-")[-1:] == MASK
    if verb in QUOTING and not near_quote and not re.search(r"[,:]\s*" + MASK, text[tag.content : high]):
        return tag if tag.listener is not None and verb in ASK else None
    return tag if tag.subject is None or _fits(text, low, tag, tag.subject, end) else None


def _passive(text: str, low: int, high: int, verb: str, places: tuple[int, int, int]) -> Tag | None:
    """`…, it was announced by the mayor`; `the mayor was asked whether …`."""
    passive, start, end = places
    if (by := BY_WHOM.match(text, end, high)) and verb in ANNOUNCED:
        mention = classify(phrase_after(text, by.end(), high), text)
        return finish(text, high, Tag(passive, mention.end, verb, start, TRAIL, mention)) if mention else None
    if (paper := IN_PAPER.match(text, end, high)) and verb in ANNOUNCED | {"noted"}:
        mention = classify(phrase_after(text, paper.end(), high), text)
        told = mention is not None and bool(PAPERS.intersection(mention.seen.lower().split()))
        return finish(text, high, Tag(passive, mention.end, verb, start, TRAIL, mention)) if told and mention else None
    tag = from_subject(text, low, high, passive, end, verb) if verb == "asked" else None
    if tag is not None:
        tag.passive_ask = True
        tag.question = (tag.content, len(text[:high].rstrip(" .")))
    return tag


def _carried(
    text: str, low: int, high: int, verb: str, span: tuple[int, int], *, after_other: bool, near_quote: bool
) -> Tag | None:
    """A verb with the subject of the one before: "…, and said that …"."""
    start, end = span
    joined = CARRIES.search(text, max(low, start - 30), start) and not (verb in NOUN_LIKE or verb in PLURAL)
    if not joined or not (after_other or text[low:start].strip()):
        return None
    having = text[low:start].rstrip().endswith("having")
    if not after_other and not near_quote and not having and (verb in JUDGE or verb in QUOTING):
        return None
    return finish(text, high, Tag(start, end, verb, start, LEAD, None))


def _fits(text: str, low: int, tag: Tag, subject: Mention, end: int) -> bool:
    """Whether a verb and its subject agree: "officials say", but "a drug called …" is no speaker."""
    verb, start = tag.verb, tag.verb_start
    if verb in PLURAL:
        if subject.name == "you" and verb not in {"say", "tell"}:
            return False
        plural = subject.plural or subject.name in {"i", "you"} or subject.head in {"taliban", "police"}
        quoted = QUOTE_NEXT.match(text, end) is not None
        return (plural or quoted) and not REFUSED.search(text, max(low, start - 30), start)
    if verb in JUDGE or verb in NOUN_LIKE or verb in QUOTING:
        behind = BEHIND.search(text, max(low, subject.start - 8), subject.start)
        return not (_is_thing(subject) or (behind and verb in JUDGE))
    return True


def _is_thing(mention: Mention) -> bool:
    """Something unnamed that is no person: "a drug called …"."""
    return mention.kind == "unnamed" and mention.head not in ROLES and mention.head not in PLURAL_HEADS


def _inverted(text: str, low: int, high: int, start: int, end: int, verb: str) -> Tag | None:
    """`…, said the mayor of the town`: the subject behind the verb."""
    before = text[low:start].rstrip()
    after_mask = before.endswith(MASK) or (before[:-1].rstrip().endswith(MASK) and before[-1:] in ",—–-")
    if not (after_mask or before.endswith(",")) or verb in NEVER_INVERTED:
        return None
    parts = phrase_after(text, end, high)
    mention = classify(parts, text)
    if mention is None or (mention.kind == "pronoun" and not after_mask):
        return None
    mention = with_name(text, high, mention)
    if not FOLLOWS_INVERSION.match(text, mention.end, high):
        return None
    if not after_mask and (
        subject_before(text, low, start) is not None or (mention.kind == "unnamed" and not mention.head)
    ):
        return None
    return finish(text, high, Tag(start, mention.end, verb, start, TRAIL, mention), mention.end)
