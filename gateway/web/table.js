/* A table of rows that are slices of JSON text: numbers keep their digits. */

import { make } from "./page.js";
import { members, plain } from "./json.js";

const numeric = /^(byte|tinyint|short|smallint|int|integer|long|bigint|float|double|decimal)/i;

const moment = /^(date|timestamp)/i;

function cell(slice, type) {
  if (slice === undefined || slice === "null") return make("td", { className: "dim" }, "null");
  return make("td", { className: numeric.test(type) ? "number" : moment.test(type) ? "moment" : "" }, plain(slice));
}

/* `columns` is [[name, type]…]; `order` is what the rows are ordered by ("name" or "-name"), and `onOrder` is told
   the next one when a heading is pressed. */
export function rowTable(caption, columns, rows, order, onOrder) {
  const heading = ([name, type]) => {
    const direction = order[0] === name ? "ascending" : order[0] === "-" + name ? "descending" : "none";
    const next = direction === "ascending" ? "-" + name : name;
    const mark = { ascending: " ▲", descending: " ▼", none: "" }[direction];
    return make("th", { scope: "col", "aria-sort": direction },
      make("button", { type: "button", className: "heading", onclick: () => onOrder(next), title: "Order by " + name },
        name, make("span", { "aria-hidden": "true" }, mark)),
      make("small", {}, type.toLowerCase()));
  };
  const body = rows.map(text => {
    const values = members(text);
    return make("tr", {}, ...columns.map(([name, type]) => cell(values.get(name), type)));
  });
  return make("div", { className: "scroll", tabIndex: 0, role: "region", "aria-label": caption },
    make("table", {}, make("caption", {}, caption),
      make("thead", {}, make("tr", {}, ...columns.map(heading))), make("tbody", {}, ...body)));
}
