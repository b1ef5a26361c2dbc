/* What models were asked and answered, newest first. */

import { get, nameOf, query } from "./api.js";
import { elements, members, pretty } from "./json.js";
import { announce, button, field, input, make, once, pager, select, show } from "./page.js";

const timeOf = text => text.replace("T", " ").replace(/\.\d+Z$/, "");
const instantOf = local => local ? local + (local.length === 16 ? ":00Z" : "Z") : "";

function part(title, slice) {
  return slice === undefined || slice === "null" ? [] : [make("h3", {}, title), make("pre", { tabIndex: 0 }, pretty(slice))];
}

function rowOf(log) {
  const why = log.get("error_message") === "null" ? "" : nameOf(log, "error_message");
  const more = make("tr", { hidden: true }, make("td", { colspan: 5 },
    ...part("Inputs", log.get("inputs")), ...part("Predictions", log.get("predictions")),
    why ? make("p", { className: "note" }, why) : null,
    make("p", { className: "dim" }, "request " + nameOf(log, "request_id"))));
  const toggle = button("Show", () => {
    more.hidden = !more.hidden;
    toggle.textContent = more.hidden ? "Show" : "Hide";
    toggle.setAttribute("aria-expanded", !more.hidden);
  }, { "aria-expanded": "false", "aria-label": "Inputs and predictions of " + nameOf(log, "created_at") });
  const status = nameOf(log, "status");
  return [make("tr", {}, make("td", {}, timeOf(nameOf(log, "created_at"))), make("td", {}, nameOf(log, "endpoint_name")),
    make("td", {}, make("span", { className: "badge " + status.toLowerCase() }, status)),
    make("td", { className: "number" }, log.get("execution_time_ms")), make("td", {}, toggle)), more];
}

export function showHistory(place) {
  const state = { endpoint_name: "", status: "", since: "", until: "", limit: "20", offset: 0 };
  const endpoint = input();
  const status = select([["", "any"], ["SUCCESS", "SUCCESS"], ["ERROR", "ERROR"], ["TIMEOUT", "TIMEOUT"]]);
  const since = input({ type: "datetime-local", step: 1 });
  const until = input({ type: "datetime-local", step: 1 });
  const limit = select(["10", "20", "50", "100"].map(x => [x, x]), "20");
  const apply = make("button", { type: "submit", className: "main" }, "Apply");
  const result = make("div");

  const load = () => show(result, async () => {
    const answer = members((await get("api/model-serving/logs" + query(state))).text);
    const logs = elements(answer.get("logs"));
    const total = Number(answer.get("total_count"));
    announce(`${logs.length} of ${total} invocations shown.`);
    if (!total) return make("p", { className: "dim" }, "No invocation fits.");
    return [
      pager({ offset: state.offset, shown: logs.length, limit: Number(state.limit), total, noun: "invocations", go: to => { state.offset = to; load(); } }),
      make("div", { className: "scroll", tabIndex: 0, role: "region", "aria-label": "Invocations" }, make("table", {},
        make("thead", {}, make("tr", {}, ...["Time (UTC)", "Endpoint", "Outcome", "ms", ""].map(x => make("th", { scope: "col" }, x)))),
        make("tbody", {}, ...logs.flatMap(x => rowOf(members(x)))))),
    ];
  });

  const form = make("form", { className: "card" }, make("div", { className: "row" },
    field("Endpoint", endpoint), field("Outcome", status), field("From (UTC)", since), field("Before (UTC)", until),
    field("Rows a page", limit), apply));
  form.onsubmit = event => {
    event.preventDefault();
    Object.assign(state, { endpoint_name: endpoint.value.trim(), status: status.value, since: instantOf(since.value),
      until: instantOf(until.value), limit: limit.value, offset: 0 });
    once(apply, load);
  };
  place.replaceChildren(form, result);
  load();
}
