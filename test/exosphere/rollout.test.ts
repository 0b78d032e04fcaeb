/*
 * Releases and roll-outs at the real endpoint, with devices that are scripts: what is taken, offered, refused, stopped.
 *
 * Input: signed releases, requests of an administrator, statuses. Output: test results. Invariant: what a device is
 * offered follows from the database alone, so a second server says the same.
 */
import assert from "node:assert/strict";
import { issueSecret, saveAccount } from "../../exosphere/accounts/account";
import { imageDocument, releaseBytes } from "../../exosphere/releases/release_file";
import type { RunningServer } from "../../exosphere/start_server";
import { createTable } from "../../exosphere/tables/table_store";
import { imageFor } from "../unit/update/over_the_air_images";
import { KEY, OTHER_KEY } from "../unit/update/update_world";
import { bothDatabases } from "./both_databases";
import { DeviceClient, status } from "./device_client";
import { WALLBOX } from "./wallbox_table";

const OLD = imageFor(1);
const NEW = imageFor(2);
const BAD = imageFor(3);
const file = (image: typeof NEW): Buffer => releaseBytes([image]);
const TAKEN = status({ 13: "linux" });

interface RolloutAnswer { id: number; state: string; currentGroup: number; groups: { devices: number; confirmed: number; failed: number }[]; devices: { device: string; group: number; state: string; reason: string; piecesDone: number; pieces: number }[] }

