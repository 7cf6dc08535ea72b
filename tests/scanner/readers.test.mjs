/** The page's readers in Node: the project's own vectors, and hostile cases from outside where they are. */

import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { test } from "node:test";
import { fileURLToPath, pathToFileURL } from "node:url";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
globalThis.SCANNER = pathToFileURL(`${ROOT}src/safeconduct/web/scanner/`).href;
const vectors = await import("./vectors.mjs");
await import(`${globalThis.SCANNER}vendor/hash-wasm/dist/argon2.umd.min.js`);
const argon2id = (job) => globalThis.hashwasm.argon2id({ ...job, outputType: "binary" });
const mods = await vectors.readers();
const load = (name) => JSON.parse(readFileSync(`${ROOT}spec/vectors/${name}.json`, "utf8"));
const OUTSIDE = `${ROOT}../shared/vectors/`;
const PATHS = { WebCrypto: true, "the fallback": false };

for (const [name, webcrypto] of Object.entries(PATHS)) {
  test(`signatures, domains and CBOR come out as stated on ${name}`, async () => {
    assert.deepEqual(await vectors.signatures(mods, load("signatures"), webcrypto), []);
  });

  test(`all edge cases from outside are judged as by the independent oracle on ${name}`, async (t) => {
    const file = `${OUTSIDE}ed25519-edge/cases.json`;
    if (!existsSync(file)) return t.skip("third-party cases are not here: ed25519-edge");
    const cases = JSON.parse(readFileSync(file, "utf8"));
    assert.equal(cases.length, 466);
    const wrong = [];
    for (const [number, one] of cases.entries()) {
      const seen = await vectors.verdict(mods, [one.public_key, one.message, one.signature], webcrypto);
      if ((seen === true) !== one.accept) wrong.push([number, one.class]);
    }
    assert.deepEqual(wrong, []);
    return undefined;
  });

  test(`all of Wycheproof is judged as Wycheproof says on ${name}`, async (t) => {
    const file = `${OUTSIDE}wycheproof/testvectors_v1/ed25519_test.json`;
    if (!existsSync(file)) return t.skip("third-party cases are not here: wycheproof");
    const wrong = [];
    let count = 0;
    for (const group of JSON.parse(readFileSync(file, "utf8")).testGroups) {
      for (const one of group.tests) {
        count += 1;
        const seen = await vectors.verdict(mods, [group.publicKey.pk, one.msg, one.sig], webcrypto);
        if ((seen === true) !== (one.result === "valid")) wrong.push(one.tcId);
      }
    }
    assert.equal(count, 151);
    assert.deepEqual(wrong, []);
    return undefined;
  });
}

test("the check at the start finds WebCrypto right here, and wrong where one answer differs", async () => {
  const { CASES } = await import(`${globalThis.SCANNER}js/ed25519-cases.js`);
  const lying = [...CASES.slice(1), [...CASES[0].slice(0, 3), false]];
  assert.deepEqual(await mods.ed25519.selfCheck(lying), { native: false, cases: CASES.length, differs: 1 });
  const key = await mods.ed25519.VerifyKey.load(mods.bytes.fromHex(CASES[0][0]), "case");
  assert.equal(key.handle, null, "the fallback is in use");
  assert.deepEqual(await mods.ed25519.selfCheck(), { native: true, cases: CASES.length, differs: 0 });
});

test("passes are read, bound and decided as stated", async () => {
  assert.deepEqual(await vectors.passes(mods, load("pass"), argon2id), []);
});

test("bundles are opened as stated", async () => {
  assert.deepEqual(await vectors.bundles(mods, load("bundle")), []);
});

test("revocation lists and deltas are read as stated", async () => {
  assert.deepEqual(await vectors.revocations(mods, load("revocation")), []);
});

test("segments and receipts are read as stated", async () => {
  assert.deepEqual(await vectors.segments(mods, load("segment")), []);
});
