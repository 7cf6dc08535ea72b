"""What stands behind a verb of saying: listener, day, place, question; and where the words begin that were said."""

import re
from dataclasses import dataclass, field

from safeconduct.incidents.reader.naming import Mention, classify
from safeconduct.incidents.reader.outlet_names import is_outlet
from safeconduct.incidents.reader.people_words import LISTENERS, PREPOSITIONS
from safeconduct.incidents.reader.phrases import PLACED, Word, phrase_after
from safeconduct.incidents.reader.quotes import MASK
from safeconduct.incidents.reader.verbs import TELL, word_set

LEAD, TRAIL = "lead", "trail"  # what is said follows the tag, or stands before it
MONTHS = r"(?:Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)\."
MONTHS += r"|(?:January|February|March|April|May|June|July|August|September|October|November|December)"
DAY = re.compile(
    r"\s*(?:(?:on|earlier|later|this|since)\s+)*(?P<day>(?:(?:late|early|last)\s+)?"
    r"(?:(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day|yesterday|today|tonight|this (?:morning|afternoon|evening)"
    r"|last night|(?:" + MONTHS + r")\s+\d{1,2}(?:st|nd|rd|th)?(?:,?\s+\d{4})?"
    r"|\d{1,2}(?:st|nd|rd|th)?\s+(?:of\s+)?(?:"
    + MONTHS
    + r")(?:,?\s+\d{4})?)(?:\s+(?:morning|afternoon|evening|night))?"
    r"(?:,?\s+\d{1,2}\s+(?:" + MONTHS + r"|[A-Z][a-z]{2})(?:\s+\d{4})?)?)\b(?!['’]s)"
)
PREPOSITION = re.compile(
    r"\s+(?:at|in|during|on|from|via|through|over|outside|inside|after|before|following|by|to|with|of|for|about)\s+"
)
ADVERB = re.compile(r"\s+(\w+ly|also|later|again|then|further|added|back|aloud|here|there(?=,)|earlier)\b(?=\s|,|:|$)")
QUESTION = re.compile(
    r"(?:in (?:response|reply|answer) to|answering|responding to|replying to|to)\s+"
    r"(?P<text>(?:a |an |the |another |several )?(?:\w+ )?questions?\b[^.;" + MASK + r"]{0,240})"
    r"|(?:when |after being |on being )?asked\s+"
    r"(?P<asked>(?:about|if|whether|how|why|what|when|by [^,]{2,40} (?:about|if|whether|how|why|what))\s[^.;"
    + MASK
    + r"]{2,240}?)(?=,|\.|;|$)",
    re.IGNORECASE,
)
AFTER_THAT = re.compile(r"\s*(?:,[^,.;:" + MASK + r"]{2,80})?,?\s*that\b")
MORE_LISTENERS = re.compile(
    r"\s+and\s+(?:other\s+)?(?:[\w’'-]+\s+){0,3}(?:outlets|media|reporters|journalists|agencies|newspapers|lawmakers|[A-Z][\w.]+)(?=[\s,:.])"
)
NOT_OUTLETS = word_set("nato icrc unhcr unicef fbi cia msf ocha rsf saf centcom rawa isis idf osce interpol")


@dataclass(slots=True)
class Tag:
    """One tag; `content` is where the words begin that follow it."""

    start: int
    end: int
    verb: str
    verb_start: int
    form: str
    subject: Mention | None  # None: that of the tag before
    content: int = 0
    listener: Mention | None = None
    relay: list[str] = field(default_factory=list)
    said: tuple[int, int] = (-1, -1)
    question: tuple[int, int] = (-1, -1)
    passive_ask: bool = False
    participle: bool = False
    inserted: bool = False  # "a vehicle that officials said was full"
    source: Mention | None = None  # "citing witnesses"


