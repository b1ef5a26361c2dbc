/* Small pieces that every view is made of. Text always goes in as text, never as HTML. */

/* make("button", { type: "button", onclick: f }, "Save"): a property that is an attribute's name with a dash, `for`
   or `role` is set as an attribute. */
export function make(tag, properties = {}, ...content) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (value === undefined || value === null) continue;
    if (name.includes("-") || ["for", "role", "colspan"].includes(name)) element.setAttribute(name, value);
    else element[name] = value;
  }
  element.append(...content.filter(x => x !== null && x !== undefined));
  return element;
}

export const button = (text, onclick, more = {}) => make("button", { type: "button", onclick, ...more }, text);

let ids = 0;
export const freshId = prefix => prefix + "-" + ++ids;

/* A control with its label above it and, below, what it takes. */
export function field(label, control, hint) {
  control.id ||= freshId("field");
  const note = hint ? make("small", { id: control.id + "-hint" }, hint) : null;
  if (note) control.setAttribute("aria-describedby", note.id);
  return make("div", { className: "field" }, make("label", { for: control.id }, label), control, note);
}

export const input = (properties = {}) => make("input", { type: "text", autocomplete: "off", spellcheck: false, ...properties });

export function select(options, value) {
  const list = make("select", {}, ...options.map(([key, text]) => make("option", { value: key }, text)));
  if (value !== undefined) list.value = value;
  return list;
}

export const editor = (text, rows = 10, more = {}) =>
  make("textarea", { value: text, rows, spellcheck: false, autocomplete: "off", className: "code", ...more });

/* Says it to those who listen to the page, and shows it below the heading. */
export function announce(text) {
  document.getElementById("news").textContent = text;
}

/* What went wrong, in a box that is read out. */
export function refusal(error) {
  const box = make("div", { className: "refusal", role: "alert" }, make("p", {}, error.message));
  if (error.faults?.length) box.append(make("ul", {}, ...error.faults.map(x => make("li", {}, x))));
  if (error.details)
    box.append(make("details", {}, make("summary", {}, "Details"), make("pre", {}, error.details)));
  if (error.code)
    box.append(make("p", { className: "dim" }, error.code + (error.correlation ? ", correlation id " + error.correlation : "")));
  return box;
}

/* What a control is called, which tells it again among the ones that took its place. */
const callingOf = control => control.title || control.textContent;

/* Puts `content` in `place`. A keyboard that was on a control there goes on at its successor, or else at the place. */
function replace(place, content) {
  const before = place.contains(document.activeElement) ? document.activeElement : null;
  place.replaceChildren(...[content].flat().filter(Boolean));
  if (!before) return;
  const after = [...place.querySelectorAll("button:enabled, a")].find(x => callingOf(x) === callingOf(before));
  if (!after) place.tabIndex = -1;
  (after || place).focus();
}

/* Runs `work`, which may fail, and shows its outcome in `place`: busy meanwhile, then what it returns, or why not.
   A later run in the same place makes an earlier one's outcome void. */
export async function show(place, work) {
  const turn = place.turn = (place.turn || 0) + 1;
  place.setAttribute("aria-busy", "true");
  let content;
  try {
    content = await work();
  } catch (error) {
    content = refusal(error);
    if (error.status === 401) dispatchEvent(new CustomEvent("signed-out", { detail: error.message }));
  }
  if (place.turn !== turn) return false;
  place.removeAttribute("aria-busy");
  replace(place, content);
  return !place.querySelector(":scope > .refusal");
}

/* Keeps the button off while `work` runs, so that nothing is sent twice. */
export async function once(control, work) {
  if (control.getAttribute("aria-disabled") === "true") return;
  control.setAttribute("aria-disabled", "true");
  try {
    return await work();
  } finally {
    control.removeAttribute("aria-disabled");
  }
}

/* "rows 11 to 20 of 21,932", with buttons to the pages around it. */
export function pager({ offset, shown, limit, total, noun, go }) {
  const number = x => x.toLocaleString("en");
  const range = shown ? `${noun} ${number(offset + 1)} to ${number(offset + shown)}` : `no ${noun} here`;
  const isLast = total === null ? shown < limit : offset + shown >= total;
  return make("nav", { className: "pager", "aria-label": "Pages of " + noun },
    button("Previous", () => go(Math.max(0, offset - limit)), { disabled: offset === 0 }),
    make("span", {}, range + (total === null ? "" : " of " + number(total))),
    button("Next", () => go(offset + limit), { disabled: isLast || !shown }));
}
