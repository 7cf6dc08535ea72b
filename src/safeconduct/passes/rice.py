"""Rice coding of a set of indexes: the gaps between them, in nearly as few bits as there can be (`spec/revocation.md`).

Exact by nature: a filter that is wrong for one index in a thousand would turn cleared people away.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from itertools import accumulate
from operator import sub

from safeconduct.errors import BadInput

LARGEST_PARAMETER = 23


class _Codes(dict[int, str]):
    """Code word of each gap for one Rice parameter, filled as gaps occur."""

    def __init__(self, parameter: int) -> None:
        super().__init__()
        self.parameter = parameter

    def __missing__(self, gap: int) -> str:
        """Quotient in ones, a zero, the remainder in `parameter` bits."""
        bits = "1" * (gap >> self.parameter) + "0"
        if self.parameter:
            bits += format(gap & (1 << self.parameter) - 1, f"0{self.parameter}b")
        if len(self) < 1 << 16:  # a bound on memory, not on gaps
            self[gap] = bits
        return bits


@lru_cache(maxsize=LARGEST_PARAMETER + 1)
def _codes(parameter: int) -> _Codes:
    return _Codes(parameter)


class _Steps(dict[str, int]):
    """Distance to the index before that each code word stands for, for one Rice parameter, filled as words occur."""

    def __init__(self, parameter: int) -> None:
        super().__init__()
        self.parameter = parameter

    def __missing__(self, code: str) -> int:
        """Read a whole code word: ones, a zero, `parameter` bits."""
        ones, _, rest = code.partition("0")
        step = (len(ones) << self.parameter) + int(rest or "0", 2) + 1
        if len(code) < 64 and len(self) < 1 << 16:  # a bound on memory, not on gaps
            self[code] = step
        return step


@lru_cache(maxsize=LARGEST_PARAMETER + 1)
def _reader(parameter: int) -> tuple[Callable[[str], list[str]], _Steps]:
    """Return what splits bits into code words, then one piece of what is left if it is no word, and their steps."""
    return re.compile(f"1*0.{{{parameter}}}|.+").findall, _Steps(parameter)


@lru_cache(maxsize=1 << 12)
def parameter_for(capacity: int, count: int) -> int:
    """Rice parameter with the shortest expected code for `count` random indexes of `capacity`."""
    if not 0 < count < capacity:
        return 0
    miss = 1 - count / capacity
    best, best_bits = 0, float("inf")
    for parameter in range(LARGEST_PARAMETER + 1):
        power = miss ** (1 << parameter)
        bits = parameter + 1 + power / (1 - power)
        if bits < best_bits:
            best, best_bits = parameter, bits
    return best


def pack(ascending: Sequence[int], parameter: int) -> bytes:
    """Code ascending indexes: each gap to the one before, less one (the first: the index itself).

    Zero bits fill the last byte.
    """
    if not ascending:
        return b""
    first = ascending[0]
    gaps: Iterable[int] = map(sub, ascending[1:], ascending)
    codes = _codes(parameter)
    bits = codes[first] + "".join([codes[gap - 1] for gap in gaps])
    length = (len(bits) + 7) // 8
    return int(bits.ljust(8 * length, "0"), 2).to_bytes(length, "big")


def unpack(data: bytes, parameter: int, count: int, capacity: int, *, where: str) -> list[int]:
    """Read `count` ascending indexes below `capacity`.

    Raises:
        BadInput: `bad-revocation`, when bits are missing, left over or not zero at the end, or an index is too large.
    """
    if not count:
        if data:
            raise BadInput("bad-revocation", where=where, expected="no bytes for no index", seen=data)
        return []
    bits = bin(int.from_bytes(b"\1" + data, "big"))[3:]  # the leading 1 keeps zeros, and no bytes as no bits
    if len(bits) > count * (parameter + 1) + (capacity >> parameter) + 7:
        raise BadInput("bad-revocation", where=where, expected="no more bits than the indexes take", seen=len(bits))
    split, steps = _reader(parameter)
    codes = split(bits)
    used = codes[:count]
    _, zero, rest = used[-1].partition("0") if used else ("", "", "")
    if len(used) < count or not zero or len(rest) < parameter:
        raise BadInput("bad-revocation", where=where, expected=f"{count} gaps", seen=f"{len(codes)} pieces")
    found = list(accumulate(map(steps.__getitem__, used), initial=-1))[1:]
    if found[-1] >= capacity:
        raise BadInput("bad-revocation", where=where, expected=f"indexes below {capacity}", seen=found[-1])
    left = "".join(codes[count:])
    if len(left) > 7 or "1" in left:
        raise BadInput("bad-revocation", where=where, expected="fewer than 8 zero bits at the end", seen=left)
    return found
