/*
 * Sections of work that a program on the interpreter runs between callgrind's two marks.
 *
 * Input: a list of sections; the program in question has been started under callgrind. Output: their counts, in order.
 * Invariants: a section holds the same work whenever it runs: the program's own timers are taken away, time is the section's, and
 * edges come from the pins' files while the program waits. Everything is typed at the running program; its files stay as they are.
 */
import { TICK_MS } from "../../firmware/limits";
import type { Interpreter } from "../../test/espruino/interpreter";
import { COUNTED_FROM, COUNTED_TO, beginCounting, countsIn } from "./callgrind";
import type { Count } from "./callgrind";

/** A section: its name, "" when it counts nothing, and the text of a function that calls its parameter when it is done. */
export interface Section {
  name: string;
  code: string;
}

/** The interpreter looks at its pins' files every millisecond, under callgrind and on a crowded machine far less often. */
const SEEN_S = 0.2;
/** Between two beats, as in service. */
export const TICK_S = TICK_MS / 1000;
/** Longest time that a list of sections may take on a crowded machine. */
const SAID = "all counted";
const PATIENCE_MS = 600000;

/**
 * The module that sections call, as a file of the board, so that it takes little of its memory and one name at the root.
 * `beat` is the program's own timer callback, if it has one; `onPin(pin)` the handler of its watch. `round` writes levels into pins'
 * files, waits until the interpreter has seen each, and counts one pass of its loop: all events, and one beat when there were
 * any; a rest begins before, uncounted, and a board that rests does nothing without an event. `repeat` counts calls.
 * `passes` counts so many passes of the loop, each with one call. After `own`, and until
 * the list of sections ends, time is what `step` makes it (seconds), and the program's own setTimeout does nothing.
 */
export const SECTION_FILES = {
  sections: `
var hidden=global["\\xff"],fs=require("fs"),later=setTimeout,mailbox,list;
exports.beat=function(){};
function from(){${COUNTED_FROM}}
function to(){${COUNTED_TO}}
function pause(){var t=getTime()+${String(SEEN_S)};while(getTime()<t)fs.statSync("gpio");}
exports.onPin=function(pin){var f;hidden.watches.forEach(function(w){if(w&&w.pin==pin)f=w.cb;});return f;};
exports.take=function(){hidden.timers.forEach(function(t){if(!t)return;if((""+t.cb).indexOf("readFileSync")<0)exports.beat=t.cb;else mailbox=t.cb;});clearTimeout();later(mailbox,10);};
exports.round=function(edges,next){clearTimeout();exports.beat();if(edges.length)later(exports.beat,0);later(function(){to();clearTimeout();later(next,1);},0);pause();for(var i=0;i<edges.length;i+=2){fs.writeFileSync("gpio/gpio"+edges[i]+"/value",""+edges[i+1]);pause();}
from();};
exports.repeat=function(n,f,next){from();for(var i=0;i<n;i++)f();to();later(next,1);};
exports.passes=function(n,f,next){var left=n,pass=function(){if(left--){later(pass,0);f();}else{to();later(next,1);}};from();later(pass,0);};
exports.own=function(){if(!exports.now)exports.now=getTime();exports.step(0);global.setTimeout=isNaN;};
exports.step=function(s){exports.now+=s;global.getTime=Object.prototype.valueOf.bind(exports.now);};
exports.tick=function(n){for(;n>0;n--){exports.step(${String(TICK_S)});exports.beat();}};
exports.add=function(f){if(!list)list=[];list.push(f);};
exports.run=function(){later(function(){clearTimeout();var i=0;(function next(){if(i<list.length)list[i++](next);else{list=undefined;global.setTimeout=later;later(mailbox,10);print("${SAID}");}})();},0);};`,
};

/** Prepares the program of `board`, which was started under callgrind with SECTION_FILES in its flash. `first` is run once. */
export function openSections(board: Interpreter, first: string): void {
  beginCounting(board.processId());
  board.ask("(global.count=require('sections'),count.take(),1)");
  board.ask(`(function(){${first};return 1;})()`);
}

/** Runs the sections in order; counts of each name. @throws Error when one was not counted */
export async function countSections(board: Interpreter, sections: Section[]): Promise<Map<string, Count[]>> {
  const before = countsIn(board.folder).length;
  const said = board.log().split(SAID).length;
  // The list is made piece by piece, and gone afterwards: a small board holds no long text twice.
  for (const { code } of sections) board.ask(`(count.add(${code}),1)`);
  board.ask("(count.run(),1)");
  for (let waitedMs = 0; board.log().split(SAID).length === said; waitedMs += 50) {
    if (waitedMs > PATIENCE_MS || !board.running()) throw new Error(`the sections did not end; ${board.log().slice(-1500)}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  const counts = countsIn(board.folder).slice(before);
  const counted = sections.filter(({ name }) => name !== "");
  if (counts.length !== counted.length) throw new Error(`${String(counts.length)} of ${String(counted.length)} sections were counted; ${board.log().slice(-1500)}`);
  const found = new Map<string, Count[]>();
  counted.forEach(({ name }, index) => found.set(name, [...found.get(name) ?? [], counts[index]!]));
  return found;
}
