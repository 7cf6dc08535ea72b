/** The camera: frames to the reader, one at a time, until a code is found; torch; pictures from a file. */

import { readCode } from "./workers.js";

const SIDE = 720; // pixels of the longer side that is read; finer costs an old phone more than it finds
// Frames are looked at in turns: as they are; smoothed, for dark rooms and cracked glass; their middle alone in full
// resolution, for a code far away; smoothed in another size and harder. Two sizes find what one of them misses.
const MANNERS = [{}, { soft: true, side: 800 }, { close: true }, { soft: true, side: 640, hard: true }];

export class Camera {
  /** @param {HTMLVideoElement} video @param {(text: string, at: number) => void} found text, and when its frame was taken */
  constructor(video, found) {
    this.video = video;
    this.found = found;
    this.canvas = document.createElement("canvas");
    this.context = this.canvas.getContext("2d", { willReadFrequently: true });
    this.stream = null;
    this.running = false;
    this.frames = 0;
  }

  /** @returns {Promise<void>} @throws {DOMException} no camera, or not allowed */
  async start() {
    if (this.stream === null) {
      const size = { width: { ideal: 1280 }, height: { ideal: 720 } };
      const video = { facingMode: { ideal: "environment" }, ...size };
      this.stream = await navigator.mediaDevices.getUserMedia({ video, audio: false });
      this.video.srcObject = this.stream;
      await this.video.play();
      const [track] = this.stream.getVideoTracks();
      track.addEventListener("ended", () => this.stop());
    }
    this.resume();
  }

  /** Let go of the camera. */
  stop() {
    this.running = false;
    for (const track of this.stream ? this.stream.getTracks() : []) track.stop();
    this.stream = null;
    this.video.srcObject = null;
  }

  /** @returns {boolean} */
  get hasTorch() {
    const [track] = this.stream ? this.stream.getVideoTracks() : [];
    return Boolean(track && track.getCapabilities && track.getCapabilities().torch);
  }

  /** @param {boolean} on */
  async torch(on) {
    const [track] = this.stream.getVideoTracks();
    await track.applyConstraints({ advanced: [{ torch: on }] });
  }

  /** Read frames until `pause`. */
  resume() {
    if (this.running || this.stream === null) return;
    this.running = true;
    this.next();
  }

  /** Stop reading; the picture stays. */
  pause() {
    this.running = false;
  }

  /** Wait for a frame that is new. */
  next() {
    if (!this.running) return;
    if (this.video.requestVideoFrameCallback) this.video.requestVideoFrameCallback(() => this.look());
    else requestAnimationFrame(() => this.look());
  }

  /** Read one frame. */
  async look() {
    if (!this.running) return;
    const at = performance.now();
    this.frames += 1;
    try {
      const manner = mannerOf(this.frames);
      const image = this.grab(manner);
      const text = image ? await readCode(image, manner) : "";
      if (this.running) this.found(text, at);
    } catch (problem) {
      this.found("", at);
      console.warn(problem.message);
    }
    this.next();
  }

  /** @param {{close?: boolean, side?: number}} manner @returns {ImageData | null} */
  grab(manner) {
    const { videoWidth: width, videoHeight: height } = this.video;
    return width && height ? grab(this.canvas, this.context, this.video, width, height, manner) : null;
  }
}

/**
 * What the reader gets of a picture.
 * @param {HTMLCanvasElement} canvas @param {CanvasRenderingContext2D} context @param {CanvasImageSource} source
 * @param {number} width @param {number} height of the source
 * @param {{close?: boolean, side?: number}} manner its middle alone; most pixels of the longer side @returns {ImageData}
 */
function grab(canvas, context, source, width, height, { close = false, side = SIDE }) {
  const part = close ? 2 : 1;
  const from = { x: (width - width / part) / 2, y: (height - height / part) / 2, w: width / part, h: height / part };
  return draw(canvas, context, source, from, Math.min(1, side / Math.max(from.w, from.h)));
}

/** @param {number} count of frames, from 1 @returns {{close?: boolean, soft?: boolean, hard?: boolean, side?: number}} */
function mannerOf(count) {
  return MANNERS[(count - 1) % MANNERS.length];
}

/**
 * Look at one still picture as the camera looks at frames of it, one after the other: how a bench counts its tries.
 * @param {ImageBitmap} picture @param {number} most frames @returns {Promise<{text: string, frames: number}>}
 */
export async function look(picture, most) {
  const canvas = document.createElement("canvas");
  const context = canvas.getContext("2d", { willReadFrequently: true });
  for (let count = 1; count <= most; count += 1) {
    const manner = mannerOf(count);
    const image = grab(canvas, context, picture, picture.width, picture.height, manner);
    const text = await readCode(image, manner);
    if (text) return { text, frames: count };
  }
  return { text: "", frames: most };
}

/** @returns {ImageData} */
function draw(canvas, context, source, from, scale) {
  const [w, h] = [Math.round(from.w * scale), Math.round(from.h * scale)];
  if (canvas.width !== w || canvas.height !== h) [canvas.width, canvas.height] = [w, h];
  context.drawImage(source, from.x, from.y, from.w, from.h, 0, 0, w, h);
  return context.getImageData(0, 0, w, h);
}

/** @param {Blob} file a picture @returns {Promise<string>} text of the code in it, or empty */
export async function readPicture(file) {
  const address = URL.createObjectURL(file);
  try {
    const picture = new Image();
    picture.src = address;
    await picture.decode();
    const canvas = document.createElement("canvas");
    const context = canvas.getContext("2d", { willReadFrequently: true });
    const from = { x: 0, y: 0, w: picture.naturalWidth, h: picture.naturalHeight };
    for (const side of [1024, 2048]) {
      const scale = Math.min(1, side / Math.max(from.w, from.h));
      for (const soft of [false, true]) {
        const text = await readCode(draw(canvas, context, picture, from, scale), { hard: true, soft });
        if (text) return text;
      }
    }
    return "";
  } catch {
    return "";
  } finally {
    URL.revokeObjectURL(address);
  }
}
