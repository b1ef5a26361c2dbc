/* Calls of the gateway's API. */

import * as account from "./account.js";
import { members, plain } from "./json.js";

/* An answer that is no success, in the words of the gateway. */
export class Refusal extends Error {
  constructor(status, text, answer) {
    super("The gateway answered " + status + ".");
    this.status = status;
    this.correlation = answer.headers.get("X-Correlation-ID") || "";
    this.details = "";
    try {
      const { detail } = JSON.parse(text);
      this.code = detail.error_code;
      this.message = detail.message;
      const { errors, ...more } = detail.technical_details || {};
      this.faults = (errors || []).map(x => x.field + ": " + x.reason);
      if (Object.keys(more).length) this.details = JSON.stringify(more, null, 2);
      this.retryAfter = detail.retry_after;
    } catch { /* an answer of something between us and the gateway */ }
  }
}

export const query = parameters => {
  const given = Object.entries(parameters).filter(([, value]) => value !== "" && value !== null && value !== undefined);
  return given.length ? "?" + new URLSearchParams(given) : "";
};

/* `body` is JSON text. Gives { status, text, etag, skipped, total }; throws a Refusal, or an Error if nothing answered. */
export async function call(method, path, { body, headers = {}, signal } = {}) {
  const sent = { ...account.headers(), ...headers };
  if (body !== undefined) sent["Content-Type"] = "application/json";
  let answer;
  try {
    answer = await fetch(path, { method, headers: sent, body, signal, cache: "no-store" });
  } catch (error) {
    if (error.name === "AbortError") throw error;
    throw new Error("The gateway can't be reached. Check that it runs, and try again.");
  }
  const text = await answer.text();
  if (!answer.ok) throw new Refusal(answer.status, text, answer);
  const total = answer.headers.get("X-Total-Count");
  return { status: answer.status, text, etag: answer.headers.get("ETag"),
    skipped: Number(answer.headers.get("X-Skipped-Rows")), total: total === null ? null : Number(total) };
}

export const get = (path, options) => call("GET", path, options);

/* The answer's members by name, each a slice of text. */
export async function getMembers(path, options) {
  return members((await get(path, options)).text);
}

export const nameOf = (object, key) => plain(object.get(key));
