/** A file as a run of small codes, which one screen shows and another's camera reads; the twin of `gate/frames.py`. */

import { decode as fromBase45, encode as toBase45 } from "./base45.js";
import { bigEndian, concat, equal, sha256, toHex } from "./bytes.js";
import { BadInput } from "./errors.js";

export const PREFIX = "SCE1:";
const CHUNK = 240; // bytes of the file in one frame
const MOST_FRAMES = 4_096;
const DIGEST = 8;
const HEAD = DIGEST + 4;
const MOST_FILES = 4; // half read at one time; more would be somebody's mischief

/** @param {Uint8Array} data @returns {Promise<string[]>} texts of the frames @throws {BadInput} `bad-frames` */
export async function toFrames(data) {
  const total = Math.ceil(data.length / CHUNK);
  if (total < 1 || total > MOST_FRAMES) throw new BadInput("bad-frames", "file", `1 to ${CHUNK * MOST_FRAMES} bytes`);
  const head = concat((await sha256(data)).subarray(0, DIGEST), bigEndian(total, 2));
  return Array.from({ length: total }, (_, place) => {
    const part = data.subarray(CHUNK * place, CHUNK * (place + 1));
    return PREFIX + toBase45(concat(head, bigEndian(place + 1, 2), part));
  });
}

/** @param {string} text @returns {{file: string, total: number, number: number, part: Uint8Array, digest: Uint8Array}} */
function openFrame(text) {
  if (!text.startsWith(PREFIX)) throw new BadInput("bad-frames", "frame", `${PREFIX} and base45`);
  const raw = fromBase45(text, PREFIX.length);
  const [total, number] = [(raw[DIGEST] << 8) | raw[DIGEST + 1], (raw[DIGEST + 2] << 8) | raw[DIGEST + 3]];
  const good = raw.length > HEAD && raw.length <= HEAD + CHUNK && number > 0 && number <= total && total <= MOST_FRAMES;
  if (!good) throw new BadInput("bad-frames", "frame", "digest, total, number, 1 to 240 bytes");
  return { file: toHex(raw.subarray(0, DIGEST + 2)), total, number, part: raw.slice(HEAD), digest: raw.slice(0, DIGEST) };
}

/** Gathers frames in whatever order they come, until a file is whole. */
export class Collector {
  constructor() {
    this.files = new Map();
  }

  /**
   * @param {string} text @returns {Promise<{got: number, total: number, data: Uint8Array | null}>} data once it is whole
   * @throws {BadInput} `bad-text`, or `bad-frames`: malformed, or a file that is not the one its frames name
   */
  async add(text) {
    const { file, total, number, part, digest } = openFrame(text);
    const parts = this.files.get(file) || new Map();
    const before = parts.get(number);
    if (before && !equal(before, part)) {
      this.files.delete(file);
      throw new BadInput("bad-frames", `frame ${number}`, "one content");
    }
    parts.set(number, part);
    this.files.delete(file);
    if (parts.size < total) {
      this.files.set(file, parts);
      if (this.files.size > MOST_FILES) this.files.delete(this.files.keys().next().value);
      return { got: parts.size, total, data: null };
    }
    const data = concat(...Array.from({ length: total }, (_, place) => parts.get(place + 1)));
    if (!equal((await sha256(data)).subarray(0, DIGEST), digest)) throw new BadInput("bad-frames", "frames", "the file that they name");
    return { got: total, total, data };
  }
}
