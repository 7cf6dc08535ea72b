/* Computes Argon2id beside the page: about a second on a cheap phone. Takes {id, job}, answers {id, hash} or {id, error}. */
/* global hashwasm */
importScripts("../vendor/hash-wasm/dist/argon2.umd.min.js");

self.onmessage = async ({ data: { id, job } }) => {
  try {
    self.postMessage({ id, hash: await hashwasm.argon2id({ ...job, outputType: "binary" }) });
  } catch (problem) {
    self.postMessage({ id, error: String(problem) });
  }
};
