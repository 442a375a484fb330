// For every page: the styles, htmx, and small helpers. Without this file all pages still work.
import "./css/bootstrap.scss";
import "./css/theme.css";
import "./css/case.css";
import "./css/lists.css";
import "./css/forms.css";
import "./css/calendar.css";
import "./css/print.css";
import "htmx.org/dist/htmx.esm.min.js";
import { filterChoices } from "./user/choices.js";
import { hideFields } from "./user/conditions.js";
import { countTexts } from "./user/counting.js";
import { echoDates, takeDays } from "./user/dates.js";
import { watchDrafts } from "./user/drafts.js";
import { guardForms, watchLeaving } from "./user/leaving.js";
import { growRows } from "./user/rows.js";
import { seekChoices } from "./user/seeking.js";

document.documentElement.classList.add("has-js");
/** @type {HTMLElement | null} */ (document.querySelector(".error-summary"))?.focus();
document.addEventListener("click", (event) => {
  if (/** @type {Element} */ (event.target).closest("[data-print]")) window.print();
});
watchLeaving(document, watchDrafts(document));
guardForms(document);
countTexts(document);
growRows(document);
echoDates(document);
takeDays(document);
filterChoices(document);
seekChoices(document);
hideFields(document);
