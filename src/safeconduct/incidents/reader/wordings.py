"""Wordings of days and intervals, as English press reports write them, told apart by kind."""

import re

from safeconduct.incidents.reader.months import DAY, LONG_WEEKDAY, MONTH, MONTHS, NUMBERS, WEEKDAY, WEEKDAYS, YEAR

_WEEKDAY = rf"(?:{WEEKDAY},?\s+(?:the\s+)?)?"
_MONTH_DAY = rf"(?:{MONTH}\s+(?:the\s+)?{DAY})"
_DAY_MONTH = rf"(?:(?:the\s+)?{DAY}\s+(?:of\s+)?{MONTH})"
_ONE = rf"(?:{_WEEKDAY}(?:{_MONTH_DAY}|{_DAY_MONTH})(?:,?\s+{YEAR})?)"
_TO = r"\s?(?:-|–|—|to|through|thru|until|till)\s?"
_PART = r"(?:morning|afternoon|evening|night|midday|noon)"
_NUMBER = (
    r"(?:\d{1,3}(?:\s?(?:-|–|to|or)\s?\d{1,3})?|an?|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|"
    r"thirteen|fourteen|fifteen|sixteen|seventeen|eighteen|nineteen|"
    r"twenty(?:[- ](?:one|two|three|four|five|six|seven|eight|nine))?|thirty|forty|fifty|sixty|ninety|"
    r"couple(?:\sof)?|few|several|some|many)"
)
_UNIT = r"(?:hours?|days?|weeks?|fortnights?|months?|years?)"
_ABOUT = r"(?:just|only|about|around|almost|nearly|over|more\sthan|less\sthan|at\sleast)"
_AT_STOP = r"(?=\s*[.,;:!?)”\"—–]|\s*$"  # left open: more may follow
_AFTER = "".join(
    rf"|(?<=\b[{word[0].upper()}{word[0]}]{word[1:]}\sthe\s)"
    for word in ("on", "by", "until", "before", "since", "after", "past", "passed", "beyond", "from")
)
_OF_MONTH = "".join(
    [
        *(
            rf"|(?<=[{word[0].upper()}{word[0]}]{word[1:]}\s)"
            for word in ("in", "since", "by", "during", "until", "through")
        ),
        *(rf"|(?<={word}\sof\s)" for word in ("end", "start", "beginning", "middle", "month", "all")),
    ]
)

_OF_YEAR = "".join(
    rf"|(?<=\b[{word[0].upper()}{word[0]}]{word[1:]}\s)"
    for word in ("in", "since", "around", "by", "of", "until", "before", "after", "during", "from", "late", "early")
)

# In the order in which they are tried at one place: the longer and the surer first.
PATTERNS: dict[str, str] = {
    "iso": r"(?:19|20)\d\d-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])(?!\d)",
    "numeric": r"(?:0?[1-9]|[12]\d|3[01])(?P<mark>[/.])(?:0?[1-9]|[12]\d|3[01])(?P=mark)(?:(?:19|20)\d\d|\d\d)"
    r"(?![\w/]|\.\d)",
    "between": rf"(?:[Bb]etween|[Ff]rom)\s+{_ONE}\s+(?:and|to|through|until|till)\s+{_ONE}",
    "range": rf"(?:{_MONTH_DAY}{_TO}{DAY}(?:,?\s+{YEAR})?|{_ONE}{_TO}{_ONE}|{DAY}{_TO}{_DAY_MONTH}(?:,?\s+{YEAR})?)",
    "date": _ONE,
    "month": rf"(?:(?i:early|late|mid)[- ])?{MONTH}(?:,|\s+of)?\s+{YEAR}",
    "month-of": rf"{MONTH}\s+(?:of\s+)?(?i:last|this|next)\s+year",
    "month-edge": rf"(?:(?i:the)\s+)?(?i:end|start|beginning)\s+of\s+{MONTH}(?:,?\s+{YEAR})?(?!\s+\d)",
    "near-month": rf"(?i:last|this\spast|this|next)\s+{MONTH}(?!\s+\d)",
    "bare-month": rf"(?:(?i:early|late|mid)[- ]{_OF_MONTH}){MONTH}(?!\s+[A-Z\d])",
    "weekday": r"(?:(?i:last|next|this\s+past|this\s+coming|this|the\s+previous|the\s+following|early|late)\s+){0,2}"
    rf"{LONG_WEEKDAY}(?:\s+(?:early\s+)?{_PART}(?!\s+[Pp]ost|s)|\s+the\s+{DAY}(?=[\s.,;)]))?"
    r"(?:\s+(?:of\s+)?last\s+week(?!\w)|\s+of\s+this\s+week(?!\w))?",
    "near-day": r"(?i:the\s+day\s+before\s+yesterday|the\s+day\s+after\s+tomorrow|"
    rf"(?:yesterday|tomorrow)(?:\s+{_PART})?|"
    r"(?:early\s+|late\s+)?last\s+(?:night|evening)|(?:earlier|later)\s+today|today|tonight|"
    r"this\s+(?:very\s+)?(?:morning|afternoon|evening|day)(?!s))",
    "named-day": rf"(?i:(?:that|the)\s+(?:very\s+)?(?:same|following|next|previous)\s+(?:day|{_PART})|"
    r"that\s+(?:very\s+)?(?:day|night|morning|afternoon|evening)|"
    rf"the\s+(?:day|night|evening)\s+(?:before|after){_AT_STOP}|\s+(?:in|at|on|and|when|by)\s))",
    "ago": rf"(?i:(?:{_ABOUT}\s+)?(?:a\s+)?{_NUMBER}\s+{_UNIT}\s+(?:ago|earlier|later|(?:before|after){_AT_STOP})))",
    "span": r"(?i:(?:(?:with)?in|over|during|for|throughout|across)\s+)?(?i:(?:the|these)\s+)?"
    r"(?i:last|past|next|coming|previous)\s+"
    rf"(?i:{_NUMBER}[\s-]+(?:more\s+)?{_UNIT}|(?:days|weeks|months|years|hours)(?!\s+of))(?!\w)",
    "near-span": r"(?i:(?:(?:earlier|later|early|late)\s+(?:on\s+)?)?"
    r"(?:last|this|next|this\s+(?:past|coming)|that\s+same|"
    r"the\s+(?:past|last|next|previous|following|coming))\s+(?:week(?:end)?|fortnight|month|year)|"
    r"(?:over|during|throughout|through|on|at)\s+the\s+weekend)(?![\w-])",
    "within": rf"(?i:within\s+(?:the\s+)?{_NUMBER}\s+{_UNIT})(?!\w|\s+of\b)",
    "day-of-month": rf"(?:{_AFTER[1:]})(?:3[01]|[12]?\d)(?:st|nd|rd|th){_AT_STOP}|\s+(?:and|or|but|when|that)\s)",
    "year": rf"(?:{_OF_YEAR[1:]}){YEAR}(?![.,-]\d)",
}
_KINDS = "|".join(f"(?P<{name.replace('-', '_')}>{form})" for name, form in PATTERNS.items())
# The group that matched tells the kind: a name of `PATTERNS` with "_" for "-".
WORDING = re.compile(rf"(?<![\w/-])(?:{_KINDS})")

