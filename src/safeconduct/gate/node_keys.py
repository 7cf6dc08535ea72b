"""By which keys a device believes its own party's node: receipts and lists of uses (`spec/device-log.md`).

The node signs with its status key, which is changed from time to time. A device follows it by certificates of its own
party's root, which it knows from its enrolment. What an earlier key signed still counts until that key's end.
"""

from dataclasses import dataclass, replace

from safeconduct.errors import Refusal
from safeconduct.passes.batch import LONGEST_STATUS, StatusCertificate
from safeconduct.seal import signed
from safeconduct.seal.keys import VerifyKey

_MOST = 16  # keys that a device keeps: months of weekly changes
_NEVER = 1 << 40  # unix seconds
_UNCERTIFIED = -1


@dataclass(frozen=True, slots=True)
class NodeKey:
    """One key, and when what it signs may have been issued; times are unix seconds."""

    key: VerifyKey
    begin: int
    end: int  # first second that is too late
    newest: int  # begin of its newest certificate; below 0: known by the enrolment only


@dataclass(frozen=True, slots=True)
class NodeKeys:
    """The keys that a device knows of its node; the one with the newest certificate is the current one."""

    keys: tuple[NodeKey, ...]

    @classmethod
    def enrolled(cls, public: bytes) -> "NodeKeys":
        """Return what a device knows from its enrolment: one key, without an end as long as no other is certified.

        Raises:
            BadInput: `bad-key`.
        """
        return cls((NodeKey(VerifyKey.load(public, where="receipt key"), 0, _NEVER, _UNCERTIFIED),))

    def take(self, certificate: StatusCertificate) -> "NodeKeys":
        """Return the keys with one more certificate, which the own party's root signed, for this agreement.

        A certificate lasts seven days at most, so a key that is known by the enrolment only is over seven days after
        another one was certified.

        Raises:
            BadInput: `bad-key`.
        """
        key = VerifyKey.load(certificate.public_key, where="status certificate")
        made = NodeKey(key, certificate.not_before, certificate.not_after, certificate.not_before)
        kept = []
        for known in self.keys:
            if known.key == key:
                end = made.end if known.newest == _UNCERTIFIED else max(known.end, made.end)
                made = NodeKey(key, min(known.begin, made.begin), end, max(known.newest, made.newest))
            elif known.newest == _UNCERTIFIED:
                kept.append(replace(known, end=min(known.end, certificate.not_before + LONGEST_STATUS)))
            else:
                kept.append(known)
        ordered = sorted([*kept, made], key=lambda one: (-one.newest, -one.end))
        return NodeKeys(tuple(ordered[:_MOST]))

    def signer(self, domain: str, payload: bytes, signature: bytes) -> NodeKey | None:
        """Return the key that signed, whatever its days; None if it was no key of these."""
        return next((one for one in self.keys if signed.check(domain, payload, signature, one.key)), None)

    def judge(self, signer: NodeKey, issued: int, now: int) -> Refusal | None:
        """Return why what a key signed does not count: issued outside its days, or the key is retired and over.

        The device's own clock counts for a retired key only: one that is wrong does not cut a device off from its node.
        """
        retired = signer is not self.keys[0]
        if not signer.begin <= issued < signer.end or (retired and now >= signer.end):
            return Refusal("bad-status-key", f"the key's days are {signer.begin} to {signer.end}")
        return None
