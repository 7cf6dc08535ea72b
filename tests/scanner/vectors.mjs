/**
 * The cases of `spec/vectors` against the page's readers: the same functions in Node and in a browser.
 * Each returns the cases that did not come out as stated, as [name, seen].
 */

const at = (name) => new URL(name, globalThis.SCANNER).href;

/** @returns {Promise<Object<string, *>>} every module of the page's readers */
export async function readers() {
  const names = ["base45", "batch", "binding", "bundle", "bytes", "cbor", "decide", "device-log", "ed25519", "elsewhere", "frames", "fuse", "guard-lines", "holding", "node-keys", "pass", "revocation", "spoken"];
  const made = {};
  for (const name of names) made[name] = await import(at(`js/${name}.js`));
  return made;
}

async function codeOf(run) {
  try {
    return await run();
  } catch (error) {
    if (typeof error.code !== "string") throw error;
    return { code: error.code };
  }
}

const plain = (value) =>
  value instanceof Map
    ? Object.fromEntries([...value].map(([key, item]) => [String(key), plain(item)]).sort())
    : Array.isArray(value)
      ? value.map(plain)
      : value;

/** What was read from JSON, with its keys in order. */
const sorted = (value) =>
  Array.isArray(value)
    ? value.map(sorted)
    : value !== null && typeof value === "object"
      ? Object.fromEntries(Object.entries(value).map(([key, item]) => [key, sorted(item)]).sort())
      : value;

function differences(cases, seen) {
  return cases
    .map((one, place) => [one.name, seen[place], one.expect])
    .filter(([, found, expect]) => JSON.stringify(found) !== JSON.stringify(expect));
}

async function each(cases, run) {
  const seen = [];
  for (const one of cases) seen.push(await run(one));
  return differences(cases, seen);
}

/** Which verdict a path gives: true, false, or the code of a bad key. */
export async function verdict(mods, [key, message, signature], webcrypto) {
  const { fromHex } = mods.bytes;
  const found = await codeOf(async () => {
    const loaded = await mods.ed25519.VerifyKey.load(fromHex(key), "case", { webcrypto });
    if (webcrypto && loaded.handle === null) throw new Error("no WebCrypto Ed25519 here");
    return loaded.verify(fromHex(signature), fromHex(message));
  });
  return found.code ?? found;
}

/** spec/vectors/signatures.json: `verify` on one path, `domain`, `cbor`. */
export async function signatures(mods, vectors, webcrypto) {
  const { fromHex, equal } = mods.bytes;
  const verify = await each(vectors.verify, (one) =>
    verdict(mods, [one.public_key, one.message, one.signature], webcrypto),
  );
  const domain = await each(vectors.domain, async (one) => {
    const key = await mods.ed25519.VerifyKey.load(fromHex(one.public_key), "case", { webcrypto });
    const found = await codeOf(() =>
      mods.ed25519.check(one.domain, fromHex(one.payload), fromHex(one.signature), key),
    );
    return found.code ?? found;
  });
  const cbor = await each(vectors.cbor, async (one) => {
    const data = fromHex(one.data);
    const found = await codeOf(() => mods.cbor.decode(data, "case"));
    if (found && found.code) return found.code;
    if (!equal(mods.cbor.encode(found), data)) return "encodes to other bytes";
    if ("decimal" in one && String(found) !== one.decimal) return String(found);
    if ("value" in one && JSON.stringify(plain(found)) !== JSON.stringify(sorted(one.value))) return "another value";
    return "ok";
  });
  return [...verify, ...domain, ...cbor];
}

