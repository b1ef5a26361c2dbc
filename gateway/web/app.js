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
let user = null;

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
  if (!user) return;
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
  try {
    const me = await getMembers("api/user/me");
    const name = nameOf(me, "displayName") || nameOf(me, "userName");
    corner.replaceChildren(make("span", { id: "who", title: nameOf(me, "userName") }, nameOf(me, "userName")));
    if (!account.needsNoToken()) corner.append(button("Sign out", signOut));
    return name;
  } catch (error) {
    corner.replaceChildren();
    throw error;
  }
}

function signOut() {
  account.forget();
  user = null;
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

async function enter(isAnswer) {
  main.setAttribute("aria-busy", "true");
  try {
    user = await account.findOut();
    if (user) {
      await showUser();
      route(isAnswer);
    } else if (account.token()) {
      // Asks again for the reason: the token's end and a workspace that is away differ.
      user = await showUser();
    } else {
      askForToken();
    }
  } catch (error) {
    user = null;
    askForToken(error.message);
  }
  main.removeAttribute("aria-busy");
}

addEventListener("hashchange", route);
addEventListener("signed-out", event => {
  if (account.needsNoToken() || !user) return;
  user = null;
  corner.replaceChildren();
  askForToken(event.detail);
});
enter();
