"""Rice coding of a set of indexes: the gaps between them, in nearly as few bits as there can be (`spec/revocation.md`).

Exact by nature: a filter that is wrong for one index in a thousand would turn cleared people away.
"""

from collections.abc import Iterable, Sequence
from functools import lru_cache
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
    find, at, index = bits.find, 0, -1
    found: list[int] = []
    for _ in range(count):
        zero = find("0", at)
        if zero < 0:
            raise BadInput("bad-revocation", where=where, expected=f"{count} gaps", seen=f"{len(found)} gaps")
        end = zero + 1 + parameter
        rest = int(bits[zero + 1 : end], 2) if zero + 1 < min(end, len(bits)) else 0
        index += 1 + (zero - at << parameter) + rest
        if end > len(bits) or index >= capacity:
            raise BadInput("bad-revocation", where=where, expected=f"indexes below {capacity}", seen=index)
        found.append(index)
        at = end
    if len(bits) - at > 7 or "1" in bits[at:]:
        raise BadInput("bad-revocation", where=where, expected="fewer than 8 zero bits at the end", seen=bits[at:])
    return found
