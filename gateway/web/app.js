/* The console: who is here, and which view is shown. */

import * as account from "./account.js";
import { getMembers, nameOf } from "./api.js";
import { showCatalog } from "./catalog.js";
import { showHistory } from "./history.js";
import { showModels } from "./models.js";
import { announce, button, field, input, make, refusal } from "./page.js";
import { showPreferences } from "./preferences.js";

const views = {
  catalog: ["Catalog", showCatalog],
  models: ["Models", showModels],
  history: ["Inference history", showHistory],
  preferences: ["Preferences", showPreferences],
};

const main = document.getElementById("main");
const corner = document.getElementById("account");
let isKnown = false;

/* #/models/nyctaxi-fare is the view "models" with ["nyctaxi-fare"]. */
function place() {
  const [name, ...rest] = location.hash.replace(/^#\/?/, "").split("/");
  try {
    return [views[name] ? name : "catalog", rest.map(decodeURIComponent)];
  } catch {
    return ["catalog", []];
  }
}

function route(event) {
  if (!isKnown) return;
  const [name, rest] = place();
  const [title, view] = views[name];
  document.title = title + " · Lakegate";
  announce("");
  for (const link of document.querySelectorAll("#views a"))
    link.toggleAttribute("aria-current", false);
  document.querySelector(`#views a[href="#/${name}"]`).setAttribute("aria-current", "page");
  const heading = make("h1", { tabIndex: -1 }, title);
  const body = make("div");
  main.replaceChildren(heading, body);
  if (event) heading.focus();
  view(body, rest);
}

async function showUser() {
  corner.replaceChildren();
  const me = await getMembers("api/user/me");
  corner.append(make("span", { id: "who", title: nameOf(me, "displayName") }, nameOf(me, "userName")));
  if (!account.needsNoToken()) corner.append(button("Sign out", signOut));
}

function signOut() {
  account.forget();
  isKnown = false;
  corner.replaceChildren();
  askForToken();
  announce("The token is forgotten.");
}

/* Only where no proxy sends the token. */
function askForToken(why) {
  const control = input({ type: "password", required: true, name: "token" });
  const fault = make("div");
  const form = make("form", { className: "card narrow", autocomplete: "off" },
    make("h1", { tabIndex: -1 }, "Who are you?"),
    make("p", {}, "No proxy in front of this gateway says who you are, so it needs an access token of your workspace. " +
      "It is kept in this tab and sent to this gateway only."),
    field("Access token", control, "With the sandbox: sandbox-analyst, sandbox-engineer or sandbox-guest."),
    make("button", { type: "submit", className: "main" }, "Continue"), fault);
  form.onsubmit = event => {
    event.preventDefault();
    if (!account.isToken(control.value.trim()))
      return fault.replaceChildren(refusal(new Error("A token is printable ASCII without blanks.")));
    account.keep(control.value.trim());
    enter(true);
  };
  if (why) fault.append(refusal(new Error(why)));
  document.title = "Sign in · Lakegate";
  main.replaceChildren(form);
  control.focus();
}

/* Neither a token's absence nor its refusal: the gateway, the workspace or the proxy's token is at fault. */
function showFault(error) {
  document.title = "Lakegate";
  main.replaceChildren(make("h1", { tabIndex: -1 }, "Lakegate can't tell who you are"), refusal(error),
    make("p", {}, button("Try again", () => enter(true)), " ", account.token() ? button("Use another token", signOut) : null));
}

async function enter(isAnswer) {
  main.setAttribute("aria-busy", "true");
  try {
    await account.findOut();
    // Where nobody is known this asks again, for the reason.
    await showUser();
    isKnown = true;
    route(isAnswer);
  } catch (error) {
    isKnown = false;
    if (error.code === "AUTH_MISSING") askForToken();
    else if (account.token() && error.status === 401) askForToken(error.message);
    else showFault(error);
  }
  main.removeAttribute("aria-busy");
}

addEventListener("hashchange", route);
addEventListener("signed-out", event => {
  if (account.needsNoToken() || !isKnown) return;
  isKnown = false;
  corner.replaceChildren();
  askForToken(event.detail);
});
enter();
