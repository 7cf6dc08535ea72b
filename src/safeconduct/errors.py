"""The one root error, and every refusal code with its one-line wording.

A library function raises; it never prints and never exits. `BadInput` says where, what was expected and what was
seen. A `Refusal` is no error: it is the answer of a rule, and it is logged.
"""

from copyreg import __newobj__  # type: ignore[attr-defined]  # as object.__reduce_ex__ uses it
from dataclasses import dataclass
from typing import Any


class SafeconductError(Exception):
    """Root of all errors of this package: a stable kebab-case `code` and one sentence."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code

    def __reduce__(self) -> tuple[Any, ...]:
        """Let an error cross between two processes as it is, whatever it was made from."""
        return __newobj__, (type(self), *self.args), self.__dict__


class BadInput(SafeconductError):  # noqa: N818  (reads as what it is: "raise BadInput")
    """Something given from outside is malformed: where, what was expected, what was seen."""

    def __init__(self, code: str, *, where: str, expected: str, seen: object) -> None:
        shown = repr(seen)
        if len(shown) > 80:
            shown = shown[:60] + f"… ({len(shown)} characters)"
        super().__init__(code, f"{where}: expected {expected}, saw {shown}")
        self.where, self.expected, self.seen = where, expected, shown


class NodeUnavailable(SafeconductError):  # noqa: N818
    """The node cannot work as it stands (database locked, missing, newer, rolled back); exit status 2."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """The answer "no" of a rule: a code of `REFUSALS` and, where useful, a detail that gives no secret away."""

    code: str
    detail: str = ""

    def __post_init__(self) -> None:
        """Refuse a code without wording: undocumented refusals do not exist."""
        if self.code not in REFUSALS:
            raise SafeconductError("unknown-refusal", f"refusal code {self.code!r} has no wording in errors.REFUSALS")

    def __str__(self) -> str:
        """Code's wording, with the detail after a colon."""
        wording = REFUSALS[self.code]
        return f"{wording}: {self.detail}" if self.detail else wording


