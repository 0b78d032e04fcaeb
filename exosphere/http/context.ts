/*
 * The surroundings of every route: the database, the secret, the clock, the limits.
 *
 * Input: options of startServer. Output: one record. Invariant: it does not change while the server runs, but for the log of faults;
 * state that must outlive a request is in the database, so that processes can stand side by side.
 */
import type { PdfPool } from "../billing/pdf_pool";
import type { Database } from "../database/database";
import type { FaultLog } from "../database/fault";
import type { SystemClock } from "../devices/own_clock";
import type { Metrics } from "./metrics";

export interface Limits {
  /** Bytes of one upload. */
  bodyBytes: number;
  /** Requests a minute of one address: devices, pages, attempts to log in. */
  deviceRequestsPerMinute: number;
  pageRequestsPerMinute: number;
  loginsPerMinute: number;
}

export const DEFAULT_LIMITS: Limits = { bodyBytes: 65_536, deviceRequestsPerMinute: 6_000, pageRequestsPerMinute: 600, loginsPerMinute: 10 };

export interface Context {
  database: Database;
  /** Encrypts device keys at rest. */
  secret: string;
  /** UTC seconds. */
  nowS: () => number;
  /** Asks the operating system about that clock. */
  systemClock: () => Promise<SystemClock>;
  /** The same for accounts, links and tokens: it stays real where a demonstration plays time faster. */
  accountNowS: () => number;
  limits: Limits;
  /** Addresses and networks of proxies whose X-Forwarded-For and -Proto are believed; "loopback" for this machine. */
  trustedProxies: string[];
  metrics: Metrics;
  /** Where each request leaves a line; undefined: nowhere. */
  accessLog: { write: (line: string) => void } | undefined;
  /** Makes PDFs. */
  papers: PdfPool;
  /** Faults of the database, for the fleet page; of this process only, because a database that fails cannot keep them. */
  faults: FaultLog;
}
