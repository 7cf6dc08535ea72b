"""Forms of tags: a subject and its verb, "according to", "would only say", and agencies that quote somebody."""

import re

from safeconduct.incidents.reader.naming import Mention, classify
from safeconduct.incidents.reader.outlet_names import is_outlet
from safeconduct.incidents.reader.people_words import OUTLET_HEADS, RANKS, ROLES
from safeconduct.incidents.reader.phrases import phrase_after
from safeconduct.incidents.reader.quotes import MASK
from safeconduct.incidents.reader.subjects import SKIPPED, subject_before
from safeconduct.incidents.reader.tails import AFTER_THAT, DAY, LEAD, TRAIL, Tag, bare, finish

APPOSITION = re.compile(MASK + r",?\s+(?:[\w’'-]+\s+){0,6}[\w’'-]+,$")  # "…," the girl's father, Roe said
NAME_BEHIND = re.compile(
    r"(?:\s(?:for|in|of|at|to|with)\s(?:the\s)?[A-ZÀ-Þ][\w-]+(?:\s[A-ZÀ-Þ][\w-]+){0,3})?,\s+(?=[A-ZÀ-Þ])"
)


def with_name(text: str, high: int, mention: Mention) -> Mention:
    """The name behind an office: "said the head of the mission, Ann Roe"."""
    behind = NAME_BEHIND.match(text, mention.end, high) if mention.kind not in {"person", "pronoun"} else None
    name = classify(phrase_after(text, behind.end(), high), text) if behind else None
    if name is None or name.kind != "person" or not (" " in name.name or name.title):
        return mention
    if mention.head not in ROLES and mention.head not in RANKS:
        return mention
    return name._replace(title=mention.name)


def from_subject(text: str, low: int, high: int, start: int, end: int, verb: str) -> Tag | None:
    """A verb with its subject before it, or None where nobody is."""
    subject = subject_before(text, low, start)
    if subject is None:
        return None
    tag = finish(text, high, Tag(subject.start, end, verb, start, LEAD, subject))
    before, after = text[low : tag.start].rstrip(), text[tag.end : high].lstrip()
    direct = before.endswith(MASK) or (before[:-1].rstrip().endswith(MASK) and before[-1:] in ",—–-")
    next_is_mask = after[1:].lstrip()[:1] == MASK if after[:1] in {",", ":"} else after[:1] == MASK
    gap = DAY.match(text, subject.end, start)
    if gap and tag.said[0] < 0:
        tag.said = gap.span("day")
    direct = direct or (after[:1] in {",", "."} and not next_is_mask and APPOSITION.search(before) is not None)
    if (
        (direct and after[:1] not in {":", MASK})
        or (before.endswith(",") and after[:1] in {"", ".", ";", "!", "?"})
        or (
            before.endswith(",")
            and after[:1] == ","
            and not next_is_mask
            and len(before.split()) > 4
            and not SKIPPED.match(before)
        )
    ):
        tag.form = TRAIL
    elif before.endswith(("as", "As")) and verb.startswith("put"):
        tag.form = LEAD
    tag.inserted = (
        tag.form == LEAD
        and re.match(r"\s*(?:was|were|is|are|had|has|would|could|will|may|might|should)\b", text[end:high]) is not None
    )
    return tag


def according(text: str, low: int, high: int, match: re.Match[str]) -> Tag | None:
    """`according to the mayor`."""
    mention = classify(phrase_after(text, match.end(), high), text)
    if mention is None:
        return None
    mention = with_name(text, high, mention)
    form = (
        LEAD
        if not re.search(
            r"\w|" + MASK, re.sub(r"\b(?:But|And|However|Meanwhile|Yet|Also)\b", "", text[low : match.start()])
        )
        else TRAIL
    )
    return finish(
        text, high, Tag(match.start(), mention.end, "according to", match.start(), form, mention), mention.end
    )


def would_say(text: str, low: int, high: int, match: re.Match[str]) -> Tag | None:
    """`the mission will only confirm that …`: the modal belongs to the verb."""
    after = text[match.end() : match.end() + 2].strip()[:1]
    if not (after in {":", MASK} or AFTER_THAT.match(text, match.end())):
        return None
    subject = subject_before(text, low, match.start())
    if subject is None:
        return None
    return finish(text, high, Tag(subject.start, match.end(), match["modal"], match.start(), LEAD, subject))


def words_of(text: str, low: int, high: int, match: re.Match[str]) -> Tag | None:
    """`«…», transfers the words of the mayor the agency Tarn-Inform`."""
    mention = classify(phrase_after(text, match.end(), high), text)
    if mention is None:
        return None
    form = TRAIL if text[low : match.start()].rstrip(" ,—–-\n")[-1:] == MASK else LEAD
    tag = finish(text, high, Tag(match.start(), mention.end, "says", match.start(), form, mention), mention.end)
    outlet = subject_before(text, low, match.start()) or classify(phrase_after(text, mention.end, high), text)
    if outlet is not None and OUTLET_HEADS.intersection(outlet.seen.lower().split()):
        tag.relay.append(outlet.name)
    return tag


def quotes(text: str, low: int, high: int, match: re.Match[str], found: list[Tag]) -> Tag | None:
    """`the agency quoted the mayor as saying …`, `…, citing the agency`."""
    mention = classify(phrase_after(text, match.end(), high), text)
    if mention is None:
        return None
    saying = re.match(r"[^.;" + MASK + r"]{0,60}?\bas (?:saying|telling)\b", text[mention.end : high])
    if saying:
        tag = finish(text, high, Tag(match.start(), mention.end + saying.end(), "quoted", match.start(), LEAD, mention))
        agency = subject_before(text, low, match.start())
        if agency is not None:
            tag.relay.append(agency.name)
        if not text[tag.end : high].strip(" .") and text[low : (agency or tag).start].rstrip().endswith(","):
            tag.form, tag.start = TRAIL, (agency or tag).start  # "…, the agency quoted him as saying."
        return tag
    if match["quotes"] in {"citing", "quoting", "cited"} and found:
        if is_outlet(mention.name):
            found[-1].relay.append(bare(mention.name))
        elif (
            match["quotes"] == "citing"
            and mention.kind in {"unnamed", "person", "body", "role"}
            and mention.head not in {"concerns", "evidence"}
        ):
            subject = found[-1].subject
            reports = subject is not None and (
                is_outlet(subject.name) or (subject.kind == "body" and found[-1].verb == "reported")
            )
            found[-1].source = mention if reports else None
    return None
