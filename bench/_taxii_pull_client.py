"""Pulls a collection with taxii2-client; run by the bench environment's Python with URL, user and password.

Prints one JSON object: objects, seconds, and this process's own processor time.
"""

import json
import sys
import time

from taxii2client.v21 import Collection, as_pages

url, user, password = sys.argv[1:]
collection = Collection(url, user=user, password=password)
begun, spent = time.perf_counter(), time.process_time()
objects = sum(len(page.get("objects", [])) for page in as_pages(collection.get_objects, per_request=100))
print(json.dumps({
    "objects": objects, "seconds": time.perf_counter() - begun, "client_cpu": time.process_time() - spent,
}))  # fmt: skip
