/*
 * Known answers of reading the endpoint's answer.
 *
 * Input: none. Output: run…() functions that return "" or the first difference. Invariant: in the portable
 * subset; bodies are those of docs/PROTOCOL.md.
 */
import { hexOf } from "../../firmware/base/bytes";
import { createAnswer, parseAnswer } from "../../firmware/uplink/answer";
import { difference } from "./check";

export function runAnswer(): string {
  const answer = createAnswer();
  const text = "{\"acknowledged\":[[41,42],[44,60]],\"refused\":[[43,\"column 9 unknown\"]],\"time\":1767225606,\"users\":7," +
    "\"configuration\":3,\"later\":[{}],\"commands\":[{\"id\":12,\"text\":\"=ECHO(Block)\"}],\"minIntervalS\":60}";
  let fault = difference("parseAnswer", parseAnswer(text, answer), "ok");
  if (fault === "") fault = difference("acknowledged", hexOf(answer.acknowledged), "000000290000002A0000002C0000003C");
  if (fault === "") fault = difference("refused", hexOf(answer.refused) + " " + answer.reasons, "0000002B column 9 unknown");
  if (fault === "") fault = difference("numbers", "" + answer.timeS + " " + answer.users + " " + answer.configuration + " " + answer.minIntervalS, "1767225606 7 3 60");
  if (fault === "") fault = difference("commands", "" + answer.commandIds.length + " " + answer.commandIds[0] + " " + answer.commandTexts[0], "1 12 =ECHO(Block)");
  if (fault === "") fault = difference("half an answer", parseAnswer(text.substring(0, 60), answer) + answer.acknowledged + answer.timeS, "invalid-1");
  return fault;
}
