"""Speakers told without a verb of saying: before a colon, behind a dash, on the line below, at the sentence's head."""

import re

from safeconduct.incidents.reader.model import Document
from safeconduct.incidents.reader.naming import Mention, classify
from safeconduct.incidents.reader.outlet_names import is_capital
from safeconduct.incidents.reader.people_words import BODIES, BODY_HEADS, PLACE_NAMES, PLURAL_HEADS, ROLES
from safeconduct.incidents.reader.phrases import phrase_after, phrase_before
from safeconduct.incidents.reader.quotes import MASK, Stretch
from safeconduct.incidents.reader.speakers import Speaker, Speakers
from safeconduct.incidents.reader.subjects import OPENING
from safeconduct.incidents.reader.tails import Tag

AT_HEAD = re.compile(r"\W*(?:(?:But|And|Then|So|Meanwhile|Earlier|Later|However),?\s+)?")
APPOSED = re.compile(r",\s+(?P<name>[A-ZÀ-Þ][\w’'.-]+(?: [A-ZÀ-Þa-z][\w’'.-]*){0,3} [A-ZÀ-Þ][\w’'-]+),\s")
NOBODY_AT_HEAD = re.compile(
    r"(?:It|There|This|That|These|Those|They|In|On|At|By|As|When|After|Before|With|For|If|To|From|We|I|You|About|Some|Many"
    r"|More|Since|While|Although|No|What|How|Why|All|Each|Under|During|Last|Since|Of|Not)\b|\d|[a-z]"
)
BY_OR_FROM = re.compile(r"\b(?:by|from)\s+$")
DASH = re.compile(r"\s*[—–-]+\s*(?=\w)")
SIGNED = re.compile(  # the line below a quotation: "Dr Ann Roe, Relief Office"
    r"[ \t]*\n+[ \t]*(?:[—–-]+ ?)?(?P<name>[A-ZÀ-Þ][^\n,.:;"
    + MASK
    + r"]{2,60})(?:,(?P<office>[^\n"
    + MASK
    + r"]{2,90}))?(?=\n|$)"
)
CLAUSE = re.compile(r"\b(?:when|that|where|while|because|since|until|how)\s+")
NO_HEADS = frozenset(("it", "i", "we", "you"))
HEADLINES = frozenset(("title", "heading"))
LINE = 160  # characters of a line that signs a quotation
FEW = 8  # words that may stand between a person and the quotation


