"""Who a label of a transcript names."""

import re

from safeconduct.incidents.reader.speakers import Speaker, Speakers


def of_label(label: str, speakers: Speakers, *, asks: bool) -> Speaker:
    """The speaker of a turn by its label: "MS. ROE", "THE PRESIDENT", "Q"."""
    if asks or label.strip(" .:").lower() in {"q", "question", "reporter"}:
        return Speaker("reporter", label, "unnamed", 1)
    lower = re.sub(r"^the ", "", label.strip(" .:").lower())
    parts = lower.split()
    if lower in {"president", "vice president", "prime minister"}:
        person = speakers.people.holder(parts[0], speakers.title)
        return Speaker(person.name if person else lower.title(), label, "person")
    if any(word in {"official", "moderator", "participant", "operator", "staff", "speaker", "aide"} for word in parts):
        return Speaker(lower, label, "unnamed", 1)
    person = speakers.people.find(parts[-1]) if parts else None
    return Speaker(
        person.name if person else label.strip(" .:").title(), label, "person", gender=person.gender if person else ""
    )
