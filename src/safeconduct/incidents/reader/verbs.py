"""Verbs by which the press says that somebody said something."""

import re


def word_set(text: str) -> frozenset[str]:
    """The words of a text."""
    return frozenset(text.split())


# What follows is what was said.
SAY = word_set(
    "said says tells told adds added explains explained replies replied answered responded tweeted tweets wrote "
    "writes warns warned insists insisted clarified clarifies noted notes states stated announces announced "
    "acknowledges acknowledged confirms confirmed promises promised vows vowed pledged claims claimed argues "
    "argued stresses stressed emphasised emphasized reiterates reiterated recalls recalled recounted remarked "
    "commented declares declared admits admitted concedes conceded denies denied suggests suggested indicate "
    "indicates indicated reports reported reveals revealed disclosed alleges alleged maintains maintained asserts "
    "asserted contends contended predicts predicted estimates estimated testified concluded cautioned observed "
    "complains complained lamented boasted mused underlined underscored joked quipped shouted yelled cried "
    "exclaimed whispered proclaimed informed assured reassured signalled signaled hinted countered retorted "
    "affirmed surmised speculated relayed contradicted posted mentioned messaged sighed sobbed recited guaranteed "
    "swore swears updated conveyed imparted assures stress recounts remarks underlines"
)
# Inner states that the press tells of: said as well, in other words.
THINK = word_set("believes thinks thought expects felt feels hopes hoped fears feared knows considers worries worried")
# Here the object is what was said of somebody.
JUDGE = word_set(
    "accused accuses blamed blames called calls described describes dubbed labelled labeled branded condemned "
    "condemns denounced denounces criticised criticized criticises criticizes praised praises dismissed dismisses "
    "rejected rejects disputed disputes hailed slammed blasted welcomed attributed attributes urged urges "
    "demanded demands deplored decried lashed mocked likened characterised characterized termed thanked "
    "apologised apologized cites defended defends justified portrayed referred refers spoke speaks talked talks "
    "designated deemed decries derided deplores"
)
# Only beside a quotation or before "that".
QUOTING = word_set(
    "continued continues asked asks repeated repeats read reads began begins offered recommended demanded "
    "interrupted ended finished opined pleaded appealed wondered proposed ruled discovered found learned finds "
    "counselled counseled advised advises order ordered protested objected agreed agrees snapped summed"
)
# Nouns as often as verbs in these forms.
NOUN_LIKE = word_set(
    "claims reports states notes estimates worries fears hopes calls demands praises attributes reads order"
)
PLURAL = word_set(
    "ask say tell add believe think expect claim warn report fear hope argue insist note accuse blame call deny suggest"
)
ASK = word_set("asked asks wondered questioned inquired")
# Followed by the person who was told.
TELL = word_set("told tells informed assured reassured asked asks warned urged reminded advised messaged assure")
PARTICIPLE = word_set(
    "saying adding explaining noting warning insisting claiming arguing stressing telling writing stating "
    "tweeting announcing confirming declaring alleging asserting predicting admitting suggesting denying vowing "
    "promising pledging emphasizing emphasising recalling calling describing accusing blaming condemning "
    "denouncing dubbing reiterating indicating concluding cautioning branding labelling labeling contending "
    "remarking replying asking terming hailing slamming deploring characterising characterizing likening"
)
INFINITIVE = word_set(
    "say add explain clarify note warn stress announce insist declare reply tell suggest emphasise emphasize "
    "confirm admit concede acknowledge state promise describe condemn"
)
REFUSED = re.compile(
    r"\b(?:not|n['’]t|never|declined|refused|failed|unable|without|cannot|hard|fair|safe|enough|too|difficult|impossible"
    r"|going|have|needs?|wants?|wanted|hard-pressed|early|happy|free|possible|afraid|reluctant|like)\s*$"
)


def _any_of(group: frozenset[str]) -> str:
    """Alternatives by first letters, which `re` tries faster than one long row; longer words first."""
    stems: dict[str, list[str]] = {}
    for word in sorted(group, key=lambda word: (-len(word), word)):
        stems.setdefault(word[:2], []).append(word[2:])
    letters: dict[str, list[str]] = {}
    for stem, ends in stems.items():
        letters.setdefault(stem[0], []).append(f"{stem[1]}(?:{'|'.join(ends)})")
    return "|".join(f"{letter}(?:{'|'.join(rest)})" for letter, rest in letters.items())


_ALL = SAY | THINK | JUDGE | QUOTING | PLURAL
PATTERN = re.compile(
    r"(?<![\w.’'-])(?:(?P<finite>" + _any_of(_ALL) + r"|Says)"
    r"|(?P<participle>" + _any_of(PARTICIPLE) + r")"
    r"|to (?P<infinitive>" + _any_of(INFINITIVE) + r")"
    r"|(?:will|would|could|can|did)(?: (?:only|also|just|later|now|simply))? (?P<modal>"
    + _any_of(INFINITIVE)
    + r")(?=[,:]?\s*(?:that\b|[“\""
    + "\ue000"
    + r"]))"
    r"|(?P<according>[Aa]ccording to(?: the words? of)?)(?! (?:plan|the plan|schedule))"
    r"|(?P<put>(?:put|puts|placed|places)(?= (?:it|them|(?:the|its|their) (?:[\w-]+ ){0,4}?(?:toll|number|total"
    r"|figures?|count|losses)) (?:at|as)\b)|put it|puts it|pointed out"
    r"|points out|went on(?: to say)?|goes on(?: to say)?"
    r"|chimed in|spoke out|made clear|makes clear|made it clear|made it known|gave assurances|issued a statement"
    r"|spelled out|let it be known)"
    r"|(?P<quoted>(?:was|were|is|are|been|being|be)\s+(?:also\s+)?(?:quoted|cited)(?:\s+by\s+(?P<by>[^,.:;"
    + "\ue000"
    + r"]{2,60}?))?"
    r"\s+(?:as\s+(?:saying|telling)|saying))"
    r"|(?P<words>(?:transfers?|conveys?|conveyed|relays?|relayed|reports?|reported|quotes?|quoted|cites?|cited)"
    r" the words of(?: the same)?)"
    r"|(?P<quotes>quoted|quotes|cited|quoting|citing)(?=\s+[\w“\"])"
    r")(?![\w’'-])"
)
# Claims of which nobody is named as the author.
NOBODY = re.compile(
    r"\b(?P<who>[Ii]t (?:was|has been|is|had been)(?: also| later| first| widely| previously| separately)? "
    r"(?P<verb>revealed|reported|announced|claimed|alleged|said|disclosed|learned|learnt|rumou?red|confirmed"
    r"|stated|understood|estimated|noted|explained)"
    r"|[Tt]here (?:were|are|have been|had been|was|is)(?: also| several| many| some| conflicting| unconfirmed"
    r"| other| more| further| numerous| repeated| widespread)* "
    r"(?P<noun>claims?|reports?|rumou?rs?|allegations?|accusations?"
    r"|suggestions?|indications?))(?: (?:in|on|from|by|at) [^,.;:]{1,60}?)?,? that\s"
)