# Wording lives here and nowhere else: lower case, one line, what to try next where there is something to try.
REFUSALS: dict[str, str] = {
    # gate decisions: the one reason that a guard sees
    "malformed": "not a safeconduct pass",
    "unknown-key": "signed by a key that this device does not know; fetch the newest bundle",
    "bad-signature": "the signature is wrong: this pass is forged or damaged",
    "wrong-point": "not here: the pass names another control point",
    "point-closed": "this control point is closed",
    "point-hold": "this control point is on hold; wait for word from the operations room",
    "unknown-point": "this control point is not in the bundle",
    "not-yet": "too early: the window of this pass has not begun",
    "expired": "too late: the window of this pass is over",
    "revoked": "this pass was revoked",
    "used-here": "this pass was already used here",
    "used-elsewhere": "this pass was already used elsewhere",
    "binding-needed": "the pass is bound: ask for its words, or for the code on their phone",
    "binding-failed": "the words, or the code on the phone, do not fit this pass",
    "no-spoken-passes": "this device has no spoken passes",
    "heads-differ": "more people than the pass allows",
    "class-not-in-batch": "this kind of pass is not in the batch that signed it",
    "out-of-batch": "index or window lies outside the batch that signed it",
    "out-of-agreement": "not covered by the agreement",
    "bundle-expired": "this device's bundle has expired; fetch a new one",
    "bundle-stale": "this device's bundle is older than the agreement allows; fetch a new one",
    # trust bundle
    "bundle-older": "older than the bundle that this device already has",
    "bad-status-key": "the status key is not certified by the root for this agreement and day",
    "revocations-missing": "a batch comes without its list of revoked passes; fetch the bundle again",
    "parts-missing": "not all codes of these revocations were read yet",
    "wrong-base": "this change belongs to another list; fetch the full list",
    # the root key kept apart, and batches
    "unknown-root-request": "this answers no request of this node; bring the answer to the node that asked",
    "unknown-batch": "no such batch; `safeconduct batch list` shows them",
    "already-stopped": "this batch signs no more already",
    # conflicts between device logs
    "unknown-conflict": "no such conflict; `safeconduct conflict list` shows them",
    "already-resolved": "this was decided before, in the same way and for the same reason",
    "not-resolved": "nothing was decided yet, so there is nothing to open again",
    "unknown-pass-use": "no device reported a use of this pass",
    # segments and envelopes
    "broken-chain": "the chain of events is broken",
    "gap": "events are missing before this segment",
    "fork": "two different events with one number: this device's key may be cloned",
    "unknown-device": "this device is not enrolled",
    "unknown-invitation": "this enrolment code is not known; ask the operations room for a new one",
    "invitation-over": "this enrolment code is over; ask the operations room for a new one",
    "invitation-used": "another phone has used this enrolment code; make a new one",
    "invitation-unclaimed": "no phone has used this enrolment code yet",
    "unknown-sender": "not from a party of this agreement",
    "not-for-us": "addressed to another party",
    "unknown-kind": "no such kind of envelope",
    "too-many-waiting": "too many envelopes of this sender wait for others; send those first that they rest on",
    "waited-too-long": "what this envelope rests on did not come in time; it is asked for and can be sent again",
    "not-authenticated": "the request is not signed by a party of this agreement, or its signature is wrong or old",
    "repeated-refusals": "more of the same from the same sender within one hour, counted and not listed",
    # agreement and sharing
    "no-agreement": "there is no agreement in force",
    "agreement-suspended": "the agreement is suspended until both parties renew it",
    "agreement-closed": "the agreement has ended",
    "not-suspended": "the agreement is not suspended, so there is nothing to renew",
    "not-both-signed": "not signed by both parties",
    "wrong-root": "not the root key that this node knows for that party",
    "not-next-version": "not the version that follows the one in force",
    "out-of-phase": "the phase in force does not allow this act",
    "out-of-scope": "the subject is not in the agreement's scope",
    "purpose-missing": "no common purpose of the agreement is cited",
    "not-holder": "this control point is held by the other party",
    "field-not-allowed": "a field that the policy does not list",
    "names-a-person": "a release may not describe a person, a vehicle, a plate or an address",
    "too-precise": "finer than the floor of the grid",
    "too-late-to-help": "the lead time is below the floor of usefulness",
    "too-vague-to-help": "the area is above the ceiling of usefulness, or no advice is given",
    "harm-not-considered": "nobody has answered who could be harmed if this is acted on",
    "embargoed": "under embargo until later",
    "second-person-needed": "a decision against this rule needs a second, different person; ask one to confirm it",
    "rule-stands": "nobody may decide against this rule",
    "no-policy": "no policy is kept for this partner and purpose: nothing is released; keep one first",
    "role-needed": "this office has no role for that; let one act that has it",
    "approval-over": "this request waits no more",
    "no-override-needed": "nothing stands against it: release it, one person is enough",
    "changed-since-seen": "what would be sent is no longer what was shown; look at it again",
    "already-withdrawn": "this release was withdrawn; a new warning is a new release",
    "version-differs": "another text under the number of a version that is held already",
    "expired-release": "this release has expired",
    "unknown-release": "no such release",
    "too-few-candidates": "fewer plausible sources or actors than the policy's floor",
    "lone-target": "fewer places in the area that the warning might mean than the policy's floor",
    "already-answered": "already answered; a correction is an answer of its own",
    "another-copy": "acknowledges another copy of the release than the one that was sent",
    "too-many-answers": "too many answers to one release within an hour; try again later",
    "unknown-link": "this link is not known, has expired or was revoked; ask for a new one",
    "not-told": "nobody has told the other party this yet",
    "unknown-notice": "no such notice was served",
    "unknown-zone": "no hand-over of this zone waits for a receipt",
    "already-handed-over": "this zone was handed over already, and is received once",
    "not-recalled": "nothing of this id was recalled",
    "unknown-proposal": "no such proposal is open",
    "upgraded-silently": "a higher confidence needs the evidence that raised it",
    # register
    "duplicate-id": "an identifier that is already in the register",
    "already-departed": "this person has departed; who is out cannot be taken off the roll",
    "already-left": "this person left the roll before, in another way; what was recorded stays",
    # escorts and route clearances
    "unknown-movement": "no escort of this name is filed; `safeconduct movement list` shows them",
    "movement-ended": "this escort has arrived already, or was called off",
    "clearance-not-asked": "no clearance of this route waits for that",
    "clearance-over": "a clearance is asked for and confirmed until a time that is still to come",
    # paper
    "unknown-sheet": "no tally sheet has this number; compare the letter at its end",
    "already-keyed-in": "this sheet was keyed in already; what was recorded stays",
    "sheet-not-used": "this sheet was recorded as not used",
    "unknown-receipt": "no report has this receipt; compare its letters",
    "already-withdrawn-report": "this report was withdrawn already",
    # ledger
    "head-behind": "the head given is older than the one already witnessed",
    "head-differs": "same size, another root: keep both notes as evidence",
    "bad-proof": "the consistency proof does not hold",
    "unknown-log": "this log is not one that we witness",
    "bad-note": "the log's own signature on this log checkpoint is missing or wrong",
    "old-above-new": "the older size given is above the size of the log checkpoint",
    "not-cosigned": "the witness's cosignature on this log checkpoint is missing or wrong",
    "not-included": "the inclusion proof does not lead from this entry to the root of the log checkpoint",
    "rolled-back": "the database is older than the signed tree head: the node refuses to sign",
}
