/*
 * The login page: name and password, or the one-time link behind "#".
 *
 * Input: the form, or location.hash. Output: a session cookie and the sessions page. Invariant: a link's
 * secret leaves the address bar before anything else happens.
 */
import { ask, byId } from "./api.js";

async function enter(body) {
  byId("error").textContent = "";
  try {
    await ask("/login", { method: "POST", body });
    location.replace("/");
  } catch (error) {
    byId("error").textContent = error.message;
  }
}

function enterByLink() {
  const link = location.hash.slice(1);
  if (link === "") return;
  history.replaceState(null, "", "/login.html");
  void enter({ link });
}

enterByLink();
// A link pasted into the open login page changes only the part behind "#".
addEventListener("hashchange", enterByLink);
byId("login").addEventListener("submit", (event) => {
  event.preventDefault();
  void enter({ name: byId("name").value, password: byId("password").value });
});