/** spec/vectors/pass.json: `base45`, `parse`, `signed`, `binding`, `decide`. */
export async function passes(mods, vectors, argon2id) {
  const { fromHex, toHex, equal } = mods.bytes;
  const base45 = await each(vectors.base45, async (one) => {
    const found = await codeOf(() => mods.base45.decode(one.text));
    if (found.code) return found;
    return mods.base45.encode(found) === one.text ? { bytes: toHex(found) } : { bytes: "encodes to another text" };
  });
  const parse = await each(vectors.parse, async (one) => {
    const found = await codeOf(() => mods.pass.fields("raw" in one ? fromHex(one.raw) : mods.pass.fromText(one.text)));
    if (found.code) return found;
    const raw = fromHex(one.raw);
    if (one.text && (mods.pass.toText(raw) !== one.text || !equal(mods.pass.fromText(one.text), raw))) return "text";
    const fields = {};
    const values = {
      pass_class: found.passClass, key_id: found.keyId, index: found.index, not_before: found.start,
      length: found.length, points: found.points, heads: found.heads, binding_kind: found.kind,
      binding: toHex(found.binding),
    };
    for (const name of Object.keys(one.expect.fields)) fields[name] = values[name];
    return { fields };
  });
  const signed = [];
  for (const one of vectors.signed) {
    const identity = fromHex(one.expect.identity);
    const raw = fromHex(one.expect.raw);
    const message = mods.bytes.concat(mods.pass.signedPrefix(identity), raw.subarray(0, 32));
    const key = await mods.ed25519.VerifyKey.load(fromHex(one.public_key), "case");
    const entry = await mods.bytes.sha256(fromHex(one.batch_entry));
    mods.batch.decodeBatch(fromHex(one.batch_entry));
    const good = equal(entry, identity) && toHex(message) === one.expect.signed_bytes &&
      (await key.verify(raw.subarray(32), message)) && mods.pass.toText(raw) === one.expect.text;
    if (!good) signed.push([one.name, "differs"]);
  }
  const binding = await each(vectors.binding, async (one) => {
    const secret = mods.binding.secretOf(one.words, one.document);
    const made = await mods.binding.bind(secret, fromHex(one.batch), one.index, fromHex(one.pepper), one.preset, argon2id);
    return { secret, binding: toHex(made) };
  });
  return [...base45, ...parse, ...signed, ...binding, ...(await decisions(mods, vectors.decide, argon2id))];
}

/** The `decide` cases, and those that `tests/scanner` makes in the same form. */
export async function decisions(mods, setting, argon2id) {
  const { fromHex } = mods.bytes;
  const root = await mods.ed25519.VerifyKey.load(fromHex(setting.root), "root");
  const bundles = {};
  for (const [name, data] of Object.entries(setting.bundles)) {
    bundles[name] = await mods.bundle.openBundle(fromHex(data), { root, agreement: setting.agreement, now: 1629676800 });
  }
  const { UsedHere, decide } = mods.decide;
  return each(setting.cases, async (one) => {
    const key = (index) => UsedHere.key(setting.batch, index);
    const used = new UsedHere((one.used_here ?? []).map(key), (one.used_elsewhere ?? []).map(key));
    const scan = { raw: "raw" in one ? fromHex(one.raw) : one.text, point: one.point, now: one.now };
    for (const name of ["words", "heads", "document", "proof"]) if (one[name] !== undefined && one[name] !== null) scan[name] = one[name];
    const made = await decide(bundles[one.bundle], used, scan, argon2id);
    if (made.admit !== (made.reason === "ok")) return "admits with a reason";
    const seen = { reason: made.reason, warnings: made.warnings };
    if ("heads" in one.expect) {
      Object.assign(seen, { heads: made.heads, index: made.index, pass_class: made.passClass, batch: made.batchId });
    }
    return seen;
  });
}

/** The key of a seed in WebCrypto, as the traveller's page has its own. */
async function signerOf(mods, seed) {
  const { concat, fromBase64, fromHex } = mods.bytes;
  const whole = concat(fromHex("302e020100300506032b657004220420"), seed); // PKCS #8 (RFC 8410)
  const handle = await crypto.subtle.importKey("pkcs8", whole, "Ed25519", true, ["sign"]);
  const { x } = await crypto.subtle.exportKey("jwk", handle);
  const sign = async (message) => new Uint8Array(await crypto.subtle.sign("Ed25519", handle, message));
  return { key: fromBase64(x.replace(/-/g, "+").replace(/_/g, "/")), sign };
}

