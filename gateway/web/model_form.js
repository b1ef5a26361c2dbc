/* A form made of a model's JSON Schema, filled with the example. */

import { faultOfObject, isInteger, isNumber, members, plain, pretty } from "./json.js";
import { button, editor, field, input, make, select } from "./page.js";

const typeOf = schema => Array.isArray(schema.type) ? "any" : schema.type || (schema.enum ? "string" : "any");

function hintOf(schema, isRequired) {
  const parts = [typeOf(schema) === "any" ? "JSON" : typeOf(schema)];
  if (schema.minimum !== undefined) parts.push("at least " + schema.minimum);
  if (schema.maximum !== undefined) parts.push("at most " + schema.maximum);
  if (!isRequired) parts.push("may be left empty");
  return (schema.description ? schema.description + " " : "") + parts.join(", ") + ".";
}

/* One control and how its value becomes JSON text; empty text leaves the member out. */
function controlOf(name, schema, isRequired, example) {
  const type = typeOf(schema);
  const choices = schema.enum || (type === "boolean" ? [true, false] : null);
  if (choices) {
    const texts = choices.map(x => JSON.stringify(x));
    const control = select([...(isRequired ? [] : [["", ""]]), ...texts.map(x => [x, plain(x)])], example ?? (isRequired ? texts[0] : ""));
    return [control, () => control.value];
  }
  if (type === "number" || type === "integer") {
    const control = input({ value: example === undefined || example === "null" ? "" : example, inputMode: "decimal", required: isRequired });
    return [control, () => {
      const text = control.value.trim();
      if (text && !(type === "integer" ? isInteger : isNumber)(text)) throw new Error(`${name} must be ${type === "integer" ? "an integer" : "a number"}, not "${text}".`);
      return text;
    }];
  }
  if (type === "string") {
    const control = input({ value: example === undefined ? "" : plain(example), required: false });
    return [control, () => control.value || isRequired ? JSON.stringify(control.value) : ""];
  }
  const control = editor(example === undefined ? "" : pretty(example), Math.min(12, example ? pretty(example).split("\n").length + 1 : 3));
  return [control, () => {
    if (control.value.trim()) JSON.parse(control.value);
    return control.value.trim();
  }];
}

function fieldsOf(schema, example) {
  const required = new Set(schema.required || []);
  const given = members(example || "{}");
  return Object.entries(schema.properties).map(([name, raw]) => {
    const [control, read] = controlOf(name, raw, required.has(name), given.get(name));
    return { name, isRequired: required.has(name), read, control, box: field(name + (required.has(name) ? " *" : ""), control, hintOf(raw, required.has(name))) };
  });
}

/* { box, read }: `read` gives the inputs as JSON text, or throws what a person should change. `schemaText` and
   `exampleText` are slices, null where nothing was detected. */
export function modelForm(schemaText, exampleText) {
  const schema = JSON.parse(schemaText || "null");
  const example = exampleText && exampleText !== "null" ? exampleText : "{}";
  const hasFields = schema?.properties && Object.keys(schema.properties).length > 0 && !faultOfObject(example);
  const fields = hasFields ? fieldsOf(schema, example) : [];
  const whole = editor(pretty(example), 10);
  const wholeBox = field("Inputs", whole, "A JSON object, sent as it is.");
  const formBox = make("div", {}, ...fields.map(x => x.box));

  const readFields = () => "{" + fields.flatMap(({ name, read, isRequired, control }) => {
    let text;
    try {
      text = read();
    } catch (error) {
      control.focus();
      throw error instanceof SyntaxError ? new Error(`${name} is not JSON: ${error.message}.`) : error;
    }
    if (!text && isRequired) { control.focus(); throw new Error(`${name} is needed.`); }
    return text ? [JSON.stringify(name) + ":" + text] : [];
  }).join(",") + "}";
  const readWhole = () => {
    const wrong = faultOfObject(whole.value);
    if (wrong) { whole.focus(); throw new Error(wrong); }
    return whole.value;
  };

  let isWhole = !hasFields;
  const draw = () => {
    formBox.hidden = isWhole;
    wholeBox.hidden = !isWhole;
    // Hidden controls must not stop the form from being sent.
    for (const { control } of fields) control.disabled = isWhole;
    toggle.textContent = isWhole ? "Edit as a form" : "Edit as JSON";
  };
  const toggle = button("", () => {
    if (!isWhole) {
      try { whole.value = pretty(readFields()); } catch { /* what can't be read stays in the form */ }
    }
    isWhole = !isWhole;
    draw();
  });
  draw();
  const note = schema?.description ? make("p", { className: "dim" }, schema.description) : null;
  return { box: make("div", {}, note, formBox, wholeBox, hasFields ? make("p", {}, toggle) : null), read: () => isWhole ? readWhole() : readFields() };
}
