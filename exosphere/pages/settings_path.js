/*
 * Values inside a configuration document, by the paths that its check names, such as `table.columns[3].type`.
 *
 * Input: a document, a path. Output: a value, or the changed document. Invariant: a setting without a value is
 * not there at all, because the board has a default for it.
 */

function segments(path) {
  return path.match(/[^.[\]]+/g) ?? [];
}

/** undefined where the document says nothing. */
export function valueAt(document, path) {
  return segments(path).reduce((value, name) => value?.[name], document);
}

/** `undefined` removes the setting. The objects above it must exist. */
export function setAt(document, path, value) {
  const names = segments(path);
  const last = names.pop();
  const parent = names.reduce((found, name) => found[name], document);
  if (value !== undefined) parent[last] = value;
  else if (Array.isArray(parent)) parent.splice(Number(last), 1);
  else delete parent[last];
}

/** The path without its last segment; "" at the top. */
export function parentOf(path) {
  return path.replace(/(\.|^)[^.[\]]+$|\[\d+\]$/, "");
}

/** Every secret of a document. */
export const SECRET_PATHS = ["device.password", "network.password", "endpoint.key", "endpoint2.key", "endpoint3.key", "api.token"];

/** The document as it may be shown: a secret is `mark`, whether it is new or lies on the board. */
export function masked(document, mark) {
  const copy = structuredClone(document);
  for (const path of SECRET_PATHS) if (valueAt(copy, path)) setAt(copy, path, mark);
  return copy;
}

/** Every use of a pin, as [path, gpio]. */
export function pinsOf(document, path = "") {
  if (typeof document !== "object" || document === null) return [];
  return Object.entries(document).flatMap(([name, value]) => {
    const at = Array.isArray(document) ? `${path}[${name}]` : path === "" ? name : `${path}.${name}`;
    return name === "pin" && typeof value === "number" ? [[at, value]] : pinsOf(value, at);
  });
}
