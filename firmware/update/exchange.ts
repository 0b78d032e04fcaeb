/*
 * One request of an update, and its answer: part of the document, or pieces.
 *
 * Input: what an update wants next; an answer that has come. Output: a signed request, or an authentic answer, in the
 * update's record. A module of its own, loaded to sign and to judge, and not in memory while anything is on its way. Invariant: nothing of
 * an answer is used unless the device's key signed it for this request.
 */
import { readU32 } from "../base/bytes";
import { UPDATE_ANSWER_BYTES_LARGE, UPDATE_ANSWER_BYTES_SMALL, UPDATE_ANSWER_BYTES_VERIFY, UPDATE_LARGE_MEMORY_FREE_MIN } from "../limits";
import { FRAME_BYTES, judgeAnswer, missed, signedRequest } from "../sync/download";
import type { UpdateDevice } from "./switch";
import type { Update } from "./update_record";

/** Bytes of the next answer: fewer requests where there is room for their answers; the check of a signature has the least. */
function answerBytes(update: Update, device: UpdateDevice): number {
  const state = update.install.state;
  if (device.ports.system.memoryFree() >= UPDATE_LARGE_MEMORY_FREE_MIN) return UPDATE_ANSWER_BYTES_LARGE;
  return state === "verify" ? UPDATE_ANSWER_BYTES_VERIFY : UPDATE_ANSWER_BYTES_SMALL;
}

/** Signs a request, or judges what has come. "over": withdrawn; "later": the endpoint was out of reach. An answer lies in the record, to be worked on. */
export function exchangeStep(update: Update, device: UpdateDevice): "working" | "over" | "later" {
  const install = update.install;
  const download = update.download;
  const uploader = device.uploader;
  const wanted = install.wanted;
  if (!download.asking) {
    update.request = signedRequest(download, uploader, device.now, "firmware/" + wanted.what + "?offer=" + update.offer + "&from=" + wanted.from + "&bytes=" + answerBytes(update, device));
    return "working";
  }
  update.hasCome = false;
  const got = judgeAnswer(download, uploader);
  const received = download.received;
  // Handed on, not copied: a second name for it would keep it in memory beside what is made of it.
  install.answer = received.body;
  install.answerFrom = FRAME_BYTES;
  received.body = "";
  received.contentDigest = "";
  received.signatureInput = "";
  received.signature = "";
  if (got === "answer" && readU32(install.answer, 0) === update.offer && readU32(install.answer, 8) === wanted.from) {
    download.failures = 0;
    update.wholeBytes = readU32(install.answer, 4);
    return "working";
  }
  install.answer = "";
  if (got === "refused") {
    // Withdrawn. The next answer to an upload tells what is offered now.
    uploader.firmwareOffer = 0;
    return "over";
  }
  return missed(download, uploader, device.now) === "failed" ? "later" : "working";
}
