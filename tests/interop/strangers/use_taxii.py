"""{"url", "user", "password", "objects"} → what taxii2-client finds and does at a TAXII 2.1 server: push, then pull."""

import json
import sys

from taxii2client.exceptions import AccessError
from taxii2client.v21 import Server, as_pages

asked = json.load(sys.stdin)
sign_in = {"user": asked["user"], "password": asked["password"]}
server = Server(asked["url"], **sign_in)
found = {"title": server.title, "roots": [root.url for root in server.api_roots]}
collections = {one.title: one for root in server.api_roots for one in root.collections}
found["collections"] = {title: [one.can_read, one.can_write] for title, one in collections.items()}
ours = collections["Warnings"]

status = ours.add_objects({"objects": asked["objects"]}, timeout=20)
found["status"] = [status.status, status.success_count, status.failure_count, status.pending_count]
found["failures"] = [str(one) for one in status.failures]
again = ours.add_objects({"objects": asked["objects"][:1]}, timeout=20)
found["again"] = [again.status, again.success_count]
bad = ours.add_objects({"objects": [{**asked["objects"][-1], "id": "report--1"}]}, timeout=20)
found["bad"] = [bad.status, bad.failure_count, len(bad.failures)]

found["pulled"] = [one for page in as_pages(ours.get_objects, per_request=3) for one in page.get("objects", [])]
manifest = [one for page in as_pages(ours.get_manifest, per_request=4) for one in page.get("objects", [])]
found["manifest"] = [[one["id"], one["version"]] for one in manifest]
found["all versions"] = len(ours.get_objects(version="all").get("objects", []))
found["notes"] = len(ours.get_objects(type=["note", "sighting"]).get("objects", []))
newest = manifest[-1]["date_added"]
found["after the newest"] = ours.get_objects(added_after=newest).get("objects", [])
one = asked["objects"][-1]["id"]
found["one"] = [x["id"] for x in ours.get_object(one)["objects"]]
found["versions"] = ours.object_versions(one)["versions"] if hasattr(ours, "object_versions") else None

try:
    collections["Read only"].add_objects({"objects": asked["objects"][:1]})
    found["refused"] = None
except AccessError as error:
    found["refused"] = type(error).__name__
json.dump(found, sys.stdout)
