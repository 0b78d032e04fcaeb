/*
 * The interpreter's http module, imitated.
 *
 * Input: a function that answers requests, a queue for events, and a maker of the program's own error objects. Output: `request` and `createServer` in
 * the interpreter's shapes. Invariant: every callback goes through the queue, as the interpreter's idle
 * loop would call it; header names are kept as the server sent them.
 */

export interface FakeAnswer {
  status: number;
  headers: { [name: string]: string };
  body: string;
}

/** Answers a request; undefined: the connection is refused. */
export type Serve = (request: { method: string; url: string; headers: { [name: string]: string | number }; body: string }) => FakeAnswer | undefined;

type Handlers = { [event: string]: ((value?: unknown) => void) | undefined };

export function createFakeHttp(serve: () => Serve | undefined, queue: (event: () => void) => void, newError: (message: string) => unknown): object {
  return {
    request(options: { host: string; port: number; path: string; method: string; headers: { [name: string]: string | number } }, onAnswer: (message: object) => void) {
      const own: Handlers = {};
      let body = "";
      const end = (): void => {
        const answer = serve()?.({ method: options.method, url: `http://${options.host}:${String(options.port)}${options.path}`, headers: options.headers, body });
        if (answer === undefined) {
          own["error"]?.(newError("Unable to create socket"));
          return;
        }
        const handlers: Handlers = {};
        onAnswer({ statusCode: String(answer.status), headers: answer.headers, on: (event: string, handler: (value?: unknown) => void) => { handlers[event] = handler; } });
        // In two pieces, as a network delivers them.
        const middle = Math.floor(answer.body.length / 2);
        for (const piece of [answer.body.substring(0, middle), answer.body.substring(middle)]) {
          if (piece !== "") queue(() => handlers["data"]?.(piece));
        }
        queue(() => { handlers["end"]?.(); handlers["close"]?.(); });
      };
      return {
        on: (event: string, handler: (value?: unknown) => void) => { own[event] = handler; },
        write: (data: string) => { body += data; queue(() => own["drain"]?.()); },
        end: (data?: string) => { body += data ?? ""; queue(end); },
      };
    },
    createServer: () => ({ listen: () => undefined }),
  };
}
