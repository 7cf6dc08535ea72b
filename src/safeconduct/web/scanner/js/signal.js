/** What a guard hears and feels: colour alone is not enough. */

const TONES = {
  // [hertz, seconds] one after the other
  go: [[660, 0.12], [990, 0.22]],
  ask: [[520, 0.16], [0, 0.08], [520, 0.16]],
  stop: [[180, 0.7]],
};
const PULSES = { go: [120], ask: [90, 80, 90], stop: [400, 120, 400] }; // milliseconds: on, off, on …
let context = null;

/** Sound needs a touch first; called on every one, until it works. */
export function wake() {
  const Audio = window.AudioContext || window.webkitAudioContext;
  if (!Audio) return;
  context ??= new Audio();
  if (context.state === "suspended") context.resume().catch(() => undefined);
}

/** @param {"go" | "ask" | "stop"} tone */
export function signal(tone) {
  if (navigator.vibrate) navigator.vibrate(PULSES[tone]);
  if (context === null || context.state !== "running") return;
  let at = context.currentTime;
  for (const [hertz, seconds] of TONES[tone]) {
    if (hertz) {
      const oscillator = context.createOscillator();
      const volume = context.createGain();
      oscillator.type = tone === "stop" ? "square" : "sine";
      oscillator.frequency.value = hertz;
      volume.gain.value = 0.25;
      oscillator.connect(volume).connect(context.destination);
      oscillator.start(at);
      oscillator.stop(at + seconds);
    }
    at += seconds;
  }
}
