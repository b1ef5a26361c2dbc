/* The user's preferences. A value is shown and sent as text, so its numbers keep their digits. */

import { call, get, nameOf, query } from "./api.js";
import { elements, faultOfObject, members, pretty } from "./json.js";
import { announce, button, editor, field, input, make, once, pager, refusal, show } from "./page.js";

const base = "api/lakebase/preferences";
const pathOf = key => base + "/" + encodeURIComponent(key);
const limit = 50;
const timeOf = text => text.replace("T", " ").replace(/\.\d+Z$/, " UTC");

export function showPreferences(place) {
  const list = make("div");
  const form = make("section", { "aria-label": "Editor" });
  let offset = 0;

  const load = () => show(list, async () => {
    const answer = await get(base + query({ limit, offset }));
    const rows = elements(answer.text).map(members).map(row => {
      const key = nameOf(row, "preference_key");
      const value = row.get("preference_value");
      return make("tr", {}, make("th", { scope: "row" }, key),
        make("td", {}, make("code", { className: "cut" }, value.length > 80 ? value.slice(0, 80) + "…" : value)),
        make("td", { className: "dim" }, timeOf(nameOf(row, "updated_at"))),
        make("td", {}, button("Edit", () => edit(key), { "aria-label": "Edit " + key })));
    });
    const broken = answer.skipped ? make("p", { className: "note" }, `${answer.skipped} more can't be read. Saving or deleting them by their key repairs them.`) : null;
    if (!rows.length && offset === 0) return [broken, make("p", { className: "dim" }, "There are none yet.")];
    return [broken, make("div", { className: "scroll" }, make("table", {},
      make("thead", {}, make("tr", {}, ...["Key", "Value", "Changed", ""].map(x => make("th", { scope: "col" }, x)))),
      make("tbody", {}, ...rows))),
    pager({ offset, shown: rows.length, limit, total: answer.total, noun: "preferences", go: to => { offset = to; load(); } })];
  });

  const close = text => {
    form.replaceChildren();
    announce(text);
    add.focus();
    load();
  };

  const edit = key => show(form, async () => {
    const answer = await get(pathOf(key));
    const value = members(answer.text).get("preference_value");
    return editorOf({ key, text: pretty(value), etag: answer.etag });
  }).then(() => form.querySelector("textarea")?.focus());

  /* Without an etag it is a new one, which must not replace what exists. */
  function editorOf({ key, text, etag }) {
    const name = input({ value: key, required: true, disabled: Boolean(etag) });
    const area = editor(text, 12);
    const fault = make("div");
    const save = make("button", { type: "submit", className: "main" }, "Save");
    const box = make("form", { className: "card" },
      make("h2", {}, etag ? "Edit " + key : "A new preference"),
      field("Key", name), field("Value", area, "A JSON object. Numbers are kept digit for digit."),
      make("div", { className: "row" }, save,
        etag ? button("Delete", event => once(event.currentTarget, () => remove(key, fault)), { className: "danger" }) : null,
        button("Cancel", () => close("Nothing was changed."))), fault);
    box.onsubmit = event => {
      event.preventDefault();
      once(save, () => store(name.value, area, etag, fault));
    };
    return box;
  }

  async function store(key, area, etag, fault) {
    const wrong = faultOfObject(area.value);
    area.setAttribute("aria-invalid", Boolean(wrong));
    if (wrong) return fault.replaceChildren(refusal(new Error(wrong)));
    const headers = etag ? { "If-Match": etag } : { "If-None-Match": "*" };
    try {
      await call("PUT", pathOf(key), { headers, body: `{"preference_value":${area.value}}` });
      close(`"${key}" is saved.`);
    } catch (error) {
      if (error.status !== 412) return fault.replaceChildren(refusal(error));
      const words = etag ? "It was changed or deleted meanwhile, so it was not saved. Copy what you need before you load it again."
        : "There is a preference of that key already, so nothing was saved.";
      fault.replaceChildren(refusal(new Error(words)), button("Load it", () => edit(key)));
    }
  }

  async function remove(key, fault) {
    if (!confirm(`Delete the preference "${key}"?`)) return;
    try {
      await call("DELETE", pathOf(key));
      close(`"${key}" is deleted.`);
    } catch (error) {
      fault.replaceChildren(refusal(error));
    }
  }

  const add = button("New preference", () => {
    form.replaceChildren(editorOf({ key: "", text: "{\n  \n}" }));
    form.querySelector("input").focus();
  });
  place.replaceChildren(make("p", {}, add), form, list);
  load();
}
