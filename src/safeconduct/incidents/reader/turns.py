"""Transcripts: who speaks in which paragraph, as the marks at the start of a turn say."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from safeconduct.incidents.reader.model import Block

_UPPER = r"[^\W\d_a-z]"
# A label in capitals: "MS. PSAKI:", "GEN. McKENZIE:", "SENIOR ADMINISTRATION OFFICIAL #2:", "MR. KIRBY (via link):"
_CAPITALS = re.compile(
    rf"(?P<label>(?:Mc|Mac|de\s|al-|el-)?{_UPPER}[\w.'’#-]*(?:[ ](?:and[ ])?[\w.'’#&,-]+){{0,7}})"
    r"(?:\s\([^()\n]{1,60}\))?\s?:(?=\s|$)\s*"
)
_MIXED = re.compile(
    rf"(?P<label>(?:{_UPPER}[\w.'’-]*[ ]){{0,5}}{_UPPER}[\w.'’-]*)(?:\s\([^()\n]{{1,60}}\))?:(?=\s|$)\s*"
)
_QUESTION = re.compile(r"(?P<label>Q|QUESTION|Question|REPORTER|Reporter)(?:\s?[:.](?=\s)\s*|(?<=Q)\s{2,})")
_LONE_Q = re.compile(r"(?P<label>Q)\s(?=[A-Z“\"(])")
_ASKERS = re.compile(r"Q|(?:A\s)?(?:QUESTION|REPORTER|JOURNALIST|PRESS|AUDIENCE)(?:\s?#?\d+|\sMEMBER)?", re.IGNORECASE)
_OFFICE = re.compile(
    r"(?:MR|MS|MRS|DR|GEN|LT|COL|MAJ|CAPT|ADM|SGT|CMDR|SEN|REP|AMB|GOV)\.?\s|"
    r"(?:THE\s)?(?:VICE\s)?(?:PRESIDENT|CHANCELLOR|PRIME\sMINISTER|SECRETARY|MINISTER|GENERAL|AMBASSADOR|ADMIRAL|"
    r"SPOKES|SENIOR|MODERATOR|OPERATOR|DIRECTOR)"
)
# Words in capitals before a colon that are a notice and nobody's turn.
_NOTICES = re.compile(
    r"(?:UPDATED?|NOTES?|CORRECTION|CLARIFICATION|PHOTOS?|FILE|WATCH|READ|ALSO|EDITOR|LIVE|BREAKING|RELATED|VIDEO|"
    r"SOURCES?|MORE|SEE|ANALYSIS|OPINION|EXPLAINER|DEVELOPING|EXCLUSIVE|WARNING|TAGS?|FILED|CONTACT|SUBJECT|FROM|TO|"
    r"DATE|RE|LOCATION|PUBLISHED|POSTED|BY|WHO|WHAT|WHEN|WHERE|WHY|HOW|FACT|SUMMARY|BACKGROUND|KEY)\b",
    re.IGNORECASE,
)
_SPEECH = re.compile(
    r"\b(?i:remarks|statement|speech|address|message|testimony|comments)\s+"
    r"(?:(?i:as\s+(?:prepared|delivered))[\w\s]{0,20}\s)?(?i:by|from|of)\s+(?P<who>[^\W\d_a-z].{1,90}?)"
    r"(?=\s+(?i:on|at|in|before|after|to|during|for|following|regarding|about|announcing)\b|\s*[,:;|–—(]|\s*$)"
)
_ENDS = re.compile(
    r"(?:END\s+)?\d{1,2}:\d\d\s*[AP]\.?M\.?(?:\s+[A-Z]{2,4})?|END|#\s?#\s?#|\\?###|-?\s?30\s?-", re.IGNORECASE
)


def begins_turn(plain: str, start: int, end: int) -> bool:
    """Whether a line looks like the first one of a turn, by a label in capitals or a reporter's "Q"."""
    end = min(end, start + 140)
    if _QUESTION.match(plain, start, end):
        return True
    found = _CAPITALS.match(plain, start, end)
    return bool(found and _shouted(found["label"]) and not _NOTICES.match(found["label"]))


