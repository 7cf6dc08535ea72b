"""A node of the evacuating party with passes for its first gate, served by the command; and phones that scan there."""

import re
from contextlib import contextmanager

import segno

from browser.served import free_port, served
from safeconduct.passes.pass_format import to_text
from safeconduct.passes.revocation_text import to_file
from safeconduct.wiring import close_node, open_node
from safeconduct.workflows.issue_passes import Leg, Strip, issue_passes
from safeconduct.workflows.publish_bundle import publish_bundle
from safeconduct.workflows.revocation_sheet import revocation_sheet
from safeconduct.workflows.revoke_passes import revoke_passes
from workflows.two_nodes import HOUR, PASSAGE, PURPOSE, START, World

BEGIN = START + 2 * HOUR  # of every pass here
NOW = BEGIN + HOUR  # the exercise's time


class GateNode:
    """The evacuating party's node: its passes by kind, and its address while it is served."""

    def __init__(self, base, *, advice="Ask for the words, quietly."):
        world = World(base)
        world.agree()
        self.gate, self.other_gate = world.gates[0], world.gates[1]
        groups = world.enlist(120)
        legs = {
            "good": lambda: Leg(self.gate, BEGIN, 8 * HOUR),
            "words": lambda: Leg(self.gate, BEGIN, 8 * HOUR, words=True),
            "later": lambda: Leg(self.gate, BEGIN + 6 * HOUR, 2 * HOUR),
            "elsewhere": lambda: Leg(self.other_gate, BEGIN, 8 * HOUR),
        }
        self.passes, self.groups = {}, {}
        todo = list(groups)
        for kind, leg in legs.items():
            count = 12 if kind == "good" else 3
            self.groups[kind] = [todo.pop() for _ in range(count)]
            strips = [Strip(group, (leg(),)) for group in self.groups[kind]]
            self.passes[kind] = issue_passes(world.evac, strips, subject=PASSAGE, purpose=PURPOSE)
        world.move(NOW)
        publish_bundle(world.evac, advice=advice)
        world.close()
        self.folder, self.port = base / "evac", free_port()
        file = self.folder / "node.toml"
        file.write_text(re.sub(r"port = \d+", f"port = {self.port}", file.read_text()))
        self.config = world.evac_config

    def text(self, kind, number=0):
        return to_text(self.passes[kind][number].raw)

    def revoke(self, number, folder, *, delta=False):
        """Revoke a good pass while phones are away; return what they read at a briefing: (pictures of codes, a file)."""
        here = open_node(self.config)
        try:
            revoke_passes(here, [self.groups["good"][number]], "lost")
            before = publish_bundle(here) - 1
            sheet = revocation_sheet(here, since=before if delta else None, by="duty officer")
        finally:
            close_node(here)
        pictures = []
        for place, text in enumerate(sheet.parts):
            pictures.append(folder / f"revoked-{number}-{place}.png")
            segno.make(text, error="m", mode="alphanumeric").save(pictures[-1], scale=8, border=4)
        file = folder / f"revoked-{number}.file"
        file.write_bytes(to_file(sheet.message))
        return pictures, file

    @contextmanager
    def serve(self):
        with served(self.folder, self.port) as address:
            yield address
