/**
 * Seal a few bytes to one age recipient (the age format, version 1, with an X25519 recipient): a segment's key to a
 * party. Why these lines and not a library for all of age: `docs/decisions/0010-sealing-in-the-page.md`.
 */

import { chacha20poly1305 } from "../vendor/noble-ciphers/chacha.js";
import { x25519 } from "../vendor/noble-curves/ed25519.js";
import { hkdf } from "../vendor/noble-hashes/hkdf.js";
import { hmac } from "../vendor/noble-hashes/hmac.js";
import { sha256 } from "../vendor/noble-hashes/sha2.js";
import { concat, toBase64, utf8 } from "./bytes.js";
import { BadInput } from "./errors.js";

const BECH32 = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"; // BIP 173
const GENERATORS = [0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd, 0x2a1462b3];
const CHUNK = 65_536;

/** @param {number[]} values @returns {number} 1 for a right checksum (BIP 173) */
function polymod(values) {
  let sum = 1;
  for (const value of values) {
    const top = sum >>> 25;
    sum = ((sum & 0x1ffffff) << 5) ^ value;
    GENERATORS.forEach((generator, bit) => {
      if ((top >> bit) & 1) sum ^= generator;
    });
  }
  return sum;
}

/** @param {string} recipient `age1…` @returns {Uint8Array} its X25519 key @throws {BadInput} `bad-recipient` */
export function recipientKey(recipient) {
  const refuse = () => {
    throw new BadInput("bad-recipient", "recipient", "an age recipient, age1…");
  };
  if (!/^age1[02-9ac-hj-np-z]{58}$/.test(recipient)) refuse();
  const values = Array.from(recipient.slice(4), (char) => BECH32.indexOf(char));
  const prefix = [3, 3, 3, 0, 1, 7, 5]; // "age", expanded
  if (polymod([...prefix, ...values]) !== 1) refuse();
  const key = new Uint8Array(32);
  let held = 0;
  let bits = 0;
  let at = 0;
  for (const value of values.slice(0, -6)) {
    held = ((held << 5) | value) & 0xfff;
    bits += 5;
    if (bits >= 8) {
      bits -= 8;
      key[at] = (held >> bits) & 255;
      at += 1;
    }
  }
  if (held & ((1 << bits) - 1)) refuse();
  return key;
}

/**
 * @param {string} recipient `age1…` @param {Uint8Array} data shorter than one chunk of the format
 * @param {(count: number) => Uint8Array} [random] @returns {Uint8Array} an age file
 * @throws {BadInput} `bad-recipient`
 */
export function sealTo(recipient, data, random = (count) => crypto.getRandomValues(new Uint8Array(count))) {
  if (data.length >= CHUNK) throw new RangeError("too much for one chunk");
  const theirs = recipientKey(recipient);
  const fileKey = random(16);
  const ephemeral = random(32);
  const share = x25519.getPublicKey(ephemeral);
  const secret = x25519.getSharedSecret(ephemeral, theirs);
  const wrapKey = hkdf(sha256, secret, concat(share, theirs), utf8("age-encryption.org/v1/X25519"), 32);
  const body = chacha20poly1305(wrapKey, new Uint8Array(12)).encrypt(fileKey);
  const header = `age-encryption.org/v1\n-> X25519 ${toBase64(share)}\n${toBase64(body)}\n---`;
  const macKey = hkdf(sha256, fileKey, new Uint8Array(0), utf8("header"), 32);
  const mac = toBase64(hmac(sha256, macKey, utf8(header)));
  const nonce = random(16);
  const streamKey = hkdf(sha256, fileKey, nonce, utf8("payload"), 32);
  const last = new Uint8Array(12);
  last[11] = 1; // the first chunk, and the last one
  return concat(utf8(`${header} ${mac}\n`), nonce, chacha20poly1305(streamKey, last).encrypt(data));
}
