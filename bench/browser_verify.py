"""Verify and decide in Chromium by the scanner page's own modules, beside one bare WebCrypto verification."""

import json
import os
import shutil
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from statistics import median
from typing import Any

from bench.harness import figure
from safeconduct.web.scanner.files import HEADERS, scanner_files

NAMES = ("browser_verify",)
ROUNDS, CALLS = 40, 250
CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
VECTORS = Path(__file__).resolve().parents[1] / "spec" / "vectors" / "pass.json"
FRESH = 1_629_676_800  # when the bundles of the vectors are issued

# Both verify the same pass; the page's decision reads its text, checks form, window, revocation and use besides.
SCRIPT = """async ({ setting, good, now, fresh, rounds, calls }) => {
  const { openBundle } = await import("/scan/js/bundle.js");
  const { VerifyKey, selfCheck } = await import("/scan/js/ed25519.js");
  const { decide, UsedHere } = await import("/scan/js/decide.js");
  const { fromHex, concat } = await import("/scan/js/bytes.js");
  const { toText } = await import("/scan/js/pass.js");
  const check = await selfCheck();
  const root = await VerifyKey.load(fromHex(setting.root), "root");
  const bundle = await openBundle(fromHex(setting.bundles.usual), { root, agreement: setting.agreement, now: fresh });
  const raw = fromHex(good.raw);
  const scan = { raw: toText(raw), point: good.point, now };
  const used = new UsedHere();
  const [batch] = bundle.batches;
  const message = concat(batch.prefix, raw.subarray(0, 32));
  const signature = raw.slice(32);
  const ours = async () => {
    const made = await decide(bundle, used, scan, null);
    if (!made.admit) throw new Error(made.reason);
  };
  const bare = async () => {
    if (!(await crypto.subtle.verify("Ed25519", batch.key.handle, signature, message))) throw new Error("bare");
  };
  const timed = async (call) => {
    const begun = performance.now();
    for (let i = 0; i < calls; i += 1) await call();
    return (performance.now() - begun) / calls;
  };
  await timed(ours);
  await timed(bare);
  const rows = [];
  for (let round = 0; round < rounds; round += 1) {
    if (round % 2) {
      const first = await timed(ours);
      rows.push([first, await timed(bare)]);
    } else {
      const first = await timed(bare);
      rows.push([await timed(ours), first]);
    }
  }
  return { native: check.native, rows };
}"""


class _Files(BaseHTTPRequestHandler):
    """The page's files as the node serves them."""

    def do_GET(self):
        """Answer one file."""
        found = scanner_files().get(self.path.removeprefix("/scan/"))
        self.send_response(200 if found else 404)
        for name, value in HEADERS.items():
            self.send_header(name, value)
        self.send_header("Content-Type", found.media_type if found else "text/plain")
        self.end_headers()
        self.wfile.write(found.body if found else b"")

    def log_message(self, *_):
        """Say nothing."""


def run() -> list[dict[str, Any]]:
    """Milliseconds of one decision in Chromium; the peer is one bare verification in the same run."""
    if CHROMIUM is None:
        print("browser_verify: skipped, no Chromium here")
        return []
    from playwright.sync_api import sync_playwright  # noqa: PLC0415  (only where there is a browser)

    setting = json.loads(VECTORS.read_text("utf-8"))["decide"]
    good = next(case for case in setting["cases"] if case["name"] == "good")
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Files)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        page = browser.new_context(service_workers="block").new_page()
        page.goto(f"http://127.0.0.1:{server.server_port}/scan/scan.css")
        told = page.evaluate(SCRIPT, {
            "setting": setting, "good": good, "now": good["now"], "fresh": FRESH, "rounds": ROUNDS, "calls": CALLS,
        })  # fmt: skip
        browser.close()
    server.shutdown()
    if not told["native"]:
        print("browser_verify: this Chromium's WebCrypto does not keep the rule; the fallback is in use")
    ours, bare = [row[0] for row in told["rows"]], [row[1] for row in told["rows"]]
    over = median(our / one for our, one in told["rows"])
    return [
        figure(
            "browser_verify",
            median(ours),
            "ms",
            peer="one bare WebCrypto verify",
            peer_value=median(bare),
            ratio_to_peer=over,
        )
    ]
