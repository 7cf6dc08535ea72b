/**
 * The two ways in which something is not taken: bad input, which is an error of whoever wrote it, and a refusal,
 * which is the answer of a rule. Codes are those of `errors.py`.
 */

/** Something given from outside is malformed. */
export class BadInput extends Error {
  /** @param {string} code as in `spec/` @param {string} where @param {string} [expected] */
  constructor(code, where, expected = "another form") {
    super(`${where}: expected ${expected}`);
    this.name = "BadInput";
    this.code = code;
  }
}

/** A rule says no. */
export class Refused extends Error {
  /** @param {string} code as in `errors.py` @param {string} [detail] */
  constructor(code, detail = "") {
    super(detail ? `${code}: ${detail}` : code);
    this.name = "Refused";
    this.code = code;
  }
}
