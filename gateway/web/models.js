/* Serving endpoints: what they take, and a form to invoke them. */

import { call, get, nameOf } from "./api.js";
import { elements, members, pretty } from "./json.js";
import { modelForm } from "./model_form.js";
import { announce, field, input, make, once, refusal, show } from "./page.js";

function outcome(answer) {
  return [
    make("h3", {}, "Predictions"),
    make("pre", { id: "predictions", tabIndex: 0 }, pretty(answer.get("predictions"))),
    make("p", { className: "dim" }, `${nameOf(answer, "status")} in ${answer.get("execution_time_ms")} ms, request ${nameOf(answer, "request_id")}. `,
      make("a", { href: "#/history" }, "See the history")),
  ];
}

function invocation(endpoint, detected) {
  const form = modelForm(detected.get("schema"), detected.get("example_json"));
  const seconds = input({ value: "30", inputMode: "numeric", pattern: "[0-9]{1,3}", required: true });
  const send = make("button", { type: "submit", className: "main" }, "Invoke");
  const fault = make("div");
  const result = make("section", { "aria-label": "Answer", "aria-live": "polite" });
  const box = make("form", { className: "card" }, form.box,
    make("div", { className: "row" }, field("Seconds to wait (1 to 300)", seconds), send), fault);
  box.onsubmit = event => {
    event.preventDefault();
    once(send, async () => {
      let inputs;
      try {
        inputs = form.read();
        fault.replaceChildren();
      } catch (error) {
        return fault.replaceChildren(refusal(error));
      }
      announce("The model is at work.");
      const body = `{"endpoint_name":${JSON.stringify(endpoint)},"inputs":${inputs},"timeout_seconds":${Number(seconds.value)}}`;
      if (await show(result, async () => outcome(members((await call("POST", "api/model-serving/invoke", { body })).text))))
        announce("The model has answered.");
    });
  };
  return [box, result];
}

function detail(place, endpoint) {
  place.replaceChildren(make("p", { className: "dim" }, "Asking what the model takes …"));
  return show(place, async () => {
    const detected = members((await get(`api/model-serving/endpoints/${encodeURIComponent(endpoint)}/schema`)).text);
    const why = nameOf(detected, "error_message");
    return [
      make("h2", { tabIndex: -1 }, endpoint),
      make("p", { className: "dim" }, `${nameOf(detected, "detected_type")}, detected in ${detected.get("latency_ms")} ms`),
      why && why !== "null" ? make("p", { className: "note" }, why) : null,
      ...invocation(endpoint, detected),
    ];
  });
}

export function showModels(place, [wanted]) {
  const list = make("ul", { className: "tree" });
  const right = make("section", { "aria-label": "Model" }, make("p", { className: "dim" }, "Choose an endpoint to see what it takes."));
  const item = row => {
    const name = nameOf(row, "endpoint_name");
    return make("li", {}, make("a", { href: "#/models/" + encodeURIComponent(name), "aria-current": name === wanted ? "true" : null,
      onclick: event => {
        if (event.ctrlKey || event.metaKey || event.shiftKey) return;
        event.preventDefault();
        history.pushState(null, "", event.currentTarget.getAttribute("href"));
        list.querySelector("a[aria-current]")?.removeAttribute("aria-current");
        event.currentTarget.setAttribute("aria-current", "true");
        detail(right, name).then(() => right.querySelector("h2")?.focus());
      } }, name), make("small", {}, nameOf(row, "state").toLowerCase()));
  };
  place.replaceChildren(make("div", { className: "split" }, make("nav", { "aria-label": "Endpoints", className: "side" }, list), right));
  show(list, async () => {
    const found = elements((await get("api/model-serving/endpoints")).text).map(members);
    return found.length ? found.map(item) : make("li", { className: "dim" }, "You may see no endpoint.");
  });
  if (wanted) detail(right, wanted);
}