/** spec/vectors/holding.json: `keys`, `signed`, `proofs`, `decide`. */
export async function holding(mods, vectors, argon2id) {
  const { fromHex, toHex } = mods.bytes;
  const { keyText, makeProof, minuteOf, readKey, readProof, signedPart } = mods.holding;
  const keys = await each(vectors.keys, (one) =>
    codeOf(async () => {
      const key = await readKey(one.text);
      return (await keyText(key)) === one.text ? { key: toHex(key) } : "writes another text";
    }),
  );
  const signed = await each(vectors.signed, async (one) => {
    const [raw, minute] = [fromHex(one.pass), minuteOf(one.now)];
    const { key, sign } = await signerOf(mods, fromHex(one.seed));
    const message = mods.ed25519.inDomain("safeconduct.hold.1", await signedPart(raw, one.point, minute));
    return { minute, signed_bytes: toHex(message), text: await makeProof(key, sign, raw, one.point, one.now) };
  });
  const proofs = await each(vectors.proofs, (one) =>
    codeOf(async () => {
      const { key, minute } = await readProof(one.text);
      return { key: toHex(key.raw), minute };
    }),
  );
  return [...keys, ...signed, ...proofs, ...(await decisions(mods, vectors.decide, argon2id))];
}

/** spec/vectors/spoken-pass.json: `spell`, `layouts`, `master`, `spots`, `look_up`, `tables`, `decide`. */
export async function spokenPasses(mods, vectors, argon2id) {
  const { fromHex, toHex } = mods.bytes;
  const { decodeTable, lookUp, masterOf } = mods.spoken;
  const { layoutFor, spots } = mods.fuse;
  const table = decodeTable(fromHex(vectors.table));
  const seen = [
    ...(await each(vectors.spell, (one) => mods.binding.spell(one.text))),
    ...(await each(vectors.layouts, (one) => layoutFor(one.keys))),
    ...(await each(vectors.master, async (one) => toHex(await masterOf(one.words, fromHex(one.salt), one.preset, argon2id)))),
    ...(await each(vectors.spots, (one) => spots(fromHex(one.spots), layoutFor(one.keys)))),
    ...(await each(vectors.look_up, async (one) => lookUp(table, await masterOf(one.words, table.salt, table.preset, argon2id)))),
    ...(await each(vectors.tables, (one) => codeOf(() => decodeTable(fromHex(one.data))))),
  ];
  return [...seen, ...(await spokenDecisions(mods, vectors.decide, argon2id))];
}

async function spokenDecisions(mods, setting, argon2id) {
  const { fromHex } = mods.bytes;
  const root = await mods.ed25519.VerifyKey.load(fromHex(setting.root), "root");
  const bundles = {};
  for (const [name, data] of Object.entries(setting.bundles)) {
    bundles[name] = await mods.bundle.openBundle(fromHex(data), { root, agreement: setting.agreement, now: 1629676800 });
  }
  const { UsedHere, decideSpoken } = mods.decide;
  return each(setting.cases, async (one) => {
    const key = (index) => UsedHere.key(setting.batch, index);
    const used = new UsedHere((one.used_here ?? []).map(key), (one.used_elsewhere ?? []).map(key));
    const scan = { words: one.words, point: one.point, now: one.now };
    if (one.heads !== undefined) scan.heads = one.heads;
    const made = await decideSpoken(bundles[one.bundle], used, scan, argon2id);
    if (made.admit !== (made.reason === "ok")) return "admits with a reason";
    return { reason: made.reason, warnings: made.warnings };
  });
}

/** spec/vectors/bundle.json. */
export async function bundles(mods, vectors) {
  const { fromHex, toHex } = mods.bytes;
  const root = await mods.ed25519.VerifyKey.load(fromHex(vectors.root), "root");
  return each(vectors.open, (one) =>
    codeOf(async () => {
      const known = { root, agreement: one.agreement, now: one.now, highestSeq: one.highest_seq };
      const opened = await mods.bundle.openBundle(fromHex(one.data), known);
      const revoked = opened.batches.flatMap((batch) => batch.revoked.list()).sort((a, b) => a - b);
      return { seq: opened.seq, batches: opened.batches.map((batch) => toHex(batch.identity)), revoked };
    }),
  );
}

