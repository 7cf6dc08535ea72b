"""An answer in words: what was said, and no more than that."""

from safeconduct.alerts.answer import CHANNELS, Acknowledgement, Action, Answer, is_signed


def describe(answer: Answer) -> str:
    """One line that says what was said, and no more; the words of an outcome are for its owner's page alone."""
    how = "signed" if is_signed(answer) else "reported by our liaison, unsigned"
    how += f", {CHANNELS[answer.channel]}" if answer.channel else ""
    if isinstance(answer, Acknowledgement):
        reason = f": {answer.reason}" if answer.reason else ""
        return f"{answer.stage} by {answer.by} ({how}); not an approval{reason}"
    aside = "" if is_signed(answer) else f" ({how})"
    if isinstance(answer, Action):
        place = f" at {answer.point}" if answer.point else ""
        if answer.action == "assigned":
            return f"{answer.by} gave it to {answer.point or 'no point'}{aside}"
        return f"{answer.by} says it acted: {answer.action}{place}{aside}"
    number = None if answer.number is None else str(answer.number)
    amount = " ".join(part for part in (answer.hedge, number) if part)
    unnamed = " (unnamed)" if answer.assessor_kind == "unnamed" else ""
    harm = "" if answer.harm is None else "; harm was reported"
    harm += "" if answer.harm_number is None else f": {answer.harm_number}"
    found = f"{answer.result}, {amount}" if amount else answer.result
    return f"{answer.confidence} by {answer.assessor}{unnamed}: {found}{harm}{aside}"


def own_words(answer: Answer) -> str:
    """What was written by hand in an answer, for the two rooms' own eyes: nothing passes it on. Empty without any."""
    if isinstance(answer, Acknowledgement):
        return ""
    if isinstance(answer, Action):
        return answer.text
    harm = f"harm: {answer.harm}" if answer.harm else ""
    shown = f"shown by: {answer.evidence}" if answer.evidence else ""
    return "; ".join(part for part in (answer.text, harm, shown) if part)
