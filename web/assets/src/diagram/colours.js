// Drawings in the colours of the page: names, not values, so that they follow its theme at once, and paper.
export const PAGE_COLOURS = {
  defaultFillColor: "var(--card)",
  defaultStrokeColor: "var(--text)",
  defaultLabelColor: "var(--text)",
};
