"""Who stands before a verb of saying: over appositions, relative clauses and phrases of place."""

import re

from safeconduct.incidents.reader.naming import Mention, classify
from safeconduct.incidents.reader.people_words import ADVERBS, PAPERS, RANKS
from safeconduct.incidents.reader.phrases import PLACED, phrase_after, phrase_before, words
from safeconduct.incidents.reader.quotes import MASK
from safeconduct.incidents.reader.tails import DAY, PREPOSITION

OPENING = re.compile(
    r"[\s•·*-]*(?:(?:But|And|Then|So|Meanwhile|However|Earlier|Later|and|but|then|while|[A-Z][a-z]+ly(?=,)),?\s+)*"
)
MODAL = re.compile(
    r"\b(?:would|will|could|might|may|should|can|did|do|does|must)(?:\s+(?:also|just|then|often|later))?(?:\s+have)?(?:\s+(?:also|just|then|often|later))?\s+$"
)
KILLED_IN = re.compile(
    r"\s(?:killed|injured|wounded|trapped|held|based|stationed|involved|living|working|staying|sheltering|caught|missing|stranded|detained|present|responsible|waiting|hiding)\s+(?:in|at|by|near|on|inside|outside|for|with|from)\s+$"
)
IDENTIFIED = re.compile(
    r"\s(?:identified|named|known|introduced)\s+(?:(?:only|simply|just|locally)\s+)?(?:as|by the name)\s+$"
    r"|\swho (?:gave (?:his|her) name|identified (?:himself|herself))(?: only)? as\s+$"
)
ISSUED = re.compile(
    r"\b(?:"
    + "|".join(sorted(PAPERS))
    + r")(?P<end>)\s+(?:\w+ly\s+)?(?:published|released|issued|posted|carried|broadcast"
    r"|circulated|signed|sent|seen|obtained|distributed|attributed)\s+(?:\w+\s+)?(?:on|by|in|to|from|at|via|through)\b",
    re.IGNORECASE,
)
THROUGH = re.compile(r"\s(?:through|via)\s+(?:(?:his|her|its|their|the|an?)\s+)?(?:\w+\s+){0,4}$")
AND = re.compile(r"\s+and\s+(?:the\s+)?$")
FOR_OR_OF = re.compile(r" (?:for|of) ")
OTHER_CLAUSE = re.compile(r"\b(?:that|what|which|whom|whose|how|why|than|when|as|while|because|but|and|if|where)\b")
ANTECEDENT = re.compile(r"\s(?:who|which|that)\s+(?=\w)")
WHO = re.compile(r",?\s*\b(?:who|which|that)(?:\s+(?:has|had|have|was|\w+ly|also|later|then))*\s*$")
POSTPOSED = re.compile(r"\s[a-z]{3,}ing\s+$")
RELATIVE = re.compile(
    r"\s*(?:(?:who|which|whose|where)\b\s+\w+\s+\w|(?:in (?:reply|answer) )?to (?:the|a) questions?\b)"
)
SKIPPED = re.compile(
    r"\s*(?:to (?:the|a) questions?|in (?:reply|answer) to|who|which|whose|when|after|in|on|during|at|from|then"
    r"|now|both|while|\w+ing|[a-z]+ed)\b|\s*\d|\s*[A-Z]-"
)
PLACE_TAIL = re.compile(
    r"\s+(?:in|during|at|via|through|on|from)\s+(?:an?|the|his|her|their|its)\s+(?:[\w.’'-]+\s+){0,4}?(?:"
    + "|".join(PLACED)
    + r")"
    r"(?:\s+(?:on|in|at|with|to)\s+(?:the\s+)?[\w.’'-]+(?:\s+[A-Z][\w.’'-]+){0,3})?\s*$"
    r"|\s+on (?:Twitter|Facebook|Telegram|X)\s*$"
)


def subject_before(text: str, low: int, end: int) -> Mention | None:  # noqa: C901, PLR0911, PLR0912  (one step to the left after the other)
    """The speaker before a verb, over appositions and relative clauses."""
    if modal := MODAL.search(text, max(low, end - 40), end):
        end = modal.start()
    if relative := WHO.search(text, max(low, end - 40), end):
        mention = classify(phrase_before(text, piece_start(text, low, relative.start()), relative.start()), text)
        return mention._replace(kind="paper") if mention is not None and mention.head in PAPERS else mention
    right = end
    role: Mention | None = None
    for step in range(6):
        left = piece_start(text, low, right)
        mention = None
        if not (RELATIVE if step == 0 else SKIPPED).match(text, left, right):
            mention = classify(phrase_before(text, left, _without_place(text, left, right)), text)
        blank = not text[left:right].strip() or all(word.key in ADVERBS for word in words(text, left, right))
        if step == 0 and mention is None and (who := text.rfind(" who ", left, right)) > 0:
            mention = classify(phrase_before(text, left, who), text)
        if step == 0 and mention is not None:
            if (other := _behind_clause(text, left, right, mention)) is not None:
                return other
            killed = KILLED_IN.search(text, max(left, mention.start - 26), mention.start)
            killed = killed or POSTPOSED.search(text, max(left, mention.start - 20), mention.start)
            if killed and (whose := classify(phrase_before(text, left, killed.start()), text)) is not None:
                return whose
            mention = _whole_office(text, left, mention)
            return _named_before(text, low, left, mention) or _joined(text, left, mention)
        if step == 0 and not (blank or SKIPPED.match(text, left, right) or DAY.fullmatch(text[left:right].rstrip())):
            return None
        if mention is not None and step and not _stands_at_head(text, left, mention):
            mention = None
        if mention is not None and step:
            if mention.kind == "person":
                return _joined(text, left, mention)
            role = role or mention
        if left <= low or text[left - 1] in ":;" + MASK:
            break
        right = left - 1
        while right > low and text[right - 1].isspace():
            right -= 1
    return role


