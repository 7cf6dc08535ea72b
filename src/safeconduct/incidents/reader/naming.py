"""What a noun phrase names: a person, a body, or somebody without a name."""

import re
from typing import NamedTuple

from safeconduct.incidents.reader.outlet_names import POSSESSIVES, is_capital, is_outlet
from safeconduct.incidents.reader.people_words import (
    BODIES,
    BODY_HEADS,
    BODY_NAMES,
    DAYS,
    DETERMINERS,
    NUMBERS,
    OFFICE,
    PLURAL_HEADS,
    PREPOSITIONS,
    PRONOUNS,
    RANKS,
    ROLES,
)
from safeconduct.incidents.reader.phrases import Word, after_place, is_body_name, name_start
from safeconduct.incidents.reader.verbs import word_set

OFFICE_OR_BODY = OFFICE - PREPOSITIONS - DETERMINERS | BODIES | BODY_HEADS
COUNTED = DETERMINERS | set(NUMBERS)
SOMEBODY = PLURAL_HEADS | ROLES
ARTICLE = re.compile(r"^(?:the|a|an) ", re.IGNORECASE)
DETERMINER = re.compile(r"^(?:the|a|an|our|this|that|these|those) (?=\S)", re.IGNORECASE)
OBJECTS = {"him": "he", "her": "she", "them": "they"}
TIMES = word_set("ago day days week weeks month months year years time hour hours minutes morning evening night moment")


class Mention(NamedTuple):
    """A speaker as named at one place."""

    start: int
    end: int
    seen: str
    kind: str  # "person", "body", "unnamed", "pronoun", or "role": an office whose holder may be named elsewhere
    name: str  # without title and article
    title: str = ""  # rank or office before the name
    number: int | None = None  # of unnamed ones
    plural: bool = False
    head: str = ""  # the noun of a role or of unnamed ones
    definite: bool = False
    office: str = ""  # told beside the name: "a spokesman for the ministry"


def classify(parts: list[Word], text: str) -> Mention | None:
    """What a phrase names, or None when it names no possible speaker."""
    if not parts:
        return None
    if parts[-1].key in TIMES or (parts[-1].key in {"a", "an", "the", "no"} and len(parts) == 1):
        return None
    start, end = parts[0].start, parts[-1].end
    seen = " ".join(text[start:end].split())
    base = Mention(start, end, seen, "unnamed", seen, definite=parts[0].key in {"the", "his", "her", "their", "its"})
    if len(parts) == 1 and parts[0].key in OBJECTS:
        return base._replace(kind="pronoun", name=OBJECTS[parts[0].key], plural=parts[0].key == "them")
    if len(parts) == 1 and parts[0].key in PRONOUNS:
        return base._replace(kind="pronoun", name=parts[0].key, plural=parts[0].key in {"they", "we"})
    prep = next(
        (n for n, word in enumerate(parts) if n and word.key in PREPOSITIONS and word.text.islower()), len(parts)
    )
    head = parts[prep - 1]
    at = name_start(parts)
    if at < len(parts) and (person := _person(parts, at, prep, base)):
        return person
    return _body_or_unnamed(parts[:prep], head, parts, base)


def _person(parts: list[Word], at: int, prep: int, base: Mention) -> Mention | None:
    """A person, when the capitals at the end are a name; an office "of" or "for" a body has none."""
    start = at
    at = after_place(parts, at)
    name = parts[at:]
    before = parts[at - 1] if at else None
    text = " ".join(word.text for word in name)
    text = text[:-2] if text.endswith(POSSESSIVES) else text
    if is_body_name(parts, at) or is_outlet(_with_before(parts, at)) or is_outlet(text):
        return None
    titled = before is not None and (before.key in RANKS or before.key in ROLES)
    if not titled and parts[0].key == "the" and all(is_capital(word.text) for word in parts[1:]):
        return None  # "the Red Lantern": a person so written has a rank
    if prep < at and not titled:  # "commander of Alpha Group": the capitals belong to the body
        between = parts[prep:at]
        if start == at and not (len(name) > 1 and between[-1].key in OFFICE_OR_BODY):
            return None
    if (
        not titled
        and before is not None
        and (before.key in {"the", "a", "an"} or (before.text.islower() and before.key in BODY_HEADS))
    ):
        return None
    if (
        len(name) == 1
        and not titled
        and (name[0].key in BODIES or (text.isupper() and len(text) < 8) or name[0].key in SOMEBODY)
    ):
        return None
    title = ARTICLE.sub("", " ".join(word.text for word in parts[:at]))
    return base._replace(kind="person", name=text, title=title)


def _with_before(parts: list[Word], at: int) -> str:
    """The capitals from `at` on with the word before them, when that owns nothing."""
    first = at - 1 if at and not parts[at - 1].text.endswith(POSSESSIVES) else at
    return " ".join(word.text for word in parts[first:])


def _body_or_unnamed(  # noqa: PLR0911  (one return for each kind)
    core: list[Word], head: Word, parts: list[Word], base: Mention
) -> Mention | None:
    number = next((NUMBERS[word.key] for word in core if word.key in NUMBERS and word.key != "both"), None)
    digits = next((int(word.key) for word in core if word.key.isdecimal() and len(word.key) < 5), None)
    count = number or digits
    bare = DETERMINER.sub("", base.seen)
    lower = " ".join(word.key for word in core if word.key not in {"the", "a", "an"})
    if head.key in PLURAL_HEADS or (len(core) == 1 and head.key in {"some", "many", "others", "several"}):
        if head.key in {"police", "government", "staff"} and not count:
            return base._replace(kind="body", name=bare, head=head.key, plural=True)
        return base._replace(name=bare, number=count, plural=True, head=head.key)
    if head.key in NUMBERS or head.key in {"dozens", "hundreds", "number"}:
        return base._replace(name=bare, number=count, plural=count != 1, head=head.key)
    if lower in BODY_NAMES or head.key in BODIES or is_outlet(bare) or head.key in BODY_HEADS:
        return base._replace(kind="body", name=bare, head=head.key, plural=head.key.endswith("s"))
    if head.key in ROLES or head.key in RANKS:
        kind = "role" if base.definite or core[0].key not in COUNTED else "unnamed"
        return base._replace(
            kind=kind, name=bare, head=head.key, number=1 if core[0].key in {"a", "an", "one"} else None
        )
    if is_capital(head.text) and head.key not in DAYS:
        return base._replace(kind="body", name=bare, head=head.key)
    if core[0].key in COUNTED and len(parts) <= 8:
        plural = head.key.endswith("s") or head.key in {"those", "these"}
        return base._replace(name=bare, number=count, head=head.key, plural=plural)
    return None
