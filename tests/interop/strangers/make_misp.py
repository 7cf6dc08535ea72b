"""Ignores its input → a MISP event as PyMISP writes it, with a place, an actor, a marking and an indicator."""

import json
import sys

from pymisp import MISPEvent, MISPObject, MISPOrganisation

sys.stdin.read()
event = MISPEvent()
event.uuid = "5c0d7a9e-0f4f-4d51-9c39-6c2f4a7b1d11"
event.info = "Attack on a waiting crowd is being prepared"
event.date = "2021-08-25"
event.Orgc = MISPOrganisation()
event.Orgc.from_dict(name="Corridor watch", uuid="8a5f6a7c-2d9b-4c8e-9b52-0d1f2f6f3a11")
event.add_tag("tlp:amber")
event.add_attribute("comment", "Two visits to the canal path were seen.")
event.add_attribute("ip-dst", "198.51.100.7")
event.add_attribute("threat-actor", "wing-one")
place = MISPObject("geolocation", standalone=False)
place.add_attribute("latitude", 34.258012)
place.add_attribute("longitude", 69.210455)
place.add_attribute("text", "Canal path")
event.add_object(place)
sys.stdout.write(json.dumps({"event": event.to_json()}))
