// BPMN has some sixty kinds of events: a trigger, a place, and whether it interrupts. Their names are composed.

/** @type {Record<string, string>} */
const TRIGGERS = {
  "": "",
  message: "pesan",
  timer: "waktu",
  conditional: "syarat",
  signal: "sinyal",
  error: "galat",
  escalation: "eskalasi",
  compensation: "kompensasi",
  compensate: "kompensasi",
  multiple: "beberapa",
  "parallel multiple": "beberapa, semuanya",
  cancel: "pembatalan",
  link: "tautan",
  terminate: "penghentian",
};
/** @type {Record<string, string>} */
const PLACES = {
  "start event": "Kejadian awal",
  "end event": "Kejadian akhir",
  "boundary event": "Kejadian batas",
  "intermediate catch event": "Kejadian antara (menunggu)",
  "intermediate throw event": "Kejadian antara (mengirim)",
};
const EVENT =
  /^([\w ]*?) ?((?:start|end|boundary|intermediate catch|intermediate throw) event)( \(non interrupting\))?$/;

/**
 * Returns the Indonesian name of "timer boundary event (non interrupting)" and similar; undefined for any other text.
 * @param {string} english
 */
export function nameEvent(english) {
  const [, trigger = null, place = "", aside] = EVENT.exec(english) ?? [];
  if (trigger === null || !(trigger in TRIGGERS)) return undefined;
  return [PLACES[place], TRIGGERS[trigger], aside && "tanpa memotong"].filter(Boolean).join(" ");
}
