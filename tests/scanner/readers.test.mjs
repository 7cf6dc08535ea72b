/** The page's readers in Node: the project's own vectors, and hostile cases from outside where they are. */

import assert from "node:assert/strict";
import { existsSync, readFileSync, readdirSync } from "node:fs";
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

for (const [name, webcrypto] of Object.entries(PATHS)) {
  test(`the COSE cases over Ed25519 hold on ${name}, and a changed one does not`, async (t) => {
    const folder = `${OUTSIDE}cose/eddsa-examples/`;
    if (!existsSync(folder)) return t.skip("third-party cases are not here: cose");
    const { fromHex } = mods.bytes;
    for (const file of ["eddsa-01", "eddsa-sig-01"]) {
      const one = JSON.parse(readFileSync(`${folder}${file}.json`, "utf8"));
      const message = mods.cbor.decode(fromHex(one.output.cbor.slice(2).replace(/^62/, "")), "case"); // behind its tag
      const many = "sign" in one.input;
      const [body, , payload, last] = message;
      const inner = many ? last[0] : [body, null, last];
      const structure = [many ? "Signature" : "Signature1", body, ...(many ? [inner[0]] : []), new Uint8Array(0), payload];
      const key = (many ? one.input.sign.signers[0] : one.input.sign0).key.x_hex;
      const loaded = await mods.ed25519.VerifyKey.load(fromHex(key), "case", { webcrypto });
      assert.equal(await loaded.verify(inner[2], mods.cbor.encode(structure)), true, file);
      structure[structure.length - 1] = payload.subarray(1);
      assert.equal(await loaded.verify(inner[2], mods.cbor.encode(structure)), false, file);
    }
    return undefined;
  });
}

test("no COSE message is taken for a pass", (t) => {
  const folder = `${OUTSIDE}cose/`;
  if (!existsSync(folder)) return t.skip("third-party cases are not here: cose");
  let count = 0;
  for (const part of ["eddsa-examples", "sign1-tests"]) {
    for (const file of readdirSync(`${folder}${part}`)) {
      count += 1;
      const raw = mods.bytes.fromHex(JSON.parse(readFileSync(`${folder}${part}/${file}`, "utf8")).output.cbor.toLowerCase());
      assert.throws(() => mods.pass.fields(raw), { code: "bad-pass" }, file);
      const cut = new Uint8Array(96);
      cut.set(raw.subarray(0, 96));
      assert.throws(() => mods.pass.fields(cut), { code: "bad-pass" }, file);
    }
  }
  assert.equal(count, 13);
  return undefined;
});

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

test("phones' keys and codes are read and decided on as stated, by WebCrypto and by the fallback", async () => {
  assert.deepEqual(await vectors.holding(mods, load("holding"), argon2id), []);
  const { CASES } = await import(`${globalThis.SCANNER}js/ed25519-cases.js`);
  assert.equal((await mods.ed25519.selfCheck([[...CASES[0].slice(0, 3), "never"]])).native, false);
  assert.deepEqual(await vectors.holding(mods, load("holding"), argon2id), []);
  assert.equal((await mods.ed25519.selfCheck()).native, true);
});

test("bundles are opened as stated", async () => {
  assert.deepEqual(await vectors.bundles(mods, load("bundle")), []);
});

test("spoken passes are found and decided as stated", async () => {
  assert.deepEqual(await vectors.spokenPasses(mods, load("spoken-pass"), argon2id), []);
});

test("revocation lists and deltas are read as stated", async () => {
  assert.deepEqual(await vectors.revocations(mods, load("revocation")), []);
});

test("what is carried from screen to camera, and uses elsewhere, are read as stated", async () => {
  assert.deepEqual(await vectors.carried(mods, load("carry")), []);
});

test("lines of advice are shown at the points and times that they are for", async () => {
  assert.deepEqual(await vectors.guardLines(mods, load("guard-lines")), []);
});

test("segments and receipts are read as stated", async () => {
  assert.deepEqual(await vectors.segments(mods, load("device-log")), []);
});
