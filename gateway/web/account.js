/* Whose token goes with the requests. Behind the proxy of Databricks Apps the proxy adds it, and this page
   never sees it; elsewhere it is typed in and kept for this tab only. */

const place = "lakegate-token";
let isProxied = false;

export const token = () => isProxied ? "" : sessionStorage.getItem(place) || "";
export const keep = text => sessionStorage.setItem(place, text);
export const forget = () => sessionStorage.removeItem(place);
export const needsNoToken = () => isProxied;
export const headers = () => token() ? { "X-Forwarded-Access-Token": token() } : {};

async function statusWith(sent) {
  const answer = await fetch("api/user/auth/status", { headers: sent, cache: "no-store" });
  return answer.ok ? answer.json() : { authenticated: false, user_id: null };
}

/* Asks once without a token, to see whether a proxy adds one; then with the one that is kept. Gives the user's
   name, or null. */
export async function findOut() {
  const bare = await statusWith({});
  isProxied = bare.authenticated;
  if (isProxied) return bare.user_id;
  return token() ? (await statusWith(headers())).user_id : null;
}

/* True if `text` can be a token at all: printable ASCII without blanks, as the gateway demands. */
export const isToken = text => /^[\x21-\x7e]+$/.test(text);