# The first letters, three at most, of the words with which a wording can begin: all others need not be tried.
_FIRST_WORDS = (
    "between from the this that last next early earlier late later mid end start beginning yesterday tomorrow today "
    "tonight just only about around almost nearly over more less at couple few several some many within in on during "
    "for throughout through across past coming previous a an"
)
FIRST_LETTERS = frozenset(word[:3] for word in (*MONTHS, *WEEKDAYS, *NUMBERS, *_FIRST_WORDS.split()))
START = re.compile(r"(?<![\w/-])\w{1,3}")

# What reads like a day and is a name.
NAMES = re.compile(
    r"(?:Black|Bloody|Good|Ash|Holy|Palm|Easter|Cyber|Super|Maundy|Shrove|Fat|Ruby|Giving|Manic|Mail\son)\s+$"
)
# "the Sunday Compass": a paper, while "on Sunday President Roe" is none
PAPER = re.compile(r"(?:[Tt]he|[’']s)\s+$")
OF_PAPER = re.compile(r"\s+[A-Z][a-z]")
NAMED = re.compile(
    r"\s+(?:Times|Telegraph|Mirror|Mail|Post|People|Express|Herald|Tribune|Standard|World|Review|Morning\s+Herald)\b"
)
_MODAL = (
    r"\b(?:will|shall|won['’]t|(?:is|are|was|were)\s+(?:due|set|expected|scheduled|planning|going|to)|plans?\s+to|due|"
    r"scheduled|planned|deadline|no\s+later\s+than|upcoming|may(?!\s+have)|might(?!\s+have)|hopes?|warns?\s+of|ends|expires|"
    r"begins|starts|resumes|runs\s+out)\b|['’]ll\b|['’]re\s+(?:going|to)\b|['’]s\s+going\b"
)
TO_COME = re.compile(rf"(?:{_MODAL})(?:[^,;:“”\"—]|,\s(?:I\s(?:think|believe|guess)|of\scourse|you\sknow),)*$")
TO_COME_AFTER = re.compile(
    r" +(?:is|marks) +the\b|,? +(?:[\w’'.-]+ +){0,3}?"
    r"(?:\w+['’]ll|will|shall|(?:is|are) +(?:due|set|expected|scheduled|going|to))\b"
)
DEADLINE = re.compile(r"\b(?:by|until|before)\s+$")
TO_DO = re.compile(r"(?i)\b(?:must|to|will|would|should|deadline|has\s+until|have\s+until)\b")
PASSED = re.compile(
    r"\b(?:said|told|announced|reported|added|stated|warned|confirmed|ordered|wrote|tweeted|pledged|vowed|promised|agreed|"
    r"signed|killed|died|struck|hit|attacked|launched|began|started|ended|left|arrived|met|spoke|called|had)\b[^,;]{0,40}$"
)
