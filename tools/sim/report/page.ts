/*
 * A run as one page: a time line for each board.
 *
 * Input: a recorder and the result. Output: HTML without anything from outside. Invariant: every text is escaped; the page
 * needs no script, and its titles tell moment and value.
 */
import type { SimResult } from "../run/simulation";
import type { BoardTrace, Recorder } from "./recorder";

const WIDTH = 1160;
const LEFT = 90;
const HEIGHT = 150;
const DAY_MS = 86_400_000;

function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");
}

function when(atMs: number): string {
  return `day ${String(Math.floor(atMs / DAY_MS))} ${new Date(atMs).toISOString().slice(11, 19)}`;
}

/** One board's drawing, `lastMs` wide. */
function drawing(trace: BoardTrace, world: Recorder["world"], lastMs: number): string {
  const x = (atMs: number): string => (LEFT + (WIDTH - LEFT) * Math.min(1, atMs / lastMs)).toFixed(1);
  const parts: string[] = [];
  const spans = (list: [number, number][], y: number, height: number, kind: string, name: string): void => {
    parts.push(`<text x="0" y="${String(y + height - 2)}">${name}</text>`);
    for (const [fromMs, toMs] of list) {
      const end = Math.min(toMs, lastMs);
      const width = Math.max(0.6, (WIDTH - LEFT) * (end - fromMs) / lastMs);
      parts.push(`<rect class="${kind}" x="${x(fromMs)}" y="${String(y)}" width="${width.toFixed(1)}" height="${String(height)}"><title>${when(fromMs)} to ${when(end)}</title></rect>`);
    }
  };
  spans(trace.plugged, 4, 14, "plugged", "car");
  const mostWh = Math.max(1, ...trace.energies.map(([, wh]) => wh));
  parts.push('<text x="0" y="48">energy</text>');
  for (const [atMs, wh] of trace.energies) parts.push(`<line class="energy" x1="${x(atMs)}" x2="${x(atMs)}" y1="50" y2="${(50 - 28 * wh / mostWh).toFixed(1)}"><title>${when(atMs)}: ${String(wh)} Wh</title></line>`);
  spans(trace.unpowered, 56, 8, "unpowered", "no power");
  spans(trace.offline, 68, 8, "offline", "no Wi-Fi");
  const mostRows = Math.max(1, ...trace.waiting.map(([, rows]) => rows));
  parts.push(`<text x="0" y="104">ring, ${String(mostRows)}</text>`);
  if (trace.waiting.length > 0) parts.push(`<polyline class="ring" points="${trace.waiting.map(([atMs, rows]) => `${x(atMs)},${(108 - 26 * rows / mostRows).toFixed(1)}`).join(" ")}"/>`);
  parts.push('<text x="0" y="122">requests</text>');
  for (const [atMs, status] of trace.uploads) parts.push(`<line class="${status === 200 ? "good" : "bad"}" x1="${x(atMs)}" x2="${x(atMs)}" y1="113" y2="123"><title>${when(atMs)}: ${String(status)}</title></line>`);
  parts.push('<text x="0" y="138">faults</text>');
  for (const [atMs, text] of [...trace.marks, ...world]) parts.push(`<circle class="fault" cx="${x(atMs)}" cy="134" r="2.2"><title>${when(atMs)}: ${escaped(text)}</title></circle>`);
  return `<svg viewBox="0 0 ${String(WIDTH)} ${String(HEIGHT)}" role="img">${parts.join("")}</svg>`;
}

export function reportPage(recorder: Recorder, result: SimResult): string {
  const boards = [...recorder.boards].map(([id, trace]) => `<h2>${escaped(id)}</h2>\n${drawing(trace, recorder.world, Math.max(1, recorder.lastMs))}`);
  const broken = result.violations.length === 0 ? "<p>Every promise was kept.</p>"
    : `<ul>${result.violations.map(({ board, rule, text }) => `<li>${escaped(`${board}: ${rule}: ${text}`)}</li>`).join("")}</ul>`;
  return `<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><title>Simulation, seed ${String(result.options.seed)}</title>
<style>
body { font: 14px sans-serif; margin: 1.5em; max-width: 75em } svg { width: 100%; background: #fafafa; border: 1px solid #ddd } text { font-size: 10px; fill: #444 }
.plugged { fill: #2a7ab8 } .energy { stroke: #d08a00 } .unpowered { fill: #b22 } .offline { fill: #888 } .ring { fill: none; stroke: #6a3 } .good { stroke: #3a3 } .bad { stroke: #c22 } .fault { fill: #a2a }
</style></head><body>
<h1>Simulation, seed ${String(result.options.seed)}</h1>
<p><code>${escaped(result.replay)}</code></p>
<p>${String(result.options.days)} days, ${String(result.sessions)} sessions, ${String(result.rows)} rows, ${String(result.starts)} starts, ${String(result.lost)} rows declared lost.</p>
${broken}
${boards.join("\n")}
</body></html>
`;
}
