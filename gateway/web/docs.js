/* Renders openapi.json, the gateway's own document, and nothing else. */

import * as account from "./account.js";
import { announce, make, refusal } from "./page.js";
import { tryIt } from "./try_it.js";

const verbs = ["get", "put", "post", "delete", "patch"];
const at = id => document.getElementById(id);

/* What a $ref points to (RFC 6901). */
function follow(doc, x) {
  for (let hops = 0; x?.$ref && hops < 8; ++hops)
    x = x.$ref.replace(/^#\//, "").split("/").reduce((place, key) => place?.[key.replace(/~1/g, "/").replace(/~0/g, "~")], doc);
  return x ?? {};
}

/* A schema with its references filled in, deep enough to read. */
function expand(doc, schema, depth = 6) {
  schema = follow(doc, schema);
  if (depth === 0 || typeof schema !== "object") return schema;
  const inner = x => expand(doc, x, depth - 1);
  return Object.fromEntries(Object.entries(schema).map(([key, value]) => {
    if (key === "properties") return [key, Object.fromEntries(Object.entries(value).map(([name, x]) => [name, inner(x)]))];
    if (key === "items" || (key === "additionalProperties" && typeof value === "object")) return [key, inner(value)];
    if (["anyOf", "oneOf", "allOf"].includes(key)) return [key, value.map(inner)];
    return [key, value];
  }));
}

/* `back-quoted` words as code. */
function prose(text, tag = "p") {
  const parts = text.split("`").map((x, i) => i % 2 ? make("code", {}, x) : x);
  return make(tag, { className: "about" }, ...parts);
}

function fold(title, value) {
  return make("details", {}, make("summary", {}, title),
    make("pre", { tabIndex: 0 }, typeof value === "string" ? value : JSON.stringify(value, null, 2)));
}

function examplesOf(doc, media) {
  if (media.examples) return Object.entries(media.examples).map(([name, x]) => [name, follow(doc, x).value]);
  return media.example === undefined ? [] : [["example", media.example]];
}

function contentOf(doc, content = {}) {
  return Object.entries(content).flatMap(([type, media]) => [
    media.schema ? fold(type + ": schema", expand(doc, media.schema)) : null,
    ...examplesOf(doc, media).map(([name, value]) => fold("example: " + name, value)),
  ]).filter(Boolean);
}

function tableOf(caption, heads, rows) {
  const cells = (row, tag) => row.map(x => make(tag, tag === "th" ? { scope: "col" } : {}, ...[x].flat()));
  return make("table", { className: "facts" }, make("caption", {}, caption),
    make("thead", {}, make("tr", {}, ...cells(heads, "th"))), make("tbody", {}, ...rows.map(row => make("tr", {}, ...cells(row, "td")))));
}

const limits = ["type", "format", "minimum", "maximum", "minLength", "maxLength", "default", "enum"];

function bodyOf(doc, verb, path, operation, parameters) {
  const box = make("div", { className: "body" });
  if (operation.description) box.append(prose(operation.description));
  if (parameters.length)
    box.append(make("h3", {}, "Parameters"), tableOf("Parameters", ["name", "in", "what it takes", "about"], parameters.map(x => {
      const schema = follow(doc, x.schema);
      return [x.name + (x.required ? " *" : ""), x.in,
        limits.filter(key => schema[key] !== undefined).map(key => key + " " + [schema[key]].flat().join(" | ")).join(", "),
        prose(x.description || "", "span")];
    })));
  const body = operation.requestBody ? follow(doc, operation.requestBody) : null;
  if (body) box.append(make("h3", {}, "Body"), ...contentOf(doc, body.content));
  const media = body?.content?.["application/json"];
  const example = media ? examplesOf(doc, media)[0]?.[1] ?? {} : undefined;
  box.append(tryIt({ verb, path, parameters: parameters.map(x => ({ ...x, schema: follow(doc, x.schema) })), example }));
  box.append(make("h3", {}, "Answers"), tableOf("Answers", ["status", "about", "content"],
    Object.entries(operation.responses || {}).map(([status, raw]) => {
      const answer = follow(doc, raw);
      return [status, prose(answer.description || "", "span"), contentOf(doc, answer.content)];
    })));
  return box;
}

/* Closed it is one line; what is inside is made when it opens first. */
function show(doc, path, verb, operation, shared) {
  const id = operation.operationId;
  const parameters = [...shared, ...(operation.parameters || [])].map(x => follow(doc, x));
  const box = make("details", { className: "operation", id },
    make("summary", {}, make("b", { className: "verb " + verb }, verb.toUpperCase()), make("code", {}, path), make("span", {}, operation.summary || id)));
  box.dataset.words = [verb, path, id, operation.summary].join(" ").toLowerCase();
  box.addEventListener("toggle", () => {
    if (!box.open) return;
    if (box.children.length === 1) box.append(bodyOf(doc, verb, path, operation, parameters));
    history.replaceState(null, "", "#" + id);
  });
  return box;
}

function render(doc) {
  document.title = doc.info.title + " API";
  at("title").textContent = `${doc.info.title} API ${doc.info.version}`;
  at("about").replaceWith(prose(doc.info.description || ""));
  const groups = new Map((doc.tags || []).map(tag => [tag.name, []]));
  for (const [path, item] of Object.entries(doc.paths))
    for (const verb of verbs.filter(x => item[x])) {
      const tag = item[verb].tags?.[0] || "API";
      if (!groups.has(tag)) groups.set(tag, []);
      groups.get(tag).push(show(doc, path, verb, item[verb], item.parameters || []));
    }
  for (const [tag, operations] of groups)
    if (operations.length) at("operations").append(make("section", { "aria-label": tag }, make("h2", {}, tag), ...operations));
}

function find() {
  const words = at("find").value.toLowerCase().split(/\s+/).filter(Boolean);
  let count = 0;
  for (const box of document.querySelectorAll("details.operation")) {
    box.hidden = !words.every(x => box.dataset.words.includes(x));
    if (!box.hidden) ++count;
  }
  for (const section of document.querySelectorAll("#operations > section"))
    section.hidden = !section.querySelector("details.operation:not([hidden])");
  announce(words.length ? `${count} operations fit.` : "");
}

function openNamed() {
  const box = document.getElementById(location.hash.slice(1));
  if (!box?.matches("details.operation")) return;
  box.open = true;
  box.scrollIntoView();
  box.querySelector("summary").focus();
}

async function start() {
  try {
    const answer = await fetch("openapi.json");
    if (!answer.ok) throw new Error("status " + answer.status);
    render(await answer.json());
    openNamed();
  } catch (error) {
    at("about").replaceWith(refusal(new Error("The document could not be read: " + error.message + ". Reload the page to try again.")));
  }
  await account.findOut().catch(() => null);
  at("account").hidden = account.needsNoToken();
  at("token").value = account.token();
}

at("find").addEventListener("input", find);
at("token").addEventListener("input", () => at("token").value.trim() ? account.keep(at("token").value.trim()) : account.forget());
at("account").addEventListener("submit", event => event.preventDefault());
addEventListener("hashchange", openNamed);
start();
