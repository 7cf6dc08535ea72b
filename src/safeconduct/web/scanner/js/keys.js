/**
 * This phone's own Ed25519 key. Where WebCrypto has Ed25519 it is made there and cannot be exported. On an older phone
 * it is made here and kept encrypted under an AES key that cannot be exported: a script could read it while it signs,
 * so the page says which of the two it is.
 */

import { ed25519 } from "../vendor/noble-curves/ed25519.js";

/**
 * @typedef {Object} DeviceKey
 * @property {"browser" | "page"} keeper @property {Uint8Array} public
 * @property {CryptoKey} handle signing key, or the key that the seed is under
 * @property {Uint8Array} [iv] @property {Uint8Array} [sealed] of keeper "page"
 */

/** @param {boolean} native whether WebCrypto's Ed25519 is to be used @returns {Promise<DeviceKey>} ready for IndexedDB */
export async function makeKey(native) {
  if (native) {
    const pair = await crypto.subtle.generateKey("Ed25519", false, ["sign", "verify"]);
    const raw = new Uint8Array(await crypto.subtle.exportKey("raw", pair.publicKey));
    return { keeper: "browser", public: raw, handle: pair.privateKey };
  }
  const seed = crypto.getRandomValues(new Uint8Array(32));
  const handle = await crypto.subtle.generateKey({ name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]);
  const iv = crypto.getRandomValues(new Uint8Array(12));
  const sealed = new Uint8Array(await crypto.subtle.encrypt({ name: "AES-GCM", iv }, handle, seed));
  const made = { keeper: "page", public: ed25519.getPublicKey(seed), handle, iv, sealed };
  seed.fill(0);
  return made;
}

/** @param {DeviceKey} key @param {Uint8Array} message @returns {Promise<Uint8Array>} 64 bytes */
export async function sign(key, message) {
  if (key.keeper === "browser") return new Uint8Array(await crypto.subtle.sign("Ed25519", key.handle, message));
  const how = { name: "AES-GCM", iv: key.iv };
  const seed = new Uint8Array(await crypto.subtle.decrypt(how, key.handle, key.sealed));
  const made = ed25519.sign(message, seed);
  seed.fill(0);
  return made;
}
