/* A form that sends one operation's request and shows its answer, and the curl command that does the same. */

import * as account from "./account.js";
import { pretty } from "./json.js";
import { announce, editor, field, freshId, input, make, once, refusal, select } from "./page.js";

/* A word for a POSIX shell. */
const quoted = text => "'" + text.replace(/'/g, "'\\''") + "'";

/* The command never shows the token: it takes it from a variable. */
function curlOf({ verb, url, headers, body }) {
  const lines = [`curl -X ${verb.toUpperCase()} ${quoted(url)}`];
  lines.push(account.needsNoToken() ? '-H "Authorization: Bearer $TOKEN"' : '-H "X-Forwarded-Access-Token: $TOKEN"');
  for (const [name, value] of Object.entries(headers)) lines.push("-H " + quoted(name + ": " + value));
  if (body !== undefined) lines.push("--data-binary " + quoted(body));
  return lines.join(" \\\n  ");
}

function controlOf({ schema = {}, required, in: where, name }) {
  if (schema.enum) return select([...(required ? [] : [["", ""]]), ...schema.enum.map(x => [String(x), String(x)])]);
  const control = input({ required: Boolean(required), placeholder: schema.default === undefined ? "" : String(schema.default) });
  control.name = where + "-" + name;
  return control;
}

/* Headers that the request may carry but seldom needs are left out of the form. */
const isQuiet = x => x.in === "header" && ["X-Correlation-ID", "traceparent"].includes(x.name);

function requestOf({ verb, path, inputs, area }) {
  let filled = path.replace(/^\//, "");
  const query = new URLSearchParams(), headers = {};
  for (const { what, control } of inputs) {
    const value = control.value;
    if (what.in === "path") filled = filled.replace(`{${what.name}}`, encodeURIComponent(value));
    else if (value === "") continue;
    else if (what.in === "query") query.append(what.name, value);
    else if (what.in === "header") headers[what.name] = value;
  }
  const text = query.toString();
  if (area) headers["Content-Type"] = "application/json";
  return { verb, url: new URL(filled + (text ? "?" + text : ""), document.baseURI).href, headers, body: area?.value };
}

/* The answer's status, headers and body, the body's numbers as they came. */
async function answerOf(request) {
  const started = performance.now();
  const answer = await fetch(request.url, { method: request.verb.toUpperCase(), cache: "no-store", body: request.body,
    headers: { ...account.headers(), ...request.headers } });
  const text = await answer.text();
  const took = Math.round(performance.now() - started);
  const isJson = (answer.headers.get("Content-Type") || "").includes("json");
  announce("The gateway answered " + answer.status + ".");
  return [
    make("p", {}, make("span", { className: "status " + (answer.ok ? "good" : "bad") }, `${answer.status} ${answer.statusText}`), ` in ${took} ms`),
    make("details", {}, make("summary", {}, "Headers"), make("pre", {}, [...answer.headers].map(x => x.join(": ")).join("\n"))),
    text ? make("pre", { className: "answer", tabIndex: 0 }, isJson ? pretty(text) : text) : make("p", { className: "dim" }, "No body."),
  ];
}

/* `example` is the body to begin with; undefined: the operation takes none. */
export function tryIt({ verb, path, parameters, example }) {
  const inputs = parameters.filter(x => !isQuiet(x)).map(what => ({ what, control: controlOf(what) }));
  const body = example === undefined ? null : JSON.stringify(example, null, 2);
  const area = body === null ? null : editor(body, Math.min(16, body.split("\n").length + 1));
  const send = make("button", { type: "submit", className: "main" }, "Send");
  const command = make("pre", { tabIndex: 0 });
  const result = make("div");
  const about = freshId("try");
  const draw = () => { command.textContent = curlOf(requestOf({ verb, path, inputs, area })); };
  const form = make("form", { className: "card", "aria-labelledby": about, autocomplete: "off", oninput: draw },
    make("div", { className: "grid" }, ...inputs.map(({ what, control }) => field(what.name + (what.required ? " *" : ""), control, what.in))),
    area ? field("Body", area) : null,
    make("details", {}, make("summary", {}, "The same with curl"), command),
    make("p", {}, send), result);
  form.onsubmit = event => {
    event.preventDefault();
    once(send, async () => {
      result.setAttribute("aria-busy", "true");
      try {
        result.replaceChildren(...await answerOf(requestOf({ verb, path, inputs, area })));
      } catch {
        result.replaceChildren(refusal(new Error("The request could not be sent. Check that the gateway runs, and that the token is printable ASCII.")));
      }
      result.removeAttribute("aria-busy");
    });
  };
  form.hidden = true;
  draw();
  const toggle = make("button", { type: "button", id: about, "aria-expanded": "false" }, "Try it out");
  toggle.onclick = () => {
    form.hidden = !form.hidden;
    toggle.setAttribute("aria-expanded", !form.hidden);
    if (!form.hidden) form.querySelector("input, select, textarea, button")?.focus();
  };
  return make("div", {}, toggle, form);
}
