// Moving in a picture while the page can still be scrolled.
import { say } from "../words.js";

const STEP = 1.25;
// Room around the model for counts that sit outside a shape's corner, in pixels of the screen.
const MARGIN = 24;

/**
 * Shows the whole model, never enlarged; `left` is the width of the cover at the left side of the canvas.
 * @param {Tool} viewer
 */
export function fit(viewer, left = 0) {
  /** @type {Canvas} */
  const canvas = viewer.get("canvas");
  canvas.zoom("fit-viewport", /** @type {any} */ ("auto")); // in the middle; the library's types allow only points
  const { inner, outer } = canvas.viewbox();
  const scale = Math.min(
    (outer.width - left - 2 * MARGIN) / inner.width,
    (outer.height - 2 * MARGIN) / inner.height,
    1,
  );
  const [width, height] = [outer.width / scale, outer.height / scale];
  const x = inner.x - (width + left / scale - inner.width) / 2;
  canvas.viewbox({ x, y: inner.y - (height - inner.height) / 2, width, height });
}

/**
 * @param {HTMLElement} place
 * @param {Tool} viewer
 */
export function addZoomButtons(place, viewer) {
  /** @type {Canvas} */
  const canvas = viewer.get("canvas");
  const bar = document.createElement("div");
  bar.className = "diagram__zoom no-print";
  bar.append(
    button("+", say("zoom in"), () => canvas.zoom(canvas.zoom() * STEP)),
    button("−", say("zoom out"), () => canvas.zoom(canvas.zoom() / STEP)),
    button("⤢", say("fit"), () => fit(viewer)),
  );
  place.append(bar);
}

/**
 * @param {string} sign
 * @param {string} label
 * @param {() => void} act
 */
function button(sign, label, act) {
  const element = document.createElement("button");
  element.type = "button";
  element.textContent = sign;
  element.title = label;
  element.setAttribute("aria-label", label);
  element.addEventListener("click", act);
  return element;
}

/**
 * The wheel scrolls the page until the picture has the focus.
 * @param {HTMLElement} canvas
 * @param {Tool} viewer
 */
export function scrollOnlyWhenFocused(canvas, viewer) {
  /** @type {{ toggle(on: boolean): void }} */
  const wheel = viewer.get("zoomScroll");
  canvas.addEventListener("focusin", () => wheel.toggle(true));
  canvas.addEventListener("focusout", () => wheel.toggle(false));
}

/**
 * One finger moves an enlarged picture; while the whole model is shown it scrolls the page.
 * @param {HTMLElement} container
 * @param {Tool} viewer
 */
export function panByTouch(container, viewer) {
  /** @type {Canvas} */
  const canvas = viewer.get("canvas");
  const whole = canvas.zoom();
  /** @type {PointerEvent | null} */
  let last = null;
  viewer.on("canvas.viewbox.changed", () => container.classList.toggle("is-enlarged", canvas.zoom() > whole * 1.01));
  container.addEventListener("pointerdown", (event) => {
    last = event.pointerType === "touch" ? event : null;
  });
  container.addEventListener("pointermove", (event) => {
    if (!last || event.pointerId !== last.pointerId || !container.classList.contains("is-enlarged")) return;
    canvas.scroll({ dx: event.clientX - last.clientX, dy: event.clientY - last.clientY });
    last = event;
  });
  for (const end of ["pointerup", "pointercancel"])
    container.addEventListener(end, () => {
      last = null;
    });
}
