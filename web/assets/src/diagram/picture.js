// One read-only diagram: fit, zoom buttons, keyboard, touch, counts, the current element.
import NavigatedViewer from "bpmn-js/lib/NavigatedViewer";
import { say } from "../words.js";
import { PAGE_COLOURS } from "./colours.js";
import { markFacts } from "./facts.js";
import { addZoomButtons, fit, panByTouch, scrollOnlyWhenFocused } from "./movement.js";

/**
 * Draws once `place` has a size: a closed <details> has none.
 * @param {HTMLElement} place
 */
export function drawWhenVisible(place) {
  const seen = new ResizeObserver(() => {
    if (place.clientWidth === 0) return;
    seen.disconnect();
    draw(place).catch(() => refuse(place));
  });
  seen.observe(place);
}

/** @param {HTMLElement} place */
async function draw(place) {
  const block = place.querySelector('script[type="application/json"]');
  /** @type {Facts} */
  const facts = JSON.parse(block?.textContent ?? "{}");
  const xml = facts.xml ?? (await download(place.dataset.xmlUrl ?? ""));
  await showModel(place, xml, { label: place.dataset.label, facts });
}

/** @param {string} url */
async function download(url) {
  const answer = await fetch(url, { headers: { Accept: "application/xml" } });
  if (!answer.ok) throw new Error(`${url}: ${answer.status}`);
  return answer.text();
}

/**
 * Draws `xml` into `place` with its controls; rejects if the model cannot be drawn.
 * @param {HTMLElement} place
 * @param {string} xml
 * @param {{ label: string | null | undefined, facts: Facts }} shown
 */
export async function showModel(place, xml, { label, facts }) {
  const canvas = document.createElement("div");
  canvas.className = "diagram__canvas";
  canvas.setAttribute("role", "region");
  canvas.setAttribute("aria-label", `${label || say("diagram")}. ${say("keys")}`);
  place.append(canvas);
  const viewer = new NavigatedViewer({ container: canvas, zoomScroll: { enabled: false }, bpmnRenderer: PAGE_COLOURS });
  try {
    await viewer.importXML(xml);
  } catch (error) {
    canvas.remove();
    throw error;
  }
  place.querySelector(".diagram__wait")?.remove();
  fit(viewer);
  addZoomButtons(place, viewer);
  scrollOnlyWhenFocused(canvas, viewer);
  panByTouch(canvas, viewer);
  markFacts(viewer, facts);
  return viewer;
}

/** @param {HTMLElement} place */
function refuse(place) {
  place.querySelector(".diagram__wait")?.remove();
  const words = document.createElement("p");
  words.className = "diagram__failed";
  words.setAttribute("role", "alert");
  words.textContent = say("diagram failed");
  place.append(words);
}
