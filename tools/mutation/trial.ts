/*
 * Which defects the tests notice: all of them in one copy of the sources, switched on one at a time.
 *
 * Input: the project's folder, the defects by file, those that are to be tried. Output: for each the test that notices it, "" for
 * none. Invariants: a test is asked only when it reaches the defect's place; it must pass without a defect, before
 * and, in the same process, after it has noticed one.
 */
import { writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { copyProject } from "./copy";
import type { Mutant } from "./mutants";
import { switched } from "./switched";
import { Tester } from "./tester";
import { testsFor } from "./tests_of";
import type { Answer } from "./worker";

export interface Place { path: string; text: string; mutant: Mutant }

/** One file of tests, or one test of it, that passes without a defect. */
interface Unit { file: string; test: string; reached: Set<number>; steps: number; tookMs: number }

/** A sound run has this long; a run with a defect LONGER times what the sound one took, and SLACK_MS more. */
const SOUND_MS = 900_000;
const LONGER = 5;
const SLACK_MS = 30_000;
/** Places that a run with a defect may pass: LONGER times those of the sound run, and so many more. */
const SLACK_STEPS = 1_000_000;

export class Trial {
  private readonly copy: { folder: string; remove(): void };
  private readonly tester: Tester;
  private readonly numbers = new Map<Mutant, number>();
  private readonly paths: string[];
  private readonly units: Unit[] = [];
  private readonly withServer: boolean;

  /** `places`: all defects of the files that are tried. */
  constructor(private readonly root: string, places: Place[], private readonly say: (line: string) => void) {
    this.copy = copyProject(root);
    this.tester = new Tester(this.copy.folder);
    for (const { mutant } of places) this.numbers.set(mutant, this.numbers.size + 1);
    this.paths = [...new Set(places.map((place) => place.path))];
    this.withServer = this.paths.some((path) => path.startsWith("exosphere/database/"));
    for (const path of this.paths) {
      const here = places.filter((place) => place.path === path);
      writeFileSync(join(this.copy.folder, path), switched(here[0]!.text, here.map(({ mutant }) => [this.numberOf(mutant), mutant])));
    }
  }

  private numberOf(mutant: Mutant): number {
    return this.numbers.get(mutant) ?? 0;
  }

  private run(tester: Tester, unit: Pick<Unit, "file" | "test">, mutant: number, steps: number, limitMs: number): Promise<Answer | undefined> {
    return tester.ask({ file: unit.file, test: unit.test, mutant, steps, withServer: this.withServer }, limitMs);
  }

  /** A sound run, a second one when the first fails: a busy machine is no defect. */
  private async soundly(file: string, test: string): Promise<Answer | undefined> {
    for (let attempt = 0; attempt < 2; attempt++) {
      const answer = await this.run(this.tester, { file, test }, 0, Number.MAX_SAFE_INTEGER, SOUND_MS);
      if (answer?.failed.length === 0) {
        this.units.push({ file, test, reached: new Set(answer.reached), steps: answer.steps, tookMs: answer.tookMs });
        return answer;
      }
      if (attempt === 1) this.say(`left out, it fails without a defect: ${relative(this.copy.folder, file)} ${test} ${answer?.failed.join() ?? ""}`);
      this.tester.restart();
    }
    return undefined;
  }

  /** Runs all tests without a defect, and keeps which places each reaches. */
  async prepare(): Promise<void> {
    for (const { file, byTest } of testsFor(this.root, this.paths)) {
      const path = join(this.copy.folder, file);
      const whole = await this.soundly(path, "");
      if (whole === undefined || !byTest) continue;
      this.units.pop();
      for (const test of whole.tests) await this.soundly(path, test);
    }
    this.say(`${String(this.units.length)} files of tests, or tests, pass without a defect, in ${String(Math.round(this.units.reduce((sum, unit) => sum + unit.tookMs, 0) / 1000))} s`);
  }

  private async isNoticed(tester: Tester, unit: Unit, place: Place): Promise<boolean> {
    const number = this.numberOf(place.mutant);
    const limitMs = unit.tookMs * LONGER + SLACK_MS;
    for (let attempt = 0; ; attempt++) {
      const answer = await this.run(tester, unit, number, unit.steps * LONGER + SLACK_STEPS, limitMs);
      if (answer === undefined) return true;
      if (answer.failed.length === 0) return false;
      if (place.mutant.isStatic || attempt === 1) return true;
      const after = await this.run(tester, unit, 0, Number.MAX_SAFE_INTEGER, limitMs);
      if (after?.failed.length === 0) return true;
      tester.restart();
    }
  }

  /** The tests that are asked: those that reach the place, quick ones first; all that import the file, the nearest first, where the place is only loaded. */
  private unitsFor({ path, mutant }: Place): Unit[] {
    if (!mutant.isStatic) return this.units.filter((unit) => unit.reached.has(this.numberOf(mutant))).sort((left, right) => left.tookMs - right.tookMs);
    const files = testsFor(this.root, [path]).map(({ file }) => join(this.copy.folder, file));
    return this.units.filter((unit) => files.includes(unit.file)).sort((left, right) => files.indexOf(left.file) - files.indexOf(right.file) || left.tookMs - right.tookMs);
  }

  /** The test that notices the defect, "" when none does; and how many can reach it. */
  async noticedBy(place: Place): Promise<{ by: string; reaching: number }> {
    const tester = place.mutant.isStatic ? new Tester(this.copy.folder, this.numberOf(place.mutant)) : this.tester;
    const near = this.unitsFor(place);
    try {
      for (const unit of near) {
        if (await this.isNoticed(tester, unit, place)) return { by: `${relative(this.copy.folder, unit.file)}${unit.test === "" ? "" : `: ${unit.test}`}`, reaching: near.length };
      }
      return { by: "", reaching: near.length };
    } finally {
      if (tester !== this.tester) tester.close();
    }
  }

  close(): void {
    this.tester.close();
    this.copy.remove();
  }
}
