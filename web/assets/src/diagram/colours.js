// Drawings in the colours of the page: variables, not values, so that they follow the theme and paper at once.
export const PAGE_COLOURS = {
  defaultFillColor: "var(--card)",
  defaultStrokeColor: "var(--text)",
  defaultLabelColor: "var(--text)",
};
