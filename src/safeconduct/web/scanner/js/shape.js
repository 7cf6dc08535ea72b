/**
 * Shapes of decoded CBOR: a map has exactly the named fields, each of its kind, or the input is refused by name.
 * The twin of `passes/shape.py`.
 *
 * @typedef {(seen: *) => boolean} Kind whether a value fits
 */

import { BadInput } from "./errors.js";

const JOINERS = /[\u200c\u200d]/g; // spelling in Dari and Arabic; direction overrides are refused
const INVISIBLE = /[^\P{Z} ]|\p{C}/u;

/** @param {number} low @param {number} high @returns {Kind} a whole number, both ends included */
export const integer = (low, high) => (seen) => Number.isSafeInteger(seen) && low <= seen && seen <= high;

/** @param {number} length @returns {Kind} exactly so many bytes */
export const raw = (length) => (seen) => seen instanceof Uint8Array && seen.length === length;

/** @param {number} longest @param {number} [shortest] @returns {Kind} bytes */
export const blob = (longest, shortest = 1) => (seen) =>
  seen instanceof Uint8Array && shortest <= seen.length && seen.length <= longest;

/** @param {string} text @returns {number} characters, not the halves of them that JavaScript counts */
const characters = (text) => {
  let count = 0;
  for (const _ of text) count += 1;
  return count;
};

/** @param {number} longest @param {number} [shortest] @returns {Kind} printable text */
export const text = (longest, shortest = 1) => (seen) =>
  typeof seen === "string" &&
  characters(seen) >= shortest &&
  characters(seen) <= longest &&
  !INVISIBLE.test(seen.replace(JOINERS, ""));

/** @param {number} longest @returns {Kind} text, line ends allowed */
export const prose = (longest) => (seen) => typeof seen === "string" && characters(seen) <= longest;

/** @param {...string} words @returns {Kind} one of them */
export const oneOf = (...words) => (seen) => words.includes(seen);

/** @param {Kind} kind @returns {Kind} the kind, or null */
export const optional = (kind) => (seen) => seen === null || kind(seen);

/** @param {Kind} kind @param {number} most @param {number} [least] @returns {Kind} an array of one kind */
export const many = (kind, most, least = 0) => (seen) =>
  Array.isArray(seen) && least <= seen.length && seen.length <= most && seen.every(kind);

/** @param {...Kind} kinds @returns {Kind} an array of exactly these kinds */
export const row = (...kinds) => (seen) =>
  Array.isArray(seen) && seen.length === kinds.length && kinds.every((kind, place) => kind(seen[place]));

/** @param {Kind} key @param {Kind} value @param {number} most @returns {Kind} a map */
export const table = (key, value, most) => (seen) =>
  seen instanceof Map && seen.size <= most && [...seen].every(([name, item]) => key(name) && value(item));

export const LAST_SECOND = 2 ** 40;
export const TIME = integer(0, LAST_SECOND);
export const HASH = raw(32);
export const SIGNATURE = raw(64);
export const ID = text(80);
/** @type {Kind} */
export const BOOL = (seen) => typeof seen === "boolean";

/** @param {string} code @param {string} where @param {Kind} kind @param {*} seen @returns {*} `seen` */
export function check(code, where, kind, seen) {
  if (!kind(seen)) throw new BadInput(code, where, "the form that its spec states");
  return seen;
}

/**
 * Check that `seen` is a map of exactly these fields.
 * @param {string} code @param {string} where @param {Object<string, Kind>} kinds @param {*} seen
 * @returns {Object<string, *>} its fields by name
 * @throws {BadInput} with the code
 */
export function checkMap(code, where, kinds, seen) {
  const names = Object.keys(kinds);
  if (!(seen instanceof Map) || seen.size !== names.length) throw new BadInput(code, where, "exactly the stated fields");
  const fields = {};
  for (const name of names) {
    if (!seen.has(name)) throw new BadInput(code, where, `the field ${name}`);
    fields[name] = check(code, `${where}: ${name}`, kinds[name], seen.get(name));
  }
  return fields;
}
