/* Catalogs, their schemas and tables, and a table's rows. */

import { call, get, nameOf, query } from "./api.js";
import { elements, isNumber, members, plain } from "./json.js";
import { announce, button, field, freshId, input, make, once, pager, refusal, select, show } from "./page.js";
import { rowTable } from "./table.js";

const operators = [["eq", "="], ["ne", "≠"], ["lt", "<"], ["lte", "≤"], ["gt", ">"], ["gte", "≥"], ["like", "like"],
  ["in", "one of"], ["not_in", "none of"], ["is_null", "is null"]];

async function names(path) {
  return elements((await get(path)).text).map(plain);
}

/* An item that opens to a list, which is asked for each time it opens. */
function branch(name, kind, children, isOpen) {
  const list = make("ul", { id: freshId("branch"), hidden: true });
  const control = make("button", { type: "button", className: "twig", "aria-expanded": "false", "aria-controls": list.id,
    title: kind + " " + name }, name);
  const toggle = async () => {
    const opens = list.hidden;
    list.hidden = !opens;
    control.setAttribute("aria-expanded", opens);
    if (!opens) return;
    list.replaceChildren(make("li", { className: "dim" }, "Reading …"));
    await show(list, async () => {
      const found = await children();
      return found.length ? found : make("li", { className: "dim" }, "Nothing that you may see.");
    });
  };
  control.onclick = toggle;
  if (isOpen) toggle();
  return make("li", {}, control, list);
}

