// The words beside "Simpan draf". htmx sends the form (see the save-state element of a form); this module only says what is true:
// unsaved, saving, saved (the server's words), or not saved. Words come from data attributes, so that the page's language holds.

const stateOf = (node) => node.closest("form")?.querySelector(".save-state[data-failed]");

function say(state, words, failed = false) {
  state.textContent = words;
  state.classList.toggle("save-state--failed", failed);
}

function refuse(event) {
  const state = event.target;
  if (!state.matches?.(".save-state[data-failed]")) return;
  // An error page or a sign-in page must never be swapped into the line of words.
  const { status, raw } = event.detail.ctx.response ?? {};
  if (status < 400 && !raw.redirected) return state.classList.remove("save-state--failed");
  event.preventDefault();
  say(state, state.dataset.failed, true);
}

export function watchDrafts(document) {
  document.addEventListener("input", (event) => {
    const state = stateOf(event.target);
    if (state) say(state, state.dataset.unsaved);
  });
  document.addEventListener("htmx:before:response", refuse);
  document.addEventListener("htmx:error", (event) => {
    const state = event.target;
    if (state.matches?.(".save-state[data-failed]")) say(state, state.dataset.failed, true);
  });
  // Leaving for another tab or window saves at once: people are called away.
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState !== "hidden") return;
    for (const state of document.querySelectorAll(".save-state[data-failed]")) {
      if (state.textContent === state.dataset.unsaved) state.dispatchEvent(new Event("autosave"));
    }
  });
}
