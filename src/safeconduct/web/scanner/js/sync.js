/** One contact with the node: time, its key, log, bundle, uses elsewhere, and what is carried for others, in this order. */

import { openCertificate } from "./batch.js";
import { equal, fromHex } from "./bytes.js";
import { decode as decodeCbor } from "./cbor.js";
import { openReceipt, parseSegment } from "./device-log.js";
import { VerifyKey } from "./ed25519.js";
import { MOST_LISTS } from "./elsewhere.js";
import { Refused } from "./errors.js";
import * as node from "./node-client.js";
import * as shape from "./shape.js";

const CERTIFICATE = shape.row(shape.blob(1 << 14), shape.SIGNATURE);

/**
 * @param {import("./device.js").Device} device
 * @throws {Refused} the first thing that failed; what was done before it stays done
 */
export async function syncWithNode(device) {
  try {
    const told = await node.nodeTime();
    device.online = true;
    await device.setClock(told);
    await followNode(device, told.now);
    await sendLog(device);
    await refresh(device, told.now);
    await refreshElsewhere(device, told.now);
    await device.carrier.send(device.now());
  } catch (error) {
    if (error.code === "offline") device.online = false;
    throw error;
  }
}

/** Learn by which key the node signs now. Where it does not say, the keys known here have to do. */
async function followNode(device, nodeNow) {
  try {
    const { agreement, party, issuer_roots: roots } = device.settings;
    const data = await node.fetchKey(device.settings, device.key, nodeNow);
    const [inner, signature] = shape.check("bad-certificate", "node's key", CERTIFICATE, decodeCbor(data, "node's key", 1 << 15));
    const root = await VerifyKey.load(fromHex(roots[party]), "own root");
    const certificate = await openCertificate(inner, signature, root);
    if (certificate.agreement !== agreement) throw new Refused("out-of-agreement", certificate.agreement);
    await device.follow(party, certificate);
  } catch (error) {
    if (!error.code || error.code === "offline") throw error;
    console.info(error.message);
  }
}

/** Send every segment; delete what a receipt covers whose hash is that of our own chain. */
async function sendLog(device) {
  const { settings, keys, log } = device;
  for (const [, { data }] of await log.segments()) {
    const receipt = await openReceipt(await node.postSegment(data), keys, device.now());
    if (receipt.device !== settings.device || receipt.epoch !== log.state.epoch) throw new Refused("bad-receipt", "of another device");
    await coverBy(device, receipt);
  }
}

/**
 * Delete what a receipt of this phone covers.
 * @param {import("./device.js").Device} device @param {{upto: number, hash: Uint8Array}} receipt checked
 * @returns {Promise<number>} events that this phone needs no longer @throws {Refused} `fork`: of another log
 */
export async function coverBy(device, { upto, hash }) {
  if (upto > device.log.state.seq) throw new Refused("fork");
  let covered = 0;
  for (const [first, { last, data }] of await device.log.segments()) {
    if (upto >= first && upto <= last) {
      const { hashes } = await parseSegment(data);
      if (!equal(hashes[upto - first], hash)) throw new Refused("fork");
    }
    if (last <= upto) covered += last - first + 1;
  }
  await device.store.covered(upto);
  return covered;
}

/**
 * Fetch the newest bundle and take it, if every step of its check says yes.
 * @param {import("./device.js").Device} device
 * @param {number} nodeNow the node's time: a phone whose clock is wrong still gets its list
 */
async function refresh(device, nodeNow) {
  const data = await node.fetchBundle(device.settings, device.key, nodeNow);
  const bundle = await device.open(data);
  const isNew = !device.bundle || bundle.seq > device.bundle.seq;
  await device.take(bundle, data, isNew || device.highestSeq !== bundle.seq);
}

/** Fetch what other devices used since; all of it anew with each bundle, so that what was taken back goes too. */
async function refreshElsewhere(device, nodeNow) {
  const { bundle, settings, used } = device;
  if (bundle === null) return;
  const { elsewhere } = used;
  const since = elsewhere.seq === bundle.seq && elsewhere.lists.length < MOST_LISTS ? elsewhere.upto : 0;
  const data = await node.fetchUsed(settings, device.key, nodeNow, since);
  const known = { agreement: settings.agreement, device: settings.device, now: device.now() };
  const count = await elsewhere.add(data, device.keys, known);
  if (!count && since) return;
  elsewhere.seq = bundle.seq;
  await device.store.put({ elsewhere: { seq: elsewhere.seq, lists: elsewhere.lists } });
}
