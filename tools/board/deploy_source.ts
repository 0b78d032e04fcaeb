/*
 * The files that a board gets by cable: those of a signed release, or of an unsigned build.
 *
 * Input: a release or a folder, the board, its interpreter, the keys that it trusts. Output: loader and slot. Invariants: a
 * board that trusts keys gets only what one of them signed; an unsigned build is taken only when it was asked for.
 */
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ConsoleError } from "../../console/console_line";
import { isSignedBy, readRelease, ReleaseError, type ReleaseImage } from "../../exosphere/releases/release_file";
import { buildEspruino, loaderText } from "../build/espruino";
import { isStale } from "../build/manifest";
import type { BoardFiles } from "./deployment";

export interface DeploySource {
  /** A file as `sdc release sign` writes it; "" for a build. */
  release: string;
  /** A folder as `npm run build` fills; "" builds anew. */
  from: string;
  /** An unsigned build is meant. */
  unsigned: boolean;
}

const spelled = (interpreter: number): string => `${String(Math.floor(interpreter / 1000))}v${String(interpreter % 1000)}`;

/** Errors in the options, before a board is asked. @throws ConsoleError */
export function checkSource({ release, from, unsigned }: DeploySource): void {
  if (release !== "" && (unsigned || from !== "")) throw new ConsoleError("give either --release FILE or --unsigned, perhaps with --from FOLDER");
  if (release !== "" && !existsSync(release)) throw new ConsoleError(`${release} is not there`);
  if (release === "" && !unsigned) throw new ConsoleError("give --release FILE with a signed release, or --unsigned for the firmware of this folder, which only a board without a key takes");
  if (from !== "" && !existsSync(join(from, "espruino", "loader.js"))) throw new ConsoleError(`${from} holds no build; make one with 'sdc build', which fills dist`);
  if (from !== "" && isStale(from)) process.stderr.write(`sdc: ${from} was built from other sources than this clone has now; 'sdc build' renews it\n`);
}

/**
 * Reads what a board gets from a folder as `npm run build` fills. `form`: "" for the board's own, else that with the whole program
 * in memory or with parts on demand. @throws ConsoleError when it is not there
 */
export function filesIn(folder: string, board: string, form: "" | "whole" | "parts" = ""): BoardFiles {
  const read = (name: string): string => {
    const file = join(folder, "espruino", name);
    if (!existsSync(file)) throw new ConsoleError(`${file} is not there: this build has no program for board ${board}`);
    return readFileSync(file, "latin1");
  };
  const other = `${form}/${board}.slot`;
  return { loader: read("loader.js"), slot: read(form !== "" && existsSync(join(folder, "espruino", other)) ? other : `${board}.slot`) };
}

async function builtFiles(folder: string, board: string, form: "" | "parts"): Promise<BoardFiles> {
  if (folder !== "") return filesIn(folder, board, form);
  const fresh = mkdtempSync(join(tmpdir(), "sdc-deploy-"));
  try {
    process.stderr.write("building the firmware (half a minute; --from dist takes one that is built) …\n");
    await buildEspruino(fresh);
    return filesIn(fresh, board, form);
  } finally {
    rmSync(fresh, { recursive: true, force: true });
  }
}

function imageFor(file: string, board: string): ReleaseImage {
  try {
    const images = readRelease(readFileSync(file));
    const image = images.find(({ manifest }) => manifest.board === board);
    if (image === undefined) throw new ConsoleError(`${file}: the release has no image for board ${board}; it has those for ${images.map(({ manifest }) => manifest.board).join(", ")}`);
    return image;
  } catch (error) {
    if (error instanceof ReleaseError) throw new ConsoleError(`${file}: ${error.message}`);
    throw error;
  }
}

/** Loader and slot for a board. `form`: of a build, as for filesIn; `interpreter`: such as 2029; `keys`: hexadecimal public keys that the board trusts. @throws ConsoleError */
export async function sourceFiles(source: DeploySource, board: string, form: "" | "parts", interpreter: number, keys: string[]): Promise<BoardFiles> {
  if (source.release === "") {
    if (keys.length > 0) throw new ConsoleError("the board trusts a key, so it takes no build without a signature; give --release FILE with a release that the key signed");
    return builtFiles(source.from, board, form);
  }
  const image = imageFor(source.release, board);
  const { interpreterFrom, interpreterTo } = image.manifest;
  if (image.signature.length === 0) throw new ConsoleError(`${source.release}: the release is not signed: sdc release sign ${source.release} --key NAME`);
  if (keys.length > 0 && !keys.some((key) => isSignedBy(image, Buffer.from(key, "hex")))) {
    throw new ConsoleError(`${source.release}: the release is signed by none of the keys that the board trusts, or was changed after it was signed; 'sdc keys install' changes the board's keys`);
  }
  if (interpreter < interpreterFrom || interpreter > interpreterTo) {
    throw new ConsoleError(`${source.release}: the release was tested with Espruino ${spelled(interpreterFrom)} to ${spelled(interpreterTo)}, the board has ${spelled(interpreter)}`);
  }
  return { loader: await loaderText(), slot: image.slot.toString("latin1") };
}
