/*
 * Two threads that make PDFs.
 *
 * Input: contents of statements. Output: bytes. Invariants: no more threads than THREADS, each with one paper at a time,
 * so memory does not grow with what waits; threads end when they have had nothing to do for a while, and never keep the
 * process alive.
 */
import { Worker } from "node:worker_threads";
import { present } from "../invariant";
import type { StatementContent } from "./statement";

const THREADS = 2;
const IDLE_MS = 60_000;

interface Job { content: StatementContent; cancelledOn: string | undefined; resolve: (pdf: Buffer) => void; reject: (error: Error) => void }
interface Answer { id: number; pdf?: Uint8Array; error?: string }

export class PdfPool {
  private readonly waiting: Job[] = [];
  private readonly threads = new Set<Worker>();
  private readonly idle: Worker[] = [];
  private readonly jobs = new Map<Worker, Job>();
  private timer: NodeJS.Timeout | undefined;
  private isClosed = false;

  /** The paper of a statement; `cancelledOn` is a local day. */
  make(content: StatementContent, cancelledOn?: string): Promise<Buffer> {
    if (this.isClosed) return Promise.reject(new Error("the server is closing"));
    return new Promise((resolve, reject) => {
      this.waiting.push({ content, cancelledOn, resolve, reject });
      this.next();
    });
  }

  private next(): void {
    clearTimeout(this.timer);
    while (this.waiting.length > 0 && (this.idle.length > 0 || this.threads.size < THREADS)) {
      const thread = this.idle.pop() ?? this.begin();
      const job = present(this.waiting.shift(), "something waits");
      this.jobs.set(thread, job);
      thread.ref();
      thread.postMessage({ id: 1, content: job.content, cancelledOn: job.cancelledOn });
    }
    if (this.jobs.size > 0) return;
    this.timer = setTimeout(() => void this.end(), IDLE_MS);
    this.timer.unref();
  }

  private begin(): Worker {
    const thread = new Worker(new URL("./pdf_worker.mjs", import.meta.url), { execArgv: [] });
    this.threads.add(thread);
    thread.on("message", ({ pdf, error }: Answer) => {
      const job = this.jobs.get(thread);
      this.jobs.delete(thread);
      this.idle.push(thread);
      thread.unref();
      if (pdf !== undefined) job?.resolve(Buffer.from(pdf.buffer, pdf.byteOffset, pdf.byteLength));
      else job?.reject(new Error(`the PDF could not be made: ${String(error)}`));
      this.next();
    });
    thread.on("error", (error) => this.lose(thread, error instanceof Error ? error : new Error(String(error))));
    thread.on("exit", () => this.lose(thread, new Error("the thread that makes PDFs has ended")));
    return thread;
  }

  /** Another thread takes what waits; the paper that this one made fails. */
  private lose(thread: Worker, error: Error): void {
    if (!this.threads.delete(thread)) return;
    const place = this.idle.indexOf(thread);
    if (place >= 0) this.idle.splice(place, 1);
    this.jobs.get(thread)?.reject(error);
    this.jobs.delete(thread);
    if (!this.isClosed) this.next();
  }

  private async end(): Promise<void> {
    const threads = [...this.threads];
    this.threads.clear();
    this.idle.length = 0;
    await Promise.all(threads.map((thread) => thread.terminate()));
  }

  async close(): Promise<void> {
    this.isClosed = true;
    clearTimeout(this.timer);
    for (const job of this.waiting.splice(0)) job.reject(new Error("the server is closing"));
    await this.end();
  }
}
