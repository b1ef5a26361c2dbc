/* JSON as text. JSON.parse makes doubles of numbers, which 9007199254740993 and 1.10 don't survive; here
   every value stays the slice of text that it came as. */

const token = /\s*("(?:[^"\\]|\\.)*"|-?\d[\d.eE+-]*|true|false|null|[{}[\],:])/y;

function* tokensOf(text) {
  token.lastIndex = 0;
  for (let at = 0; at < text.length;) {
    token.lastIndex = at;
    const found = token.exec(text);
    if (!found) return;
    at = token.lastIndex;
    yield { text: found[1], end: at };
  }
}

/* The slices of an object's or array's direct members, each with its name (null in an array). */
function children(text) {
  const result = [];
  // A member begins at 1 or later, so a start of 0 means that none has begun.
  let depth = 0, start = 0, name = null, isName = false;
  const finish = end => { if (start) result.push([name, text.slice(start, end).trim()]); start = 0; name = null; };
  const isObject = /^\s*\{/.test(text);
  for (const { text: word, end } of tokensOf(text)) {
    if (depth === 1 && (word === "," || word === "}" || word === "]")) finish(end - 1);
    if (word === "{" || word === "[") {
      if (++depth === 1) { isName = isObject; continue; }
    }
    if (word === "}" || word === "]") { --depth; continue; }
    if (depth === 1 && word === ",") { isName = isObject; continue; }
    if (depth === 1 && word === ":") { isName = false; continue; }
    if (depth === 1 && isName) { name = JSON.parse(word); continue; }
    if (!start) start = end - word.length;
  }
  return result;
}

/* The members of the object that `text` is: a Map from name to slice, in the order of the text. */
export const members = text => new Map(children(text));

/* The slices of the elements of the array that `text` is. */
export const elements = text => children(text).map(([, slice]) => slice);

/* What a string slice says; of any other value its own text. */
export const plain = slice => slice === undefined ? "" : slice.startsWith('"') ? JSON.parse(slice) : slice;

/* The same value with two blanks of indentation a level; every string and number as it was. */
export function pretty(text) {
  let out = "", depth = 0, previous = "";
  const line = () => "\n" + "  ".repeat(depth);
  for (const { text: word } of tokensOf(text)) {
    if (word === "}" || word === "]") {
      --depth;
      if (previous !== "{" && previous !== "[") out += line();
    } else if (previous === "{" || previous === "[" || previous === ",") out += line();
    out += word === ":" ? ": " : word;
    if (word === "{" || word === "[") ++depth;
    previous = word;
  }
  return out;
}

/* What is wrong with `text` as a JSON object, in a sentence; empty: nothing. */
export function faultOfObject(text) {
  try {
    const value = JSON.parse(text);
    return value !== null && typeof value === "object" && !Array.isArray(value) ? "" : "This must be a JSON object, in braces.";
  } catch (error) {
    return "This is not JSON: " + error.message + ".";
  }
}

export const isNumber = text => /^-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?$/.test(text);
export const isInteger = text => /^-?(0|[1-9]\d*)$/.test(text);