/** spec/vectors/revocation.json. */
export async function revocations(mods, vectors) {
  const { fromHex, toHex } = mods.bytes;
  const { openList, decodeList, encodeList, decodeDelta, applyDelta } = mods.revocation;
  const lists = await each(vectors.lists, (one) =>
    codeOf(async () => {
      const found = decodeList(fromHex(one.list));
      if (toHex(encodeList(found)) !== one.list) return "encodes to other bytes";
      if (one.key) {
        const key = await mods.ed25519.VerifyKey.load(fromHex(one.key), "case");
        await openList(fromHex(one.list), fromHex(one.signature), key);
      }
      return { revoked: found.revoked.list() };
    }),
  );
  const deltas = await each(vectors.deltas, (one) =>
    codeOf(async () => {
      const made = await applyDelta(decodeList(fromHex(one.base)), decodeDelta(fromHex(one.delta)));
      return { result: toHex(encodeList(made)) };
    }),
  );
  return [...lists, ...deltas];
}

/** spec/vectors/guard-lines.json. */
export async function guardLines(mods, vectors) {
  const { standingAt } = mods["guard-lines"];
  return differences(
    vectors.cases.map((one) => ({ name: one.name, expect: one.shown })),
    vectors.cases.map((one) => standingAt(one.advice, one.point, one.now).map((line) => line.text)),
  );
}

/** spec/vectors/carry.json: `frames`, `used`. */
export async function carried(mods, vectors) {
  const { fromHex, toHex } = mods.bytes;
  const { Collector, toFrames } = mods.frames;
  const frames = await each(vectors.frames, (one) =>
    codeOf(async () => {
      const collector = new Collector();
      let data = null;
      for (const text of one.texts) ({ data } = await collector.add(text));
      if (data === null) return { code: "bad-frames" }; // not whole
      if (one.cut && (await toFrames(data)).join() !== one.texts.join()) return "cuts into other frames";
      return { data: toHex(data) };
    }),
  );
  const used = await each(vectors.used, (one) =>
    codeOf(async () => {
      const keys = await mods["node-keys"].NodeKeys.enrolled(one.key);
      const told = await mods.elsewhere.openUsed(fromHex(one.data), keys, 0);
      const lists = {};
      for (const [batch, indexes] of told.used) lists[batch] = [...indexes];
      return { from: told.from, upto: told.upto, used: lists };
    }),
  );
  return [...frames, ...used];
}

/** spec/vectors/device-log.json. */
export async function segments(mods, vectors) {
  const { fromHex, toHex } = mods.bytes;
  const log = mods["device-log"];
  const device = await mods.ed25519.VerifyKey.load(fromHex(vectors.device_key), "device");
  const key = await log.segmentKey(fromHex(vectors.segment_key));
  const accept = await each(vectors.accept, (one) =>
    codeOf(async () => {
      const segment = await log.parseSegment(fromHex(one.data));
      const stored = one.stored.map(fromHex);
      const answer = await log.acceptSegment(segment, device, stored.length, (seq) => stored[seq - 1]);
      if (answer.fork) answer.fork = [answer.fork[0], toHex(answer.fork[1]), toHex(answer.fork[2])];
      if (!one.expect.events) return answer;
      const { events, aside } = await log.openSegment(segment, key);
      return { ...answer, events: [...events.map((event) => event[1]), ...aside.map(() => "unreadable")] };
    }),
  );
  const receipt = await log.openReceipt(
    fromHex(vectors.receipt.data),
    await mods["node-keys"].NodeKeys.enrolled(vectors.receipt.key), 0,
  );
  const seen = {
    device: receipt.device, epoch: receipt.epoch, upto_seq: receipt.upto, ledger_index: receipt.ledger,
  };
  const told = {};
  for (const name of Object.keys(vectors.receipt.expect)) told[name] = seen[name];
  const keys = await each(vectors.keys, (one) =>
    codeOf(async () => {
      const root = await mods.ed25519.VerifyKey.load(fromHex(one.root), "root");
      const known = await mods["node-keys"].NodeKeys.enrolled(one.enrolled);
      for (const [data, signature] of one.certificates) {
        await known.take(await mods.batch.openCertificate(fromHex(data), fromHex(signature), root));
      }
      return { upto_seq: (await log.openReceipt(fromHex(one.receipt), known, one.now)).upto };
    }),
  );
  return [...accept, ...keys, ...differences([{ name: "receipt", expect: vectors.receipt.expect }], [told])];
}
