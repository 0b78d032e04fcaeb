/*
 * People at work: an administrator who renames, and an electrician who corrects a register in mid-session.
 *
 * Input: a world. Output: happenings. Invariants: a name belongs to one person for ever; what the electrician sets is noted
 * as truth at the moment from which it holds.
 */
import { savePerson } from "../../../exosphere/people/user_store";
import { provision } from "../../../firmware/configuration/provision";
import { failPower } from "./power";
import { bytesOf, type Site, type World } from "../run/world";
import { between, oneOf, streamOf } from "../streams";

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const ACTOR = "administrator";

export function installUsers(world: World): void {
  const random = streamOf(world.options.seed, "users");
  const { people, endpoint } = world;
  let number = 0;
  for (let atMs = between(random, HOUR, 3 * DAY); atMs < world.activeMs; atMs += between(random, 6 * HOUR, 20 * DAY)) {
    const index = random.below(people.known.length);
    const name = `${people.known[index]!.name.slice(0, 20)} ${String(++number)}`;
    world.happenings.push({ atMs, text: `person ${String(index + 1)} is called ${name}`, run: async () => {
      const person = people.known[index]!;
      await savePerson(endpoint.inner, endpoint.personIds[index], { cards: person.cards, fields: { name } }, ACTOR);
      world.names[index]!.push(name);
      endpoint.quiet.forget();
    } });
  }
}

/** Sets a register or pulses per kWh at the console; the board starts anew with it. */
export function installElectrician(world: World, site: Site): void {
  const random = site.chance.electrician;
  for (let atMs = between(random, DAY, 4 * DAY); atMs < world.activeMs; atMs += between(random, DAY, 12 * DAY)) {
    const registerWh = random.below(50_000_000);
    const pulsesPerKwh = random.chance(300) ? oneOf(random, [10, 100, 250, 500, 1000]) : undefined;
    const failMs = atMs;
    site.happenings.push({ atMs, text: "", run: () => {
      const { board, place, truth } = site;
      if (board.device === undefined) return;
      failPower(world, site, failMs, 800, "the electrician sets the meter", true, () => {
        const document = structuredClone(site.document);
        const meter = document.meters[0]!;
        document.revision++;
        meter.registerWh = registerWh;
        meter.pulsesPerKwh = pulsesPerKwh ?? meter.pulsesPerKwh;
        const errors = provision(board, board.description, bytesOf(document));
        if (errors !== "") throw new Error(`the electrician's document for ${place.id} is refused: ${errors}`);
        site.document = document;
        truth.events.push({ atMs: failMs, what: "meter", registerWh, pulsesPerKwh: meter.pulsesPerKwh });
        world.say(failMs, place.id, `register ${String(registerWh)}, ${String(meter.pulsesPerKwh)} pulses per kWh`);
      });
    } });
  }
}
