/*
 * Counts of one process of the endpoint, in the text format of Prometheus.
 *
 * Input: requests and outcomes of uploads. Output: text. Invariants: a label is a route, a method, a status or an outcome,
 * never something that a request chose, so the number of series is bounded; counts are of this process since its start.
 */
import { collectDefaultMetrics, Counter, Histogram, Registry } from "prom-client";

let ofProcess: Registry | undefined;

/** Memory, processor time and event loop of this process; watched from the first request on. */
function processRegistry(): Registry {
  if (ofProcess === undefined) {
    ofProcess = new Registry();
    collectDefaultMetrics({ register: ofProcess });
  }
  return ofProcess;
}

export class Metrics {
  private readonly registry = new Registry();
  private readonly seconds: Histogram<"method" | "route" | "status">;
  private readonly records: Counter<"outcome">;

  constructor() {
    this.seconds = new Histogram({
      name: "exosphere_http_request_seconds", help: "Requests by route and status.", labelNames: ["method", "route", "status"], registers: [this.registry],
      buckets: [0.005, 0.02, 0.1, 0.3, 1, 5, 15],
    });
    this.records = new Counter({ name: "exosphere_records_total", help: "Records of uploads by outcome.", labelNames: ["outcome"], registers: [this.registry] });
  }

  countRequest(method: string, route: string, status: number, seconds: number): void {
    this.seconds.observe({ method, route, status: String(status) }, seconds);
  }

  countRecords(acknowledged: number, refused: number): void {
    this.records.inc({ outcome: "acknowledged" }, acknowledged);
    this.records.inc({ outcome: "refused" }, refused);
  }

  get contentType(): string {
    return this.registry.contentType;
  }

  text(): Promise<string> {
    return Registry.merge([processRegistry(), this.registry]).metrics();
  }
}