class Untagged:
    """Finds speakers in the masked text of one document where no verb of saying tells them."""

    def __init__(self, document: Document, flat: str, speakers: Speakers) -> None:
        self.document = document
        self.flat = flat
        self.speakers = speakers

    def head(self, start: int, end: int) -> Speaker | None:  # noqa: PLR0911  (one return for each kind)
        """The person at the head of a sentence; a body there may be the next "it" or "they"."""
        opening = AT_HEAD.match(self.flat, start, min(end, start + 40))
        at = opening.end() if opening else start
        if NOBODY_AT_HEAD.match(self.flat, at, end):
            return None
        mention = phrase_mention(self.flat, at, end)
        if mention is None:
            return None
        if mention.kind in {"unnamed", "role"} and (name := APPOSED.match(self.flat, mention.end, end)):
            named = phrase_mention(self.flat, name.start("name"), name.end("name"))
            if named is not None and named.kind == "person":
                return self.speakers.resolve(named, at)
        mention = _trimmed(mention, self.flat)
        if mention.kind == "body" and (mention.head in BODY_HEADS or mention.head in BODIES):
            body = self.speakers.resolve(mention, at)
            if body is not None:
                self.speakers.focus(body, at)
            return None
        if mention.kind not in {"person", "pronoun", "role"} or (
            mention.kind == "pronoun" and mention.name not in {"he", "she"}
        ):
            return None
        if mention.kind == "person":
            person = self.speakers.people.find(mention.name)
            if person is None or not person.sure:
                return None
        return self.speakers.resolve(mention, at)

    def subject(self, tags: list[Tag], number: int, start: int, end: int) -> Speaker | None:
        """Who says a tag without a subject of its own: the head of the sentence, or of the clause before the tag."""
        flat = self.flat
        mention = phrase_mention(flat, skip_opening(flat, start), end)
        mention = _trimmed(mention, flat) if mention is not None else None
        if mention is not None and mention.kind == "pronoun" and mention.name in NO_HEADS:
            mention = None
        if mention is not None and mention.start < tags[number].start and (mention.kind != "unnamed" or mention.plural):
            return self.speakers.resolve(mention, start, opening=True)
        later = next((tag.subject for tag in tags[number + 1 :] if tag.subject is not None), None)
        if later is not None:
            return self.speakers.resolve(later, start)
        for clause in reversed(list(CLAUSE.finditer(flat, start, tags[number].start))):
            mention = phrase_mention(flat, clause.end(), end)
            mention = _trimmed(mention, flat) if mention is not None else None
            if mention is not None and (mention.kind != "unnamed" or mention.plural) and mention.name not in NO_HEADS:
                return self.speakers.resolve(mention, start)
        return None

    def beside(self, stretch: Stretch, span: tuple[int, int], low: int | None) -> Speaker | None:
        """A person with some other verb right before the quotation: "the mayor was blunt: …", "a vow by Roe: …"."""
        low = span[0] if low is None else low
        before = self.flat[low : stretch.left].rstrip(" \n")
        if before[-1:] not in {":", ","}:
            return None
        end = low + len(before) - 1
        owner = classify(phrase_before(self.flat, low, end), self.flat)
        if owner is not None and owner.kind == "person" and BY_OR_FROM.search(self.flat, low, owner.start):
            return self.speakers.resolve(owner, stretch.left)
        start = max(low, max(self.flat.rfind(mark, low, end) for mark in ",;:—" + MASK) + 1)
        mention = phrase_mention(self.flat, skip_opening(self.flat, start), end)
        kinds = {"person", "role", "pronoun", "body"} if before[-1:] == ":" else {"person", "role", "pronoun"}
        if mention is None or mention.end >= end or mention.kind not in kinds:
            return None
        if mention.name in {"it", "they", "i", "we", "you"} or not 0 < len(self.flat[mention.end : end].split()) <= FEW:
            return None
        if mention.kind == "body" and mention.head not in BODY_HEADS and mention.head not in BODIES:
            return None
        return self.speakers.resolve(mention, stretch.left)

    def by_name(self, stretch: Stretch, span: tuple[int, int], before: Speaker | None) -> Speaker | None:
        """A name with a colon before the quotation, or with a dash behind it, or alone on the line below."""
        text = self.flat[span[0] : stretch.left].rstrip()
        if text.endswith(":"):
            headline = self.document.blocks[stretch.block].kind in HEADLINES
            return self._colon(stretch, span, span[0] + len(text) - 1) or (None if headline else before)
        if dash := DASH.match(self.flat, stretch.right, stretch.right + 12):
            mention = phrase_mention(self.flat, dash.end(), max(dash.end(), self.document.blocks[stretch.block].end))
            named = mention is not None and (
                mention.kind == "person" or (mention.kind == "body" and self._speaks(mention))
            )
            return self.speakers.resolve(mention, stretch.left) if mention and named else None
        return self._signed(stretch)

    def _colon(self, stretch: Stretch, span: tuple[int, int], end: int) -> Speaker | None:
        mention = classify(phrase_before(self.flat, span[0], end), self.flat)
        whole = mention is not None and not self.flat[span[0] : mention.start].strip(" -–—•*#")
        if mention is None or not whole or mention.kind not in {"person", "role", "body"}:
            return self.head(*span)
        if self.document.blocks[stretch.block].kind in HEADLINES and not self._speaks(mention):
            return None
        return self.speakers.resolve(mention, stretch.left)

    def _speaks(self, mention: Mention) -> bool:
        """Whether a name is one of somebody: a place before a colon is none."""
        if mention.kind == "person":
            person = self.speakers.people.find(mention.name)
            return bool(mention.title) or (person is not None and person.sure)
        known = mention.head in BODY_HEADS or (mention.head in BODIES and mention.head not in PLACE_NAMES)
        return mention.kind == "role" or known

    def _signed(self, stretch: Stretch) -> Speaker | None:
        """The name on the line below a quotation that fills its paragraph."""
        block = self.document.blocks[stretch.block]
        if self.flat[block.start : stretch.left].strip(" \t>") or not stretch.closed:
            return None
        line = SIGNED.match(self.flat, stretch.right, min(len(self.flat), stretch.right + LINE))
        if line is None or (
            line["office"] is None
            and line.end("name") < block.end - 1
            and "\n" in self.flat[line.end("name") : block.end].strip()
        ):
            return None
        mention = phrase_mention(self.flat, line.start("name"), line.end("name"))
        if mention is None or mention.kind != "person" or mention.end < line.end("name") - 1:
            return None
        person = self.speakers.people.find(mention.name)
        known = mention.title or line["office"] or (person is not None and person.sure)
        return self.speakers.resolve(mention, stretch.left) if known else None


def phrase_mention(text: str, start: int, end: int) -> Mention | None:
    """What the noun phrase at a position names."""
    return classify(phrase_after(text, start, end), text)


def skip_opening(text: str, start: int) -> int:
    """Position behind small words that open a sentence."""
    opening = OPENING.match(text, start, start + 40)
    return opening.end() if opening else start


def _trimmed(mention: Mention, text: str) -> Mention:
    """The mention without a verb at its end that was taken for a noun: "the envoy returned"."""
    if mention.kind != "unnamed" or mention.head in ROLES or mention.head in PLURAL_HEADS:
        return mention
    parts = phrase_after(text, mention.start, mention.end)
    while len(parts) > 2:
        parts = parts[:-1]
        key = parts[-1].key
        if key in ROLES or key in PLURAL_HEADS or key in BODY_HEADS or key in BODIES or is_capital(parts[-1].text):
            return classify(parts, text) or mention
    return mention
