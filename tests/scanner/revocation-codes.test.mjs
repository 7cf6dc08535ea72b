/** Revocations of a briefing: the page's reader takes and refuses what `spec/vectors/revocation-codes.json` states. */

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const JS = `${ROOT}src/safeconduct/web/scanner/js/`;
const { Parts, openMessage } = await import(`${JS}briefing.js`);
const { fromHex, toHex } = await import(`${JS}bytes.js`);
const { VerifyKey } = await import(`${JS}ed25519.js`);
const vectors = JSON.parse(readFileSync(`${ROOT}spec/vectors/revocation-codes.json`, "utf8"));

for (const one of vectors.codes) {
  test(`codes: ${one.name}`, async () => {
    const parts = new Parts();
    let whole = null;
    let last = null;
    let refused = null;
    for (const text of one.codes) {
      try {
        last = await parts.add(text);
        if (last.data) whole = last.data;
      } catch (error) {
        refused = error.code;
      }
    }
    if (one.expect.message) assert.equal(toHex(whole), one.expect.message);
    else if (one.expect.missing) assert.equal(last.total - last.got, one.expect.missing.length);
    else if (one.name === "codes of two messages") assert.equal(whole, null); // a new message begins anew
    else assert.equal(refused, one.expect.code);
    if (!one.expect.message) assert.equal(whole, null);
  });
}

for (const one of vectors.messages) {
  test(`message: ${one.name}`, async () => {
    const root = await VerifyKey.load(fromHex(vectors.root), "root");
    let seen;
    try {
      const made = await openMessage(fromHex(one.message), { roots: [["evac", root]], agreement: vectors.agreement, now: one.now });
      const lists = made.lists.map((list) => ({ batch: toHex(list.batch), revoked: list.revoked.list(), seq: list.seq }));
      seen = { lists, deltas: made.deltas.length };
    } catch (error) {
      seen = { code: error.code };
    }
    assert.deepEqual(seen, one.expect);
  });
}
