/*
 * A world in a box: people, boards, a network, one endpoint, and time that passes only here.
 *
 * Input: options. Output: an opened world, at the moment before anything happens. Invariant: everything in it follows
 * from the options.
 */
import type { HttpAnswer, HttpRequest } from "../../../hal/ports";
import { provision } from "../../../firmware/configuration/provision";
import type { Violation } from "../checkers/violation";
import { feedInputs } from "../board/loop";
import { createSimBoard, powerOn, type SimBoard } from "../board/sim_board";
import { openEndpoint, type Endpoint, type SimTable } from "../network/endpoint";
import type { Fate } from "../network/carrier";
import { FAULTS, type FaultName, type SimOptions } from "../options";
import { between, streamOf } from "../streams";
import type { Random } from "../../emulator/random";
import { createPeople, type People } from "../world/people";
import { createPlace, type BoardDocument, type Place } from "../world/place";
import { createTruth, noteOff, type Truth } from "../world/truth";
import type { Visits } from "../world/visits";

/** Something that the world does at a moment: for one board, or for all. */
export interface Happening {
  atMs: number;
  /** For the report and for --print. */
  text: string;
  /** The power comes back: it does so also when the faults are over. */
  isReturn?: true;
  run(): void | Promise<void>;
}

/** One board with everything that belongs to its place. */
export interface Site {
  place: Place;
  board: SimBoard;
  truth: Truth;
  visits: Visits;
  /** From here on the next visit may come. */
  freeMs: number;
  /** Happenings at this place alone, in order of time. */
  happenings: Happening[];
  /** Chance of each fault at this place, and of its network. */
  chance: Record<FaultName | "way", Random>;
  /** The document in force, as a person at the board gave it last. */
  document: BoardDocument;
  /** Why the board cannot join its Wi-Fi; empty: it can. */
  noWifi: Set<string>;
  /** Faults are over. */
  isCalm: boolean;
  /** The answer that a proxy may give again. */
  lastAnswer: Partial<HttpAnswer> | undefined;
  /** Requests of this board that a host between heard, the latest last. */
  overheard: HttpRequest[];
  /** End the faults that a happening began. */
  calmers: (() => void)[];
  /** Promises that were broken while the world was played. */
  broken: Violation[];
  /** Size of the device after its first day, -1 before. */
  firstSize: number;
  /** The fate of the next exchange. */
  fate(): Fate;
  /** Log lines of rows that were stored: session and values. */
  logs: string[];
  /** Spans in which the board was without power. */
  outages: [fromMs: number, toMs: number][];
}

export interface World {
  options: SimOptions;
  epochS: number;
  people: People;
  endpoint: Endpoint;
  sites: Site[];
  /** Happenings to all, in order of time. */
  happenings: Happening[];
  /** Names that each person had, the present one last. */
  names: string[][];
  /** Errors that the endpoint's clock had, s; 0 is one of them. */
  endpointErrorsS: number[];
  /** When visits and faults end; then calm. */
  activeMs: number;
  say(atMs: number, board: string, text: string): void;
}

/** A board takes its document not; the message names each place. */
export class RefusedDocument extends Error {}

/** Requests of a board that a host between keeps. */
export const OVERHEARD_MAX = 20;
const DAY_MS = 86_400_000;
/** 2026-01-01T00:00:00Z. */
const FIRST_DAY_S = 1_767_225_600;

export function bytesOf(document: object): string {
  return Buffer.from(JSON.stringify(document), "utf8").toString("latin1");
}

/** The fate of an exchange on a network that does nothing wrong. */
export function plainFate(site: Site): Fate {
  const way = site.chance.way;
  return { wayMs: between(way, 15, 60), backMs: between(way, 15, 60) };
}

function chancesOf(seed: number, index: number): Site["chance"] {
  return Object.fromEntries([...FAULTS, "way"].map((name) => [name, streamOf(seed, `${name} ${String(index)}`)])) as Site["chance"];
}

function createSite(world: Omit<World, "sites">, index: number, place: Place): Site {
  const { seed } = world.options;
  const board = createSimBoard(place, seed, world.epochS);
  const truth = createTruth();
  const site: Site = {
    place, board, truth, chance: chancesOf(seed, index), document: place.document, happenings: [], logs: [], outages: [], freeMs: 120_000,
    noWifi: new Set(), isCalm: false, lastAnswer: undefined, overheard: [], calmers: [], broken: [], firstSize: -1,
    visits: { place, people: world.people, random: streamOf(seed, `visits ${String(index)}`), isNoisy: world.options.faults.includes("reader") },
    fate: () => plainFate(site),
  };
  board.onInput = ({ atMs, means }, isRead) => {
    if (means === undefined) return;
    if (means.what === "pulse") {
      if (isRead) truth.pulsesMs.push(atMs);
    } else if (means.what === "card") truth.events.push({ atMs, what: "card", uid: means.uid });
    else truth.events.push({ atMs, what: means.what });
    if (means.what !== "pulse") world.say(atMs, place.id, means.what === "card" ? `card ${means.uid}` : means.what);
  };
  board.onLog = (line) => {
    if (/ (start|end) \S*=/.test(line)) site.logs.push(line);
    world.say(board.clock.worldMs, place.id, `  ${line}`);
  };
  return site;
}

/** The power of a site comes back. @throws PowerCut */
export function startSite(world: World, site: Site, atMs: number, keepsWall: boolean): void {
  feedInputs(site.board, atMs);
  site.truth.events.push({ atMs, what: "on" });
  world.say(atMs, site.place.id, "power on");
  powerOn(site.board, atMs, keepsWall);
}

export function noteSiteOff(world: World, site: Site, atMs: number, why: string): void {
  noteOff(site.truth, atMs);
  world.say(atMs, site.place.id, `power off: ${why}`);
}

/** A place with its board, which has its document. @throws RefusedDocument */
async function openSite(world: World, index: number, given: Place | undefined): Promise<void> {
  const site = createSite(world, index, given ?? createPlace(world.options.seed, index, world.people.known.length, world.options.faults));
  const { board, place } = site;
  const { truth } = site;
  const meter = place.document.meters[0];
  if (meter !== undefined) truth.events.push({ atMs: 0, what: "meter", registerWh: meter.registerWh, pulsesPerKwh: meter.pulsesPerKwh });
  place.document.endpoint = await world.endpoint.addDevice(place.id, place.minIntervalS);
  const errors = provision(board, board.description, bytesOf(place.document));
  if (errors !== "") throw new RefusedDocument(`the document of ${place.id} is refused: ${errors}`);
  world.sites.push(site);
}

/** A recorded trace decides this in place of the seed. */
export interface Given { epochS: number; people: People; place: Place; table: SimTable }

export async function openWorld(options: SimOptions, say: World["say"] = () => undefined, given?: Given): Promise<World> {
  const random = streamOf(options.seed, "world");
  const epochS = given?.epochS ?? FIRST_DAY_S + random.below(365) * 86_400;
  const people = given?.people ?? createPeople(options.seed);
  const endpoint = await openEndpoint(epochS, people, options.contacts, given?.table);
  const world: World = { options, epochS, people, endpoint, sites: [], happenings: [], names: people.known.map(({ name }) => [name]), endpointErrorsS: [0], activeMs: Math.round(options.days * DAY_MS), say };
  try {
    for (let index = 0; index < options.boards; index++) await openSite(world, index, given?.place);
  } catch (error) {
    await endpoint.close();
    throw error;
  }
  return world;
}
