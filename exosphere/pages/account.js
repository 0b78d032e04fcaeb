/*
 * The account page: another password for the account that is logged in.
 *
 * Input: the form. Output: a request, and how it ended. Invariant: nothing is sent while the two new passwords
 * differ; the fields are empty after a change.
 */
import { ask, begin, byId } from "./api.js";

async function change() {
  byId("error").textContent = "";
  byId("done").textContent = "";
  const [current, password] = [byId("current").value, byId("password").value];
  if (password !== byId("again").value) {
    byId("error").textContent = "The two new passwords differ.";
    byId("again").focus();
    return;
  }
  try {
    await ask("/me/password", { method: "PUT", body: { current, password } });
    byId("change").reset();
    byId("done").textContent = "The password is changed.";
  } catch (error) {
    byId("error").textContent = error.message;
  }
}

byId("change").addEventListener("submit", (event) => {
  event.preventDefault();
  void change();
});
await begin();
