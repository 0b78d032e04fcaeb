/*
 * Runs one suite twice: against the embedded database, and against a PostgreSQL server.
 *
 * Input: a suite that asks for servers. Output: two mocha suites; the second is pending, loudly, when
 * PostgreSQL is not installed. Invariant: every server of a suite is closed, every cluster removed.
 */
import { type RunningServer, type ServerOptions, startServer } from "../../exosphere/start_server";
import { type Cluster, postgresBinaries, startCluster } from "./postgres_cluster";

export interface Site {
  /** A server on an empty database; `nowS` is the test's clock. */
  start(options?: ServerOptions): Promise<RunningServer>;
  /** A second process's worth of server on the same database; undefined where only one can be. */
  startBeside?: (options?: ServerOptions) => Promise<RunningServer>;
  cluster?: Cluster;
}

const FAST: ServerOptions = { port: 0, secret: "a secret of the tests only", limits: { deviceRequestsPerMinute: 1e6, pageRequestsPerMinute: 1e6, loginsPerMinute: 1e6 } };

export function bothDatabases(title: string, suite: (site: Site) => void): void {
  describe(`${title} (embedded database)`, function () {
    this.timeout(60_000);
    const servers: RunningServer[] = [];
    suite({
      async start(options) {
        const server = await startServer({ ...FAST, ...options, limits: { ...FAST.limits, ...options?.limits } });
        servers.push(server);
        return server;
      },
    });
    after(async () => { await Promise.all(servers.map((server) => server.close())); });
  });

  const binaries = postgresBinaries();
  (binaries === undefined ? describe.skip : describe)(`${title} (PostgreSQL server)`, function () {
    this.timeout(120_000);
    const servers: RunningServer[] = [];
    const site: Site = {
      async start(options) {
        last = site.cluster!.createDatabase();
        return site.startBeside!(options);
      },
      async startBeside(options) {
        const server = await startServer({ ...FAST, databaseUrl: last, ...options, limits: { ...FAST.limits, ...options?.limits } });
        servers.push(server);
        return server;
      },
    };
    let last = "";
    before(() => { site.cluster = startCluster(binaries!); });
    suite(site);
    after(async () => {
      await Promise.all(servers.map((server) => server.close().catch(() => undefined)));
      site.cluster?.remove();
    });
  });
}