def _behind_clause(text: str, left: int, right: int, mention: Mention) -> Mention | None:
    """Whom a clause or participle belongs to: "a clerk identified only as Tom", "a guard who was there"."""
    if identified := IDENTIFIED.search(text, max(left, mention.start - 60), mention.start):
        noun = classify(phrase_before(text, left, identified.start()), text)
        return mention._replace(start=noun.start) if noun is not None else None
    if (issued := ISSUED.search(text, left, right)) and issued.end() <= mention.start:
        return classify(phrase_before(text, left, issued.start("end")), text)
    if through := THROUGH.search(text, max(left, mention.start - 60), mention.start):
        return classify(phrase_before(text, left, through.start()), text)
    if (who := text.rfind(" who ", left, mention.start)) > 0 and not OTHER_CLAUSE.search(text, who + 5, mention.start):
        return classify(phrase_before(text, left, who), text)
    if (
        mention.kind == "unnamed"
        and not mention.plural
        and PREPOSITION.search(text, max(left, mention.start - 9), mention.start)
    ):
        clause = ANTECEDENT.search(text, left, mention.start)
        return classify(phrase_before(text, left, clause.start()), text) if clause else None
    return None


def _stands_at_head(text: str, left: int, mention: Mention) -> bool:
    """Whether nothing but a small word stands before a mention in its part of the sentence; names with titles may."""
    opening = OPENING.match(text, left, mention.start)
    before = text[opening.end() if opening else left : mention.start].strip()
    titled = mention.kind == "person" and any(word.rstrip(".").lower() in RANKS for word in mention.title.split())
    return not before or before == "that" or titled


def _named_before(text: str, low: int, left: int, mention: Mention) -> Mention | None:
    """The name before an apposition with one comma only: "Ann Roe, head of the mission said"."""
    if (
        mention.kind not in {"role", "unnamed"}
        or mention.start > left + 1
        or text[left - 1 : left] != ","
        or left - 1 <= low
    ):
        return None
    start = piece_start(text, low, left - 1)
    name = classify(phrase_before(text, start, left - 1), text)
    if name is None or name.kind != "person" or mention.plural or not (name.title or " " in name.name):
        return None
    joined = _joined(text, start, name)
    opening = text[start : joined.start].strip().lower()
    return joined if opening in {"", "but", "and", "then", "while", "that"} else None


def _whole_office(text: str, left: int, mention: Mention) -> Mention:
    """An office for two lands or tasks: in "minister for Trade and Tarn" the second is no speaker of its own."""
    bare = mention.kind == "body" or (mention.kind == "person" and not mention.title and " " not in mention.name)
    joined = AND.search(text, max(left, mention.start - 10), mention.start) if bare else None
    office = classify(phrase_before(text, left, joined.start()), text) if joined else None
    if office is None or office.kind != "role" or not FOR_OR_OF.search(office.seen):
        return mention
    whole = re.sub(r"\s+", " ", text[office.start : mention.end])
    return office._replace(end=mention.end, seen=whole, name=whole)


def _joined(text: str, left: int, mention: Mention) -> Mention:
    """The mention with one before "and": "the mayor and General Roe said"."""
    before = AND.search(text, max(left, mention.start - 10), mention.start)
    if not before or mention.kind == "pronoun":
        return mention
    cut = before.start()
    other = classify(phrase_before(text, left, cut), text)
    if other is None or other.kind == "pronoun" or (other.start > left + 1 and text[left : other.start].strip()):
        return mention
    return mention._replace(
        start=other.start,
        seen=re.sub(r"\s+", " ", text[other.start : mention.end]),
        plural=True,
        office="+" + other.name,
    )


def at_head(text: str, low: int, end: int) -> Mention | None:
    """The subject at the head of the part of a sentence that ends with an infinitive: "the mayor went on to say"."""
    start = piece_start(text, low, end)
    opening = OPENING.match(text, start, end)
    mention = classify(phrase_after(text, opening.end() if opening else start, end), text)
    return mention if mention is not None and mention.kind in {"person", "role", "pronoun", "body"} else None


def beside(text: str, low: int, end: int) -> Mention | None:
    """Who stands right before a participle: "the mayor saying …"; a paper is none ("a statement saying …")."""
    if text[low:end].rstrip()[-1:] in {",", ""}:
        return None
    mention = classify(phrase_before(text, piece_start(text, low, end), end), text)
    if (
        mention is None
        or mention.kind not in {"person", "role"}
        or PREPOSITION.search(text, max(low, mention.start - 9), mention.start)
    ):
        return None
    return mention


def _without_place(text: str, left: int, right: int) -> int:
    """End of the phrase before "in a statement"."""
    match = PLACE_TAIL.search(text, max(left, right - 90), right)
    return match.start() if match else right


def piece_start(text: str, low: int, right: int) -> int:
    """Where the part of a sentence begins that ends at `right`: after a comma, colon, dash or quotation."""
    at = right
    window = max(low, right - 240)
    while at > window:
        char = text[at - 1]
        if char in ",;:—–" + MASK or (char == "-" and text[at - 2 : at + 1] == " - "):
            return at
        at -= 1
    return at
