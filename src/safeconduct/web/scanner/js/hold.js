/** A button that must be held: a touch in passing, or a glove, is not enough. */

const HOLD = 1_500; // milliseconds

/**
 * A keyboard's repeated key holds it too.
 * @param {HTMLButtonElement} button @param {() => void} done
 */
export function wireHold(button, done) {
  let timer = 0;
  const begin = () => {
    if (timer) return;
    button.classList.add("held");
    timer = setTimeout(() => {
      end();
      done();
    }, HOLD);
  };
  const end = () => {
    clearTimeout(timer);
    timer = 0;
    button.classList.remove("held");
  };
  button.addEventListener("pointerdown", begin);
  for (const name of ["pointerup", "pointerleave", "pointercancel", "blur", "keyup"]) button.addEventListener(name, end);
  button.addEventListener("keydown", (event) => {
    if (event.key === " " || event.key === "Enter") begin();
  });
  button.addEventListener("contextmenu", (event) => event.preventDefault());
}