bothDatabases("roll-outs", (site) => {
  let server: RunningServer;
  let headers: Record<string, string>;
  let nowS = 1_800_000_000;

  async function ask(method: string, path: string, body?: unknown): Promise<{ status: number; document: unknown }> {
    const raw = Buffer.isBuffer(body);
    const answer = await fetch(`${server.url}/api/v1${path}`, {
      method, headers: { ...headers, ...body === undefined ? {} : { "content-type": raw ? "application/octet-stream" : "application/json" } },
      ...body === undefined ? {} : { body: raw ? new Uint8Array(body) : JSON.stringify(body) },
    });
    return { status: answer.status, document: await answer.json() };
  }
  const problem = ({ status: code, document }: { status: number; document: unknown }): [number, string] => [code, ((document as { type?: string }).type ?? "").replace("urn:sdc:problem:", "")];
  const rollout = async (id: number): Promise<RolloutAnswer> => (await ask("GET", `/rollouts/${String(id)}`)).document as RolloutAnswer;
  const offerOf = async (client: DeviceClient, ...records: string[]): Promise<number> => (await client.upload(...records) as { firmware?: number }).firmware ?? 0;
  const says = (image: typeof NEW, update = ""): string => status({ 13: "linux", 17: `${String(image.manifest.release)} ${image.manifest.crc} 2029`, ...update === "" ? {} : { 18: update } });

  /** Devices of board `linux` that run the old release. */
  async function fleet(prefix: string, count: number): Promise<DeviceClient[]> {
    const clients: DeviceClient[] = [];
    for (let index = 0; index < count; index++) {
      const client = await DeviceClient.create(server, `${prefix}-${String(index)}`);
      await client.upload(says(OLD));
      clients.push(client);
    }
    return clients;
  }

  async function begin(groups: unknown[], more: object = {}, release = 2): Promise<number> {
    const made = await ask("POST", "/rollouts", { name: "spring", release, groups, ...more });
    assert.equal(made.status, 201, JSON.stringify(made.document));
    return (made.document as { id: number }).id;
  }

  before(async () => {
    server = await site.start({ nowS: () => nowS });
    await createTable(server.database, WALLBOX, "test");
    await saveAccount(server.database, "root", "a long password", "admin", "test");
    headers = { authorization: `Bearer ${await issueSecret(server.database, "root", "token", "", server.context.accountNowS(), 3600)}` };
  });
  afterEach(async () => {
    for (const { id, state } of (await ask("GET", "/rollouts")).document as RolloutAnswer[]) if (state !== "finished" && state !== "aborted") await ask("PUT", `/rollouts/${String(id)}`, { state: "aborted" });
    // The next test has a fleet of its own.
    await server.database.query("UPDATE exosphere.device SET enabled = false");
  });

  it("take a release that a known key signed, once; no other bytes under its number, none that is unsigned, foreign, damaged or cut", async () => {
    assert.deepEqual(problem(await ask("POST", "/releases", file(NEW))), [422, "no-release-key"]);
    assert.equal((await ask("POST", "/release-keys", { publicKey: OTHER_KEY.toString("hex"), name: "other" })).status, 201);
    assert.deepEqual(problem(await ask("POST", "/releases", file(NEW))), [422, "wrong-signature"]);
    assert.equal((await ask("POST", "/release-keys", { publicKey: KEY.toString("hex"), name: "garage2026" })).status, 201);
    assert.deepEqual(problem(await ask("POST", "/release-keys", { publicKey: KEY.toString("hex"), name: "again" })), [409, "taken"]);
    assert.deepEqual(problem(await ask("POST", "/release-keys", { publicKey: "AA", name: "short" })), [422, "wrong-document"]);
    assert.deepEqual(problem(await ask("POST", "/releases", file({ ...NEW, signature: Buffer.alloc(0) }))), [422, "wrong-signature"]);
    assert.deepEqual(problem(await ask("POST", "/releases", Buffer.from("no release"))), [422, "wrong-release"]);
    assert.deepEqual(problem(await ask("POST", "/releases", file(NEW).subarray(0, 5000))), [422, "wrong-release"]);
    const damaged = Buffer.from(file(NEW));
    damaged.writeUInt8(damaged.readUInt8(damaged.length - 9) ^ 1, damaged.length - 9);
    assert.deepEqual(problem(await ask("POST", "/releases", damaged)), [422, "wrong-release"]);
    for (const image of [OLD, NEW, BAD]) assert.equal((await ask("POST", "/releases", file(image))).status, 201);
    assert.deepEqual((await ask("POST", "/releases", file(NEW))).document, { number: 2, version: "1.2.0", boards: ["linux"] });
    assert.deepEqual(problem(await ask("POST", "/releases", file(imageFor(2, 9, [KEY.toString("hex").toUpperCase()])))), [409, "taken"]);
    const releases = (await ask("GET", "/releases")).document as { number: number; images: { board: string; bytes: number; crc: string }[] }[];
    assert.deepEqual(releases.map(({ number }) => number), [3, 2, 1]);
    assert.deepEqual(releases[1]!.images.map(({ board, bytes, crc }) => [board, bytes, crc]), [["linux", NEW.slot.length, NEW.manifest.crc]]);
    assert.equal((await ask("DELETE", `/release-keys/${OTHER_KEY.toString("hex").slice(16, 48)}`)).status, 200);
  });

  it("offer nothing before a roll-out, and the document and all pieces to a device of a group, against what it runs", async () => {
    const [client] = await fleet("pieces", 1);
    assert.equal(await offerOf(client!, says(OLD)), 0);
    assert.equal((await client!.get("/api/v1/firmware/document?offer=1&from=0")).problem, "no-firmware");
    const id = await begin([{ devices: ["pieces-0"] }]);
    const offer = await offerOf(client!, says(OLD));
    assert.equal(offer, 1, "the first of all");
    const document = await client!.get(`/api/v1/firmware/document?offer=${String(offer)}&from=0`);
    assert.ok(client!.believes(document));
    const all = imageDocument(NEW);
    assert.deepEqual([document.body.readUInt32BE(0), document.body.readUInt32BE(4), document.body.readUInt32BE(8)], [offer, all.length, 0]);
    assert.ok(document.body.subarray(12).equals(all.subarray(0, 4372)));
    const pieces = await client!.get(`/api/v1/firmware/pieces?offer=${String(offer)}&from=1`);
    assert.deepEqual([pieces.status, pieces.body.readUInt32BE(4), pieces.body.readUInt32BE(8)], [200, NEW.slot.length, 1]);
    assert.equal(pieces.body.length, 27, "it is a copy of what the device runs");
    const { devices } = await rollout(id);
    assert.deepEqual([devices[0]!.state, devices[0]!.piecesDone, devices[0]!.pieces], ["fetching", 0, Math.ceil(NEW.slot.length / 1024)]);
    // A device whose slot the endpoint does not know is sent all bytes.
    await client!.upload(status({ 13: "linux", 17: "1 0000000001 2029" }));
    assert.equal((await client!.get(`/api/v1/firmware/pieces?offer=${String(offer)}&from=1`)).body.length, 2523);
    assert.equal((await client!.get(`/api/v1/firmware/pieces?offer=${String(offer)}&from=9999`)).problem, "no-firmware");
    assert.equal((await client!.get(`/api/v1/firmware/pieces?offer=${String(offer + 1)}&from=1`)).problem, "no-firmware");
    assert.equal((await client!.get("/api/v1/firmware/pieces?offer=0")).problem, "wrong-query");
  });

  it("begin the next group at the success threshold, and end when all have", async () => {
    const clients = await fleet("good", 10);
    const id = await begin([{ devices: ["good-3", "good-7"] }, { percent: 50, successPercent: 75 }, { percent: 100 }]);
    const done = new Set<number>();
    const offers = async (): Promise<number[]> => Promise.all(clients.map((client, index) => offerOf(client, says(done.has(index) ? NEW : OLD))));
    const isOffered = async (): Promise<string> => (await offers()).map((offer) => (offer > 0 ? "1" : "0")).join("");
    assert.equal(await isOffered(), "0001000100");
    const confirm = async (index: number): Promise<void> => {
      const offer = await offerOf(clients[index]!, says(OLD));
      await clients[index]!.upload(says(NEW, `${String(offer)} trial`));
      await clients[index]!.upload(says(NEW, `${String(offer)} confirmed`));
      done.add(index);
    };
    await confirm(3);
    assert.equal((await rollout(id)).currentGroup, 1);
    await confirm(7);
    assert.equal((await rollout(id)).currentGroup, 2);
    // Half of the eight that are left, in the order of their names.
    assert.equal((await isOffered()).replace(/./g, (one, at: number) => ([3, 7].includes(at) ? "-" : one)), "111-100-00");
    for (const index of [0, 1]) await confirm(index);
    assert.equal((await rollout(id)).currentGroup, 2);
    await confirm(2);
    assert.equal((await rollout(id)).currentGroup, 3);
    for (const index of [4, 5, 6, 8, 9]) await confirm(index);
    const end = await rollout(id);
    assert.deepEqual([end.state, end.groups.map(({ devices, confirmed, failed }) => [devices, confirmed, failed])], ["finished", [[2, 2, 0], [4, 4, 0], [4, 4, 0]]]);
    assert.equal(((await ask("GET", "/releases")).document as { number: number; devices: number }[]).find(({ number }) => number === 2)!.devices, 10);
  });

  it("stop at the error threshold: no other device is offered it, and its reasons are told", async () => {
    const clients = await fleet("bad", 6);
    const id = await begin([{ devices: ["bad-0", "bad-1", "bad-2"], successPercent: 30, errorPercent: 60 }, { percent: 100 }], {}, 3);
    const offers = await Promise.all(clients.map((client) => offerOf(client, says(OLD))));
    await clients[0]!.upload(says(OLD, `${String(offers[0])} returned crashed`));
    assert.equal((await rollout(id)).state, "running");
    await clients[1]!.upload(says(OLD, `${String(offers[1])} refused interpreter`));
    const { state, devices } = await rollout(id);
    assert.equal(state, "stopped");
    assert.deepEqual(devices.slice(0, 3).map((device) => [device.state, device.reason]), [["returned", "crashed"], ["refused", "interpreter"], ["offered", ""]]);
    assert.equal(await offerOf(clients[2]!, says(OLD)), 0);
    assert.equal(await offerOf(clients[5]!, says(OLD)), 0);
    // A state at its end stays, also when another word comes later.
    await clients[0]!.upload(says(OLD, `${String(offers[0])} confirmed`));
    assert.equal((await rollout(id)).devices[0]!.state, "returned");
    assert.deepEqual(problem(await ask("PUT", `/rollouts/${String(id)}`, { state: "running" })), [409, "at-its-end"]);
    // A new roll-out is a new offer.
    const again = await begin([{ devices: ["bad-0"] }], {}, 3);
    assert.deepEqual(offers, [12, 13, 14, 0, 0, 0]);
    assert.equal(await offerOf(clients[0]!, says(OLD, `${String(offers[0])} returned crashed`)), 15);
    assert.equal((await rollout(again)).devices[0]!.state, "offered");
  });

  it("pause, go on and are aborted, and keep to their hours, over midnight too", async () => {
    const [client] = await fleet("hours", 1);
    const id = await begin([{ devices: ["hours-0"] }], { window: { from: "22:00", to: "05:00", timeZone: "Europe/Berlin" } });
    const at = async (time: string): Promise<boolean> => {
      nowS = Date.parse(`2027-02-01T${time}:00Z`) / 1000;
      return await offerOf(client!, says(OLD)) > 0;
    };
    assert.deepEqual([await at("20:59"), await at("21:00"), await at("23:30"), await at("03:59"), await at("04:00")], [false, true, true, true, false]);
    await at("23:30");
    await ask("PUT", `/rollouts/${String(id)}`, { state: "paused" });
    assert.equal(await at("23:30"), false);
    await ask("PUT", `/rollouts/${String(id)}`, { state: "running" });
    assert.equal(await at("23:30"), true);
    await ask("PUT", `/rollouts/${String(id)}`, { state: "aborted" });
    assert.equal(await at("23:30"), false);
    assert.deepEqual(problem(await ask("PUT", `/rollouts/${String(id)}`, { state: "running" })), [409, "at-its-end"]);
  });

  it("refuse groups and devices that make no sense, naming each", async () => {
    await fleet("unfit", 1);
    const silent = await DeviceClient.create(server, "unfit-silent");
    await silent.upload(TAKEN.replace("linux", "other"));
    const post = async (groups: unknown, release = 2, more: object = {}): Promise<[number, string]> => problem(await ask("POST", "/rollouts", { name: "x", release, groups, ...more }));
    assert.deepEqual(await post([{ devices: ["unfit-silent"] }]), [422, "device-unfit"]);
    assert.deepEqual(await post([{ devices: ["nobody"] }]), [422, "device-unfit"]);
    assert.deepEqual(await post([{ devices: ["unfit-0"] }, { devices: ["unfit-0"] }]), [422, "device-unfit"]);
    assert.deepEqual(await post([{ devices: ["unfit-0"] }], 1), [422, "device-unfit"]);
    assert.deepEqual(await post([{ devices: ["unfit-0"] }], 99), [404, "release-unknown"]);
    assert.deepEqual(await post([{}]), [422, "wrong-document"]);
    assert.deepEqual(await post([{ devices: [], percent: 5 }]), [422, "wrong-document"]);
    assert.deepEqual(await post([{ percent: 0 }]), [422, "wrong-document"]);
    assert.deepEqual(await post([]), [422, "wrong-document"]);
    assert.deepEqual(await post([{ percent: 10 }], 2, { window: { from: "25:00", to: "05:00", timeZone: "UTC" } }), [422, "wrong-document"]);
    assert.deepEqual(await post([{ percent: 10 }], 2, { window: { from: "22:00", to: "05:00", timeZone: "CET" } }), [422, "wrong-document"]);
    await begin([{ devices: ["unfit-0"] }]);
    assert.deepEqual(await post([{ devices: ["unfit-0"] }]), [422, "device-unfit"]);
    assert.deepEqual(problem(await ask("DELETE", "/releases/2")), [409, "in-use"]);
    assert.deepEqual(problem(await ask("DELETE", "/releases/99")), [404, "release-unknown"]);
  });

  it("say which devices have an interpreter outside the tested range", async () => {
    const [client] = await fleet("range", 1);
    await client!.upload(status({ 13: "linux", 17: `1 ${OLD.manifest.crc} 2031` }));
    const programs = (await ask("GET", "/programs")).document as { device: string; interpreter: number; outsideRange: boolean; release: number }[];
    const { interpreter, outsideRange, release } = programs.find(({ device }) => device === "range-0")!;
    assert.deepEqual([interpreter, outsideRange, release], [2031, true, 1]);
    assert.equal(programs.find(({ device }) => device === "good-0")!.outsideRange, false);
    const devices = (await ask("GET", "/devices")).document as { id: string; interpreter: number; interpreterOutsideRange: boolean }[];
    assert.deepEqual(devices.filter((device) => device.interpreterOutsideRange).map((device) => [device.id, device.interpreter]), [["range-0", 2031]]);
  });

  it("go on with a second server when the first one dies, with the same offers and states", async function () {
    if (site.startBeside === undefined) this.skip();
    const clients = await fleet("two", 4);
    const second = await site.startBeside({ nowS: () => nowS });
    const id = await begin([{ devices: ["two-0"] }, { percent: 100 }]);
    const offer = await offerOf(clients[0]!, says(OLD));
    clients[0]!.url = second.url;
    assert.equal(await offerOf(clients[0]!, says(OLD)), offer);
    await server.close();
    server = second;
    assert.equal((await clients[0]!.get(`/api/v1/firmware/pieces?offer=${String(offer)}&from=1`)).status, 200);
    await clients[0]!.upload(says(NEW, `${String(offer)} confirmed`));
    const { currentGroup, devices } = await rollout(id);
    assert.deepEqual([currentGroup, devices.map(({ state }) => state)], [2, ["confirmed", "offered", "offered", "offered"]]);
  });
});
