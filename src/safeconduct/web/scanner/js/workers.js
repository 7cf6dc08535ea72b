/** The two workers behind promises. They are classic scripts, since older phones have no module workers. */

/** @param {string} file @returns {(message: Object<string, *>, transfer?: Transferable[]) => Promise<Object<string, *>>} */
function asked(file) {
  let worker = null;
  let count = 0;
  const waiting = new Map();
  const start = () => {
    worker = new Worker(new URL(file, import.meta.url));
    worker.onmessage = ({ data }) => {
      const settle = waiting.get(data.id);
      waiting.delete(data.id);
      if (settle) settle.resolve(data);
    };
    worker.onerror = (event) => {
      for (const settle of waiting.values()) settle.reject(new Error(event.message || file));
      waiting.clear();
      worker = null;
    };
  };
  return (message, transfer = []) =>
    new Promise((resolve, reject) => {
      if (worker === null) start();
      count += 1;
      waiting.set(count, { resolve, reject });
      worker.postMessage({ ...message, id: count }, transfer);
    });
}

const askArgon = asked("argon-worker.js");
const askDecoder = asked("decode-worker.js");

/** @param {Object<string, *>} job @returns {Promise<Uint8Array>} */
export async function argon2id(job) {
  const { hash, error } = await askArgon({ job });
  if (error) throw new Error(error);
  return hash;
}

/**
 * @param {ImageData} image its pixels are given away
 * @param {{hard?: boolean, soft?: boolean}} [manner] look harder, which takes longer; smooth noise and thin cracks first
 * @returns {Promise<string>} text of a code, or empty
 */
export async function readCode(image, { hard = false, soft = false } = {}) {
  const { text, error } = await askDecoder({ image, hard, soft }, [image.data.buffer]);
  if (error) throw new Error(error);
  return text;
}
