/** A QR code drawn on a canvas. */

import encodeQR from "../vendor/qr/index.js";

const SCALE = 8; // pixels of the drawing for one module; the style fits it into the screen
const QUIET = 4; // modules

/**
 * @param {HTMLCanvasElement} canvas @param {string} text in the alphanumeric mode's letters
 * @param {"low" | "medium"} ecc level L or M
 */
export function paintCode(canvas, text, ecc) {
  const rows = encodeQR(text, "raw", { ecc, encoding: "alphanumeric", border: QUIET });
  canvas.width = rows.length * SCALE;
  canvas.height = canvas.width;
  const context = canvas.getContext("2d");
  context.fillStyle = "#fff";
  context.fillRect(0, 0, canvas.width, canvas.width);
  context.fillStyle = "#000";
  rows.forEach((row, y) => row.forEach((dark, x) => dark && context.fillRect(x * SCALE, y * SCALE, SCALE, SCALE)));
}
