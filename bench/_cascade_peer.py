"""Mozilla's Bloom cascade, as CRLite has it: run by the bench environment's Python with N and numbers of revoked.

It knows the set of all that could be asked, and is exact for them. Prints one JSON list of [bits for each revoked,
processor seconds to build].
"""

import io
import json
import sys
from hashlib import sha256
from random import Random
from time import process_time

from filtercascade import FilterCascade
from filtercascade.fileformats import HashAlgorithm

size, counts = int(sys.argv[1]), [int(one) for one in sys.argv[2:]]
keys = [sha256(index.to_bytes(8, "big")).digest()[:8] for index in range(size)]
results = []
for count in counts:
    places = set(Random(7).sample(range(size), count))
    revoked = [keys[place] for place in sorted(places)]
    valid = [key for place, key in enumerate(keys) if place not in places]
    begun = process_time()
    cascade = FilterCascade([], defaultHashAlg=HashAlgorithm.MURMUR3)
    cascade.initialize(include=revoked, exclude=valid)
    spent = process_time() - begun
    if not all(key in cascade for key in revoked) or any(key in cascade for key in valid[:10_000]):
        raise SystemExit("the cascade is wrong")
    written = io.BytesIO()
    cascade.tofile(written)
    results.append([8 * len(written.getvalue()) / count, spent])
print(json.dumps(results))