def _shouted(label: str) -> bool:
    letters = [char for char in label if char.isalpha()]
    return len(letters) >= 2 and sum(char.isupper() for char in letters) >= 0.75 * len(letters)


def assign_turns(plain: str, blocks: Sequence[Block], title: str) -> tuple[Block, ...]:
    """The blocks with the speaker of each paragraph, and without the labels; unchanged when this is no transcript."""
    marks = _marks(plain, blocks)
    if not marks:
        speaker = _sole_speaker(title)
        said = [replace(block, speaker=speaker) if block.kind == "paragraph" else block for block in blocks]
        return tuple(said if speaker else blocks)
    askers = _askers(plain, blocks, marks)
    found: list[Block] = []
    speaker = ""
    for index, block in enumerate(blocks):
        if index in marks:
            speaker, begin = marks[index]
            if begin < block.end:
                found.append(replace(block, start=begin, kind="paragraph", speaker=speaker, asks=speaker in askers))
        elif _ENDS.fullmatch(plain, block.start, block.end):
            speaker = ""
            found.append(replace(block, kind="aside"))
        elif speaker and block.kind != "aside":
            found.append(replace(block, kind="paragraph", speaker=speaker, asks=speaker in askers))
        else:  # before the first turn: where and when, of which nobody says anything
            before = block.kind == "title" or (block.end - block.start > 160 and block.kind == "paragraph")
            found.append(block if before or (found and found[-1].speaker) else replace(block, kind="aside"))
    return tuple(found)


def _marks(plain: str, blocks: Sequence[Block]) -> dict[int, tuple[str, int]]:
    """For each block that begins a turn the label and where its words begin."""
    shouted: dict[int, tuple[str, int]] = {}
    mixed: dict[int, tuple[str, int]] = {}
    for index, block in enumerate(blocks):
        if found := _label(plain, block):
            shouted[index] = found
        elif (named := _MIXED.match(plain, block.start, min(block.end, block.start + 140))) and not _NOTICES.match(
            named["label"]
        ):
            mixed[index] = (named["label"], named.end())
    sure = any(label == "Q" or _OFFICE.match(label) for label, _ in shouted.values())
    if shouted and (sure or len(shouted) >= 3):
        if any(label == "Q" for label, _ in shouted.values()):
            for index, block in enumerate(blocks):
                if index not in shouted and (lone := _LONE_Q.match(plain, block.start, block.end)):
                    shouted[index] = ("Q", lone.end())
        return shouted
    names = Counter(label for label, _ in mixed.values())
    talk = sum(block.kind != "aside" for block in blocks)
    if len(names) >= 2 and len(mixed) >= 4 and max(names.values()) >= 2 and len(mixed) * 3 >= talk:
        return mixed
    return {}


def _label(plain: str, block: Block) -> tuple[str, int] | None:
    end = min(block.end, block.start + 140)
    if found := _QUESTION.match(plain, block.start, end):
        return found["label"], found.end()
    found = _CAPITALS.match(plain, block.start, end)
    if found and _shouted(found["label"]) and not _NOTICES.match(found["label"]):
        return found["label"], found.end()
    return None


def _askers(plain: str, blocks: Sequence[Block], marks: dict[int, tuple[str, int]]) -> frozenset[str]:
    """Labels of those who ask: reporters, and an interviewer most of whose turns end in a question."""
    turns: Counter[str] = Counter()
    asked: Counter[str] = Counter()
    for index, (label, _) in marks.items():
        turns[label] += 1
        asked[label] += plain[max(blocks[index].end - 3, 0) : blocks[index].end].rstrip("\"'”’) ").endswith(("?", "؟"))
    reporters = any(_ASKERS.fullmatch(label) for label in turns)
    return frozenset(
        label
        for label, count in turns.items()
        if _ASKERS.fullmatch(label) or (not reporters and count >= 3 and asked[label] * 5 >= count * 3)
    )


def _sole_speaker(title: str) -> str:
    """The one person whose speech or statement a title announces, empty when it names two or none."""
    found = _SPEECH.search(title)
    if not found or not found["who"][0].isupper():
        return ""
    who = found["who"].strip()
    return "" if re.search(r"\band\b|&|;", who) else who