def finish(text: str, high: int, tag: Tag, at: int = -1) -> Tag:
    """Read listener, day, place and question behind the verb; what follows them is the content."""
    at = behind = tag.end if at < 0 else at
    if tag.form == LEAD and tag.verb in TELL and (heard := phrase_after(text, at, high)) and heard[0].key != "that":
        at = _listener(text, tag, heard)
        more = MORE_LISTENERS.match(text, at, high)
        at = more.end() if more else at
    for _ in range(6):
        if day := DAY.match(text, at, high):
            tag.said = day.span("day") if tag.said[0] < 0 else tag.said
            at = day.end()
        elif adverb := ADVERB.match(text, at, high):
            at = adverb.end()
        elif (prep := PREPOSITION.match(text, at, high)) and (end := _adjunct(text, prep, high)) > at:
            at = end
        else:
            break
    question = QUESTION.search(text, behind, min(high, behind + 300)) if tag.verb != "according to" else None
    if question and not re.search(r"[" + MASK + r".;]", text[behind : question.start()]):
        tag.question = question.span("text" if question["text"] else "asked")
        at = question.end() if not text[behind : question.start()].strip(" ,") else at
    that = AFTER_THAT.match(text, at, high)
    tag.end = at
    tag.content = that.end() if that else at
    return tag


def _listener(text: str, tag: Tag, heard: list[Word]) -> int:
    mention = classify(heard, text)
    end = heard[-1].end
    if mention is None:
        return end if heard[0].key in LISTENERS else tag.end
    tag.listener = mention
    if heard[0].key in LISTENERS and len(heard) > 1 and mention.kind != "person":
        return heard[0].end
    owner = re.match(r"(?:the |The )?(.+?)['’]s?\s+\S", mention.seen)
    if is_outlet(mention.name) and mention.head not in PLACED | {"conference", "council"}:
        tag.relay.append(mention.name)
    elif owner and is_outlet(owner[1]):
        tag.relay.append(owner[1])
    elif mention.kind == "person" and mention.title and is_outlet(mention.title.split()[0]):
        tag.relay.append(mention.title.split()[0])
    elif (
        mention.name.isupper()
        and mention.kind == "body"
        and 2 < len(mention.name) < 7
        and mention.name.lower() not in NOT_OUTLETS
    ):
        tag.relay.append(mention.name)
    return end


def _adjunct(text: str, prep: re.Match[str], high: int) -> int:
    """End of a phrase of place or occasion behind the verb; 0 when it may belong to what is said."""
    parts = phrase_after(text, prep.end(), high)
    if not parts or (prep[0].strip() in {"of", "about"} and not parts):
        return 0
    end = parts[-1].end
    after = text[end:high].lstrip()[:1]
    closes = after in {"", ",", ".", ":", ";", MASK} or AFTER_THAT.match(text, end, high) or DAY.match(text, end, high)
    if (
        closes
        or any(word.key in PLACED for word in parts)
        or (PREPOSITION.match(text, end, high) and parts[-1].key not in PREPOSITIONS)
    ):
        return end
    return 0


def leading(text: str, low: int, found: list[Tag]) -> None:
    """Day and question told before the first tag: "Asked about the gate on Friday, the general said"."""
    if not found:
        return
    first = found[0]
    head = text[low : first.start]
    if first.question[0] < 0 and (question := QUESTION.search(head)) and question.start() < 30:
        span = question.span("text" if question["text"] else "asked")
        first.question = (low + span[0], low + span[1])
    if first.said[0] < 0 and first.form == LEAD and len(head) < 140 and MASK not in head:
        opening = re.match(
            r"\W*(?:But |And )?(?:on|during|in|at|late|early|earlier|later|speaking|asked|when)\b", head, re.IGNORECASE
        )
        if opening and (day := re.search(DAY.pattern[3:], head)):
            first.said = (low + day.start("day"), low + day.end("day"))


def bare(name: str) -> str:
    """A name without its article."""
    return re.sub(r"^(?:the|a|an)\s+", "", name.strip(" ."), flags=re.IGNORECASE)
