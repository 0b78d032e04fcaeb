/*
 * The other end of a board's network, in a thread of its own: a server that behaves as told, and a client.
 *
 * Input: messages with behaviours for the server, and addresses for the client to ask; a key and a certificate
 * for a server that speaks TLS. Output: messages
 * with the requests seen and the answers got. Invariant: it goes on while the test's own thread waits for
 * the board's console; a board that waits for its peer would otherwise wait for ever.
 */
import { createServer, request } from "node:http";
import { createServer as createSecureServer } from "node:https";
import { parentPort, receiveMessageOnPort, workerData } from "node:worker_threads";

const { control, seen, identity } = workerData;
const PIECE_MS = 60;
let behaviour = { silent: true };

/** Writes bytes as they are, with a pause between two pieces, so that they travel apart. */
function send(socket, pieces, isHeld) {
  const piece = pieces.shift();
  if (piece === undefined) { if (!isHeld) socket.end(); return; }
  socket.write(Buffer.from(piece, "latin1"), () => setTimeout(send, PIECE_MS, socket, pieces, isHeld));
}

function answer(message, response) {
  // The behaviour that was set before the board began applies, whichever message arrives here first.
  for (let told = receiveMessageOnPort(control); told !== undefined; told = receiveMessageOnPort(control)) behaviour = told.message;
  if (behaviour.answer !== undefined) {
    const content = Buffer.from(behaviour.answer.body ?? "", "latin1");
    response.writeHead(behaviour.answer.status, { "Content-Length": content.length, ...behaviour.answer.headers });
    response.end(content);
  } else if (behaviour.cut === true) {
    response.writeHead(200, { "Content-Length": "100" });
    response.write("half", () => message.socket.destroy());
  } else if (behaviour.raw !== undefined) send(message.socket, [...behaviour.raw], behaviour.isHeld);
}

function hear(message, response) {
  let body = "";
  message.setEncoding("latin1");
  message.on("data", (piece) => { body += piece; });
  message.on("end", () => {
    seen.postMessage({ method: message.method, path: message.url, headers: message.headers, body });
    answer(message, response);
  });
}

const server = identity === undefined ? createServer(hear) : createSecureServer({ key: identity.key, cert: identity.certificate, ...identity.only }, hear);

parentPort.on("message", ({ id, port, path, token }) => {
  const end = (status, body) => parentPort.postMessage({ id, status, body });
  const asked = request({ port, host: "127.0.0.1", path, agent: false, headers: { Authorization: `Bearer ${token}` } }, (message) => {
    let body = "";
    message.setEncoding("latin1");
    message.on("data", (piece) => { body += piece; });
    message.on("end", () => end(message.statusCode, body));
  });
  asked.on("error", (error) => end(0, String(error)));
  asked.end();
});

server.listen(0, "127.0.0.1", () => parentPort.postMessage({ id: 0, port: server.address().port }));
