"""Some of a group came first and the rest comes later: who may still follow on a pass that was used here."""

from dataclasses import replace

from safeconduct.gate.decide import NEXT_STEPS, Decision, Scan, UsedHere, decide
from safeconduct.passes.bundle import LoadedBundle

REST_REASON = "rest"  # of an admission that goes on with an earlier one, whose number is its text
REST_SECONDS = 86_400  # between the two, by the device's clock


def decide_rest(bundle: LoadedBundle, used: UsedHere, scan: Scan, came: int) -> Decision:
    """Decide on a pass that let fewer people through than it names; nothing is changed.

    Steps: 1. all steps of `gate.decide.decide` as if the pass had not been used here, the binding among them: a copy of
    the pass brings nobody in as "the rest"; 2. fewer came than the pass names; 3. no more come than are left.

    Args:
        bundle: as for `decide`.
        used: as for `decide`; used elsewhere still counts.
        scan: as for `decide`; `heads` are those who come now.
        came: people who were let through on this pass at this device before.

    Returns:
        A decision whose `heads` are those who come now (all that are left, if they were not counted); `used-here` when
        nobody is left, `heads-differ` when more come than are left.
    """
    fresh = UsedHere(set(), used.elsewhere)
    made = decide(bundle, fresh, replace(scan, heads=None))  # 1
    if not made.admit:
        return made
    left = made.heads - came
    if left <= 0:  # 2
        return replace(made, admit=False, reason="used-here", next_step=NEXT_STEPS["used-here"])
    if scan.heads is not None and scan.heads > left:  # 3
        return replace(made, admit=False, reason="heads-differ", next_step=NEXT_STEPS["heads-differ"])
    return replace(made, heads=left if scan.heads is None else scan.heads)
