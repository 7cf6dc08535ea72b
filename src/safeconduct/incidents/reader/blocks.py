"""What each part of a document is: its title, a heading, a paragraph, a caption, or something that stands around it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from safeconduct.incidents.reader.drafts import Part
from safeconduct.incidents.reader.model import Block
from safeconduct.incidents.reader.months import DATE_LINE

_CAPTION = 600  # characters a caption has at most
_SHORT = 140  # characters; what stands around an article is short
_BUTTONS = (
    r"(?:share|tweet|pin|print|e-?mail|save|like|copy link|whatsapp|telegram|facebook|twitter|linkedin|reddit|x|"
    r"reply|follow|listen|bookmark|report|close|subscribe|log ?in|sign in)"
)
_THIS = r"(?:this (?:article|story|post|report)|it|the post .{1,60})"
# Each stands alone, as a whole line.
_ASIDE = re.compile(
    "|".join(
        (
            r"[·•|\s]*\d{1,3}[ -]?min(?:ute)?s?\.? (?:read|listen|watch)",
            r"pages?|home|menu|search|news|world|video|gallery|photos?|skip to (?:main )?content|loading|trending",
            r"(?:no|\d[\d,]*) (?:comments?|repl(?:y|ies)|shares?|views|likes)\b.{0,40}|comments?:?",
            r"(?:leave|post|add|write) a (?:comment|reply)\b.{0,40}",
            _BUTTONS + r"(?:\W+" + _BUTTONS + r"){0,10}\W*",
            r"(?:share|follow|find|join|like|contact) (?:this (?:article|story|post|page)|us|with|the author)\b.{0,80}",
            r"(?:subscribe|sign up|register) (?:to|for|now|here|today)\b.{0,100}",
            r"(?:see|read|view) (?:more|also|next|related)\b.{0,100}",
            r"(?:read|view|see) (?:the )?(?:original|full|whole) (?:article|story|post|version|text|report)\b.{0,80}",
            rf"{_THIS} (?:was )?(?:originally |first )+(?:appeared|published|posted)\b.{{0,100}}",
            r"(?:related|recommended|most (?:read|popular|viewed))(?: (?:articles|stories|news|posts|topics))?:?",
            r"(?:related|watch|listen|read more|labels|tags|topics|filed under|category|categories|posted in):.{0,120}",
            r"(?:newer|older|next|previous) (?:posts?|article|story|page|entry)\b.{0,80}",
            r"(?:©|\(c\)|copyright\b).{0,120}|all rights reserved\.?",
            r"advertisement|sponsored(?: content)?|article continues below.{0,40}",
            r"(?:\\?#\s?){3,}|-?\s?30\s?-|\W+|for immediate release|/?ends?",
            r"(?:e-?mail|phone|tel|contact|media contact):.{0,80}|https?://\S+",
            r"\d{1,2}[:.]\d\d\s?(?:[ap]\.?m\.?)?(?: [a-z]{2,5})?",
        )
    ),
    re.IGNORECASE,
)
_NAMED = r"(?:[^\W\d_a-z][\w.'’-]*|and|in|for|de|van|von|al|of|the|[,&|])"
_BYLINE = re.compile(rf"(?:By|BY|Reporting by|Written by|Edited by|Editing by)\s+{_NAMED}(?:[\s,]+{_NAMED})*+\.?")
# A photographer, an agency, or what only a caption says.
_CREDIT = re.compile(
    r"^(?i:photos?|images?|pictures?|credit|file|video|illustration|map|graphic)\s?"
    r"(?:by|via|courtesy|credit|from|:|[-–—/])|"
    r"(?:AP Photo|Getty Images|Reuters/|/\s?(?:Reuters|AFP|AP|EPA|Getty|Anadolu|Xinhua|TASS)\b|REUTERS/|EPA-EFE|"
    r"AFP via|via (?:AP|AFP|Reuters|Getty)|Shutterstock|Handout|\bfile photo|\[file\]|"
    r"[^\W\d_a-z]{3,}(?: [^\W\d_a-z]{2,})* ?/ ?[^\W\d_a-z]{3,})",
)
_POINTING = re.compile(
    r"\((?:left|right|centre|center|above|below|pictured|[lr]|second from)\b|\b(?:is|are) (?:seen|pictured|shown) ",
    re.IGNORECASE,
)
_INNER = re.compile(r"[^\W\d_]{3,}[.!?][\"'”’»)]*\s+[\"'“‘«(]?[^\W\d_a-z]")  # a sentence ends within
_CLOSERS = "\"'”’»)] "
_STOPS = (".", "!", "?", "…", ":", ";", "؟", "۔", "。", "！", "？", "।")
_CREDITED = re.compile(r"\s*[\[(][^()\[\]]{1,80}[\])]\s*$")


@dataclass(slots=True)
class _Entry:
    """A part on its way to a block."""

    part: Part
    text: str
    kind: str = ""
    section: int = 0

    @property
    def open(self) -> bool:
        """No stop at its end, as headings and captions have it; an agency in brackets after the stop is passed over."""
        body = _CREDITED.sub("", self.text[-_SHORT:]).rstrip(_CLOSERS)
        return not body.endswith(_STOPS)

    @property
    def words(self) -> int:
        return self.text.count(" ") + 1


def name_blocks(plain: str, parts: Sequence[Part], title: str) -> tuple[Block, ...]:
    """Blocks of the parts, in order; `title` is what the file says elsewhere of its title."""
    entries = []
    for part in parts:
        text = plain[part.start : part.end].strip()
        start = part.start + len(plain[part.start : part.end]) - len(plain[part.start : part.end].lstrip())
        if text:
            entries.append(_Entry(Part(start, start + len(text), part.hint, part.close, part.number, part.entry), text))
    _hinted(entries)
    _number_sections(entries)
    _name_title(entries, title)
    _name_captions(entries)
    for entry in entries:
        entry.kind = entry.kind or "paragraph"
    return tuple(Block(entry.part.start, entry.part.end, entry.kind, section=entry.section) for entry in entries)


def _hinted(entries: list[_Entry]) -> None:
    for entry in entries:
        hint, text = entry.part.hint, entry.text
        around = len(text) <= _SHORT and any(form.fullmatch(text) for form in (_ASIDE, _BYLINE, DATE_LINE))
        table = text.startswith("|") and text.count("|") > 2  # rows of a Markdown table are no prose
        if hint == "aside" or table or (around and hint not in ("title", "heading")):
            entry.kind = "aside"
        elif hint in ("title", "heading", "caption"):
            entry.kind = hint


def _number_sections(entries: list[_Entry]) -> None:
    """Numbered headings, or several articles, begin sections.

    Numbers must rise by one from 1, and something must follow most of them: a list of numbered sentences is none.
    """
    heads: list[int] = []
    for index, entry in enumerate(entries):
        if entry.part.number == len(heads) + 1 and len(entry.text) <= 160 and entry.kind != "aside":
            heads.append(index)
    followed = sum(index + 1 < len(entries) and not entries[index + 1].part.number for index in heads)
    if len(heads) >= 2 and followed * 2 > len(heads) and sum(entries[index].open for index in heads) * 2 > len(heads):
        for index in heads:
            entries[index].kind = "heading"
        section = 0
        for index, entry in enumerate(entries):
            section += index in heads
            entry.section = section
    else:
        for entry in entries:
            entry.section = entry.part.entry


def _name_title(entries: list[_Entry], title: str) -> None:
    """The first thing to be read, when it looks like a title; a kicker of a word or two before it stands aside."""
    hinted = [entry for entry in entries if entry.kind == "title"]
    if hinted:
        for entry in hinted[1:]:
            entry.kind = "heading"
        return
    given = _letters(title)
    if given:
        for entry in entries[:10]:
            if entry.text and len(_letters(entry.text)) >= 10 and given.startswith(_letters(entry.text)):
                entry.kind = "title"
                return
    first = [entry for entry in entries if entry.kind in ("", "heading")][:3]
    if len(first) < 2:
        return
    if first[0].words <= 3 and first[0].open and first[1].open and 4 <= first[1].words <= 40 and len(first) > 2:
        first[0].kind = "aside"
        first.pop(0)
    head, body = first[:2]
    brief = head.words <= 20 and len(head.text) * 2 < len(body.text)
    if head.words <= 45 and (head.open or brief) and not head.part.close:
        head.kind = "title"


def _letters(text: str) -> str:
    return "".join(char for char in text.lower() if char.isalnum())


def _name_captions(entries: list[_Entry]) -> None:
    """Captions: credited, repeated, or lines without a stop in a text whose paragraphs have one."""
    entries = [entry for entry in entries if entry.kind in ("", "caption")]
    long = [entry for entry in entries if entry.words > 12 and not entry.kind]
    stopped = sum(not entry.open for entry in long) * 2 >= len(long)
    for before, after in pairwise(entries):
        if before.text == after.text and before.words >= 4:
            before.kind = after.kind = "caption"
    for index, entry in enumerate(entries):
        brief = len(entry.text) <= _CAPTION
        credited = brief and _CREDIT.search(entry.text) and (entry.open or entry.text.endswith(")"))
        if entry.kind or not brief or entry.part.hint in ("paragraph", "item"):
            entry.kind = entry.kind or ("caption" if credited else "")
        elif credited or (entry.words <= 45 and _POINTING.search(entry.text) and entry.open):
            entry.kind = "caption"
        elif entry.open and stopped and not entry.part.number and not (entry.words > 20 and _INNER.search(entry.text)):
            last = index + 1 == len(entries)
            entry.kind = "heading" if entry.words <= 7 and not last and not entry.part.close else "caption"
    for before, after in pairwise(entries):  # lines of one caption stand close
        plain = (not before.kind and before.words <= 30) or before.kind == "heading"
        if after.part.close and after.kind == "caption" and plain and not before.part.hint:
            before.kind = "caption"