function tree(wanted, open) {
  const root = make("ul", { className: "tree" });
  const link = (...path) => make("li", {}, make("a", {
    href: "#/catalog/" + path.map(encodeURIComponent).join("/"),
    "aria-current": path.join("\n") === wanted.join("\n") ? "true" : null,
    onclick: event => {
      if (event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      history.pushState(null, "", event.currentTarget.getAttribute("href"));
      root.querySelector("a[aria-current]")?.removeAttribute("aria-current");
      event.currentTarget.setAttribute("aria-current", "true");
      open(path, true);
    },
  }, path[2]));
  const schemas = catalog => async () => (await names("api/unity-catalog/schemas" + query({ catalog })))
    .map(schema => branch(schema, "Schema", tables(catalog, schema), wanted[0] === catalog && wanted[1] === schema));
  const tables = (catalog, schema) => async () =>
    (await names("api/unity-catalog/table-names" + query({ catalog, schema }))).map(table => link(catalog, schema, table));
  show(root, async () => {
    const found = await names("api/unity-catalog/catalogs");
    return found.length ? found.map(x => branch(x, "Catalog", schemas(x), wanted[0] === x))
      : make("li", { className: "dim" }, "You may see no catalog.");
  });
  return root;
}

/* The condition's value as JSON text. Numbers go as they were typed, digit for digit. */
function valueText(type, operator, typed) {
  const one = text => {
    if (/^bool/i.test(type)) {
      if (text !== "true" && text !== "false") throw new Error(`"${text}" is neither true nor false.`);
      return text;
    }
    if (/^(byte|tinyint|short|smallint|int|long|bigint|float|double)/i.test(type)) {
      if (!isNumber(text)) throw new Error(`"${text}" is no number.`);
      return text;
    }
    return JSON.stringify(text);
  };
  if (operator === "is_null") return typed.trim() === "false" ? "false" : "true";
  if (operator === "in" || operator === "not_in") return "[" + typed.split(",").map(x => one(x.trim())).join(",") + "]";
  return one(/^(string|char|varchar)/i.test(type) ? typed : typed.trim());
}

/* The rows of conditions; `read` gives them as JSON text and throws what a person should change. */
function filterRows(columns) {
  const box = make("div");
  const add = () => {
    const column = select(columns.map(([name]) => [name, name]));
    const operator = select(operators);
    const value = input();
    const row = make("div", { className: "row filter" }, field("Column", column), field("Is", operator), field("Value", value));
    const describe = () => {
      value.disabled = operator.value === "is_null";
      value.placeholder = operator.value.endsWith("in") ? "values, separated by commas" : "";
    };
    operator.onchange = describe;
    row.append(button("Remove", () => { row.remove(); announce("The filter is removed."); }));
    row.read = () => [column.value, operator.value, valueText(columns.find(([name]) => name === column.value)[1], operator.value, value.value)];
    box.append(row);
    column.focus();
  };
  const read = () => {
    const found = new Map();
    for (const row of box.children) {
      const [column, operator, value] = row.read();
      if (!found.has(column)) found.set(column, new Map());
      if (found.get(column).has(operator)) throw new Error(`"${column}" has two filters of the same kind; keep one.`);
      found.get(column).set(operator, value);
    }
    const object = (map, text) => "{" + [...map].map(([key, x]) => JSON.stringify(key) + ":" + text(x)).join(",") + "}";
    return object(found, inner => object(inner, x => x));
  };
  return { box, add, read };
}

/* A table's rows with filters, order and pages. */
function preview(place, [catalog, schema, table], takesFocus) {
  const state = { offset: 0, limit: 20, order: [], filters: "{}" };
  const full = [catalog, schema, table].join(".");
  const heading = make("h2", { tabIndex: -1 }, full);
  const facts = make("p", { className: "dim" });
  const controls = make("form", { className: "card", hidden: true });
  const result = make("div");
  place.replaceChildren(heading, facts, controls, result);
  if (takesFocus) heading.focus();

  const load = () => show(result, async () => {
    const { filters, limit, offset, order } = state;
    const plainly = JSON.stringify({ catalog, schema, table, limit, offset, include_total: true, ...(order.length ? { order_by: order } : {}) });
    const body = plainly.slice(0, -1) + `,"filters":${filters}}`;
    const answer = members((await call("POST", "api/unity-catalog/query", { body })).text);
    const source = members(answer.get("data_source"));
    const columns = elements(source.get("columns")).map(x => members(x)).map(x => [nameOf(x, "name"), nameOf(x, "data_type")]);
    if (controls.hidden) buildControls(columns);
    const rows = elements(answer.get("rows"));
    const total = answer.get("total_row_count") === "null" ? null : Number(answer.get("total_row_count"));
    const ordered = elements(answer.get("order_by")).map(plain);
    facts.textContent = `${columns.length} columns, owner ${nameOf(source, "owner")}, read in ${answer.get("execution_time_ms")} ms` +
      (ordered.length ? `, ordered by ${ordered.join(", ")}` : ", in no order: pages may overlap until a column is chosen");
    announce(`${rows.length} rows of ${total ?? "an unknown number"} shown.`);
    return [
      pager({ offset, shown: rows.length, limit, total, noun: "rows", go: to => { state.offset = to; load(); } }),
      rowTable("Rows of " + full, columns, rows, ordered, next => { state.order = [next]; state.offset = 0; load(); }),
      make("details", {}, make("summary", {}, "The SQL statement"), make("pre", {}, nameOf(answer, "sql_statement"))),
    ];
  });

  function buildControls(columns) {
    const filters = filterRows(columns);
    const limit = select([10, 20, 50, 100, 1000].map(x => [x, String(x)]), "20");
    const fault = make("div");
    const apply = make("button", { type: "submit", className: "main" }, "Apply");
    controls.append(filters.box, make("div", { className: "row" }, button("Add a filter", filters.add), field("Rows a page", limit), apply), fault);
    controls.onsubmit = event => {
      event.preventDefault();
      once(apply, async () => {
        try {
          Object.assign(state, { filters: filters.read(), limit: Number(limit.value), offset: 0 });
          fault.replaceChildren();
          await load();
        } catch (error) {
          fault.replaceChildren(refusal(error));
        }
      });
    };
    controls.hidden = false;
  }
  load();
}

export function showCatalog(place, wanted) {
  const right = make("section", { "aria-label": "Table" }, make("p", { className: "dim" }, "Choose a table to see its rows."));
  const left = make("nav", { "aria-label": "Catalogs", className: "side" },
    tree(wanted, (path, takesFocus) => preview(right, path, takesFocus)));
  place.replaceChildren(make("div", { className: "split" }, left, right));
  if (wanted.length === 3) preview(right, wanted, false);
}
