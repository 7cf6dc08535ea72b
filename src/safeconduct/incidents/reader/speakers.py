"""Who is meant: names, offices, pronouns and words like "the group" taken back to a speaker named before."""

import re
from bisect import bisect_right
from dataclasses import dataclass

from safeconduct.incidents.reader.body_names import BodyNames
from safeconduct.incidents.reader.model import Document
from safeconduct.incidents.reader.naming import Mention
from safeconduct.incidents.reader.people import People, Person
from safeconduct.incidents.reader.people_words import (
    BODY_HEADS,
    DETERMINERS,
    NUMBERS,
    PAPERS,
)
from safeconduct.incidents.reader.verbs import word_set

ALIASES = {
    "general": ("gen",), "lieutenant": ("lt",), "colonel": ("col",), "captain": ("capt",), "major": ("maj",),
    "admiral": ("adm",), "senator": ("sen",), "representative": ("rep",), "governor": ("gov",), "professor": ("prof",),
    "doctor": ("dr",), "congressman": ("rep",), "congresswoman": ("rep",), "lawmaker": ("rep", "sen", "mp"),
    "secretary": ("minister",), "commander": ("chief", "cmdr"), "head": ("chief", "director"),
    "chief": ("head", "director"),
    "leader": ("chief", "head"), "spokesperson": ("spokesman", "spokeswoman"), "spokeswoman": ("spokesperson",),
    "spokesman": ("spokesperson",), "sergeant": ("sgt",), "premier": ("prime",), "pm": ("premier", "prime"),
    "adviser": ("advisor",),
    "advisor": ("adviser",), "official": ("spokesman", "spokeswoman"), "archbishop": ("cardinal",),
    "cleric": ("rev", "revd", "fr", "bishop", "archbishop", "imam", "mullah", "canon", "cardinal", "sheikh", "pope"),
    "priest": ("fr", "rev", "revd", "canon"), "judge": ("justice",), "officer": ("inspector", "superintendent", "supt"),
}  # fmt: skip
ANY_KIND = word_set("organization organisation group body institution")  # said of any of them
ANY_BODY = word_set(
    "organization organisation group agency charity company outlet newspaper paper website institution watchdog "
    "body union broadcaster service"
)
VAGUE_BODIES = word_set(
    "organization organisation group agency ministry department company office army military movement council "
    "charity union embassy government authority force forces party committee commission body institution "
    "coalition alliance outlet newspaper paper militia faction broadcaster channel administration watchdog "
    "service mission team command monitor bank airline operator police website magazine"
)
COMMON = (
    DETERMINERS | set(NUMBERS) | {"dozens", "hundreds", "senior", "local", "unnamed", "military", "security", "health"}
)
NEAR, FAR = 250, 450  # characters: a name just before counts more than a speaker long ago
OWNED_PAPER = re.compile(
    r"(?:(?P<body>.+) )?(?P<paper>"
    + "|".join(sorted(PAPERS))
    + r")(?: (?:from|of|by|issued by|for) (?:the )?(?P<owner>.+))?",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Speaker:
    """Somebody who says something, as told by the whole document."""

    claimant: str
    seen: str
    kind: str  # "person", "body", "unnamed"
    count: int | None = None
    gender: str = ""
    plural: bool = False
    head: str = ""


class Speakers:
    """What is known of the speakers of a document up to the place that is read."""

    def __init__(self, document: Document, people: People) -> None:
        self.people = people
        self.transcript = any(block.speaker for block in document.blocks)
        self.last: Speaker | None = None
        self.asked: Speaker | None = None
        self.starts: list[int] = []  # of the sentences read so far
        self._past: list[tuple[int, Speaker]] = []
        self.bodies = BodyNames(document.plain)
        self.title = document.title

    def resolve(self, mention: Mention, position: int, *, opening: bool = False) -> Speaker | None:
        """The speaker of a mention; None for the author's own "we" and "I"."""
        speaker = self._resolve(mention, position, opening=opening)
        if speaker is not None and mention.office.startswith("+"):
            speaker = self._with_other(mention, speaker, position)
        return speaker

    def note(self, speaker: Speaker, position: int) -> None:
        """Remember who spoke, or who stands at the head of a sentence."""
        self._past.append((position, speaker))
        self.last = speaker

    def subject(self, position: int, end: int) -> Speaker | None:
        """A person whose name begins within a stretch of text, as the subject of a sentence."""
        for _, person in self.people.between(position, end):
            if person.sure:
                return Speaker(person.name, person.name, "person", gender=person.gender)
        return None

    def focus(self, speaker: Speaker, position: int) -> None:
        """Remember a subject that has not spoken."""
        self._past.append((position, speaker))

    def _with_other(self, mention: Mention, speaker: Speaker, position: int) -> Speaker:
        name = mention.office[1:]
        other = self.people.find(name) or self.people.before(position, words_of=_aliases(name.split()[-1].lower()))
        first = other.name if other else name
        if first == speaker.claimant:
            return speaker
        return Speaker(f"{first} and {speaker.claimant}", mention.seen, speaker.kind, plural=True)

    def _resolve(  # noqa: PLR0911  (one return for each kind)
        self, mention: Mention, position: int, *, opening: bool
    ) -> Speaker | None:
        if mention.kind == "person":
            return self._named(mention, opening=opening)
        if mention.kind == "pronoun":
            return self._pronoun(mention, position)
        if mention.kind == "role":
            return self._role(mention, position)
        if mention.kind == "body":
            return self._body(mention)
        if (owner := self._owner(mention)) is not None:
            return owner
        past = self._past_with(mention.head) if mention.definite else None
        if past is not None and past.kind == "unnamed":
            return _again(past, mention)
        return Speaker(
            _small(mention.name, mention), mention.seen, "unnamed", mention.number, "", mention.plural, mention.head
        )

    def _named(self, mention: Mention, *, opening: bool) -> Speaker:
        person = self.people.find(mention.name)
        if person is None:
            if opening and " " not in mention.name and mention.name.endswith("s") and not mention.title:
                return Speaker(mention.name.lower(), mention.seen, "unnamed", plural=True)
            return Speaker(mention.name, mention.seen, "person", gender="")
        person.sure = True
        name = person.name if len(person.name) >= len(mention.name) else mention.name
        return Speaker(name, mention.seen, "person", gender=person.gender)

    def _pronoun(self, mention: Mention, position: int) -> Speaker | None:
        word = mention.name
        if word in {"i", "we", "you"}:
            return None
        if word in {"he", "she"}:
            return self._he_or_she(mention, position)
        at, past = next(
            (
                (at, past)
                for at, past in reversed(self._past[-12:])
                if past.kind == "body" or (word == "they" and past.plural)
            ),
            (-1, None),
        )
        if self.transcript or past is None:
            name, place = self.bodies.before(position)
            if name and place > at:
                return Speaker(self._whole(name), mention.seen, "body")
        if past is not None:
            return _again(past, mention)
        if word == "they" and self.last is not None and self.last.kind != "person":
            return _again(self.last, mention)
        return Speaker(word, mention.seen, "unnamed", plural=word == "they")

    def _he_or_she(self, mention: Mention, position: int) -> Speaker:
        word = mention.name
        if self.asked is not None and self.asked.gender in {"", word}:
            return _again(self.asked, mention)
        place, past = next(
            (
                (at, past)
                for at, past in reversed(self._past[-12:])
                if past.kind != "body" and not past.plural and past.gender in {"", word}
            ),
            (-FAR, None),
        )
        if past is not None and past.kind == "unnamed":
            place, past = self._named_beside(place, past, word)
        person = self.people.before(position, gender=word)
        if person is not None and past is not None and self.people.find(past.claimant) is None:
            past = None if person.last_before(position) > place else past  # somebody with a name came since
        near = person is not None and position - person.last_before(position) < NEAR
        if past is not None and not (near and position - place > FAR):
            return _again(past, mention)
        return (
            Speaker(person.name, mention.seen, "person", gender=word)
            if person
            else Speaker(word, mention.seen, "unnamed")
        )

    def _named_beside(self, place: int, past: Speaker, gender: str) -> tuple[int, Speaker]:
        """Somebody named in the sentence of an unnamed speaker: "Roe said an official had told her …": Roe goes on."""
        at = bisect_right(self.starts, place) - 1
        first = self.starts[at] if at >= 0 else place
        for start, other in reversed(self._past[-12:]):
            if start < first:
                break
            if other.kind == "person" and not other.plural and other.gender in {"", gender} and " " in other.claimant:
                return start, other
        return place, past

    def _role(self, mention: Mention, position: int) -> Speaker:
        wanted = _aliases(mention.head)
        past = self._past_with(mention.head)
        if past is not None and mention.definite and len(mention.seen.split()) <= 2:
            return _again(past, mention)
        person = None
        if mention.head == "president" and self.transcript:
            person = self.people.holder("president", self.title)
        if person is None and (mention.definite or mention.seen[:1].isupper()):
            person = self._holder(mention, wanted, position)
        if person is not None:
            person.sure = True
            return Speaker(person.name, mention.seen, "person", gender=person.gender, head=mention.head)
        return Speaker(mention.name, mention.seen, "person", head=mention.head)

    def _holder(self, mention: Mention, wanted: frozenset[str], position: int) -> Person | None:
        """The person who holds an office: "the general" is the one named last, "the chairman of X" one told as that."""
        own = set(re.findall(r"\w{3,}", mention.name.lower())) - {"the", "for", mention.head}
        if not own:
            return self.people.before(position, words_of=wanted)
        for person in self.people.all:
            office = set(re.findall(r"\w{3,}", person.office.lower())) | person.titles
            if office & wanted and len(own & office) * 2 > len(own):
                return person
        return None

    def _owner(self, mention: Mention) -> Speaker | None:
        """Who speaks by a paper: "a ministry statement", "a letter from the governor", or else who spoke last."""
        match = (
            OWNED_PAPER.fullmatch(mention.name) if mention.head in PAPERS or mention.name.lower() in PAPERS else None
        )
        if match is None:
            return None
        whose = match["owner"] or match["body"]
        if whose is None or not (whose.split()[-1].lower() in BODY_HEADS or whose[:1].isupper()):
            return _again(self.last, mention) if self.last is not None else None
        person = self.people.find(whose)
        if person is not None and person.sure:
            return Speaker(person.name, mention.seen, "person", gender=person.gender)
        return Speaker(self._whole(re.sub(r"['’]s$", "", whose)), mention.seen, "body")

    def _whole(self, name: str) -> str:
        return self.bodies.whole(name, [past.claimant for _, past in self._past[-40:] if past.kind == "body"])

    def _body(self, mention: Mention) -> Speaker:
        word = mention.name.lower()
        if (owner := self._owner(mention)) is not None:
            return owner
        if mention.definite and word in VAGUE_BODIES:
            bodies = [past for _, past in reversed(self._past[-20:]) if past.kind == "body"]
            for past in bodies:
                if word in past.claimant.lower():
                    return _again(past, mention)
            other = bool(bodies) and word not in ANY_KIND and bodies[0].claimant.split()[-1].lower() in VAGUE_BODIES
            if bodies and word in ANY_BODY and not other:
                return _again(bodies[0], mention)
        return Speaker(self._whole(mention.name), mention.seen, "body", plural=mention.plural, head=mention.head)

    def _past_with(self, head: str) -> Speaker | None:
        wanted = _aliases(head)
        for _, past in reversed(self._past[-20:]):
            if past.kind == "person" and past.plural:  # two together
                continue
            person = self.people.find(past.claimant) if past.kind == "person" else None
            if person is not None and wanted & person.roles:
                return past
            if past.head in wanted:
                return past
        return None


def _aliases(head: str) -> frozenset[str]:
    return frozenset((head, *ALIASES.get(head, ())))


def _again(past: Speaker, mention: Mention) -> Speaker:
    return Speaker(past.claimant, mention.seen, past.kind, past.count, past.gender, past.plural, past.head)


def _small(name: str, mention: Mention) -> str:
    """A common noun at the head of a sentence without its capital."""
    first = name.split(maxsplit=1)[0]
    bare = name == mention.seen and first[:1].isupper() and first[1:].islower()
    if bare and (first.lower() == mention.head or first.lower() in COMMON or len(name.split()) == 1):
        return name[0].lower() + name[1:]
    return name
