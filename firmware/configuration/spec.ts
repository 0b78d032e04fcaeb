/*
 * Every setting of the configuration document: name, kind, range, default.
 *
 * Input: docs/CONFIGURATION.md, as text tables that cost a board little. Output: read by configuration_fields, and by
 * tools/documents/configuration_schema.ts, which makes docs/configuration.schema.json of the same lines; so the check
 * on the board and the published schema cannot differ. Invariant: a released line is only added to, or
 * changed together with CONFIGURATION_VERSION and a line in RENAMED.
 *
 * One line a setting: name|kind|from|to|default. Default "!" means required, "-" that it may be left out
 * and then is not there at all. Kinds:
 *   integer from...to · text from...to bytes without control characters · passphrase as text, or empty · id as text, of letters, digits . _ -
 *   enum of the words in `from`, separated by commas · boolean · decimal with at most `from` digits before
 *   and `to` behind the point, written as text or as a whole number, signed if it may be negative · time "HH:MM" · hex from...to bytes ·
 *   url · host with a port or without, or empty · value (text, number or boolean) · object of kind `from` · list of objects of kind `from`, at most `to`
 */
import { COLUMNS_MAX, CUSTOM_INPUTS_MAX, DEBOUNCE_MS_MAX, METERS_MAX, PRICES_MAX, READERS_MAX, TRIGGER_DELAY_MS_MAX } from "../limits";

export const CONFIGURATION_VERSION = 1;

/** version/object/old name|new name, a line each: how documents of older versions spell what was renamed since. */
export const RENAMED = "";

const PIN = "pin|integer|0|48|!\n";
const CONTACT = "pull|enum|none,up,down||none\nactiveLevel|integer|0|1|1\n";
const INPUT = PIN + CONTACT + "debounceMs|integer|0|" + DEBOUNCE_MS_MAX + "|20";

/** The names of inputs/reader's drivers. */
const MODELS = "rdm6300,id12la,em18,hz1050,7941e,7941w,linehex,linedecimal,pn532,sl032,sm130,yhy502,twn4,r200";

/** The same of what a device is, and of its table. @apart */
function settingsOfDevice(object: string): string {
  if (object === "document") {
    return "version|integer|1|1|!\nrevision|integer|0|2147483647|0\ndevice|object|device||!\nendpoint|object|endpoint||-\n" +
      "endpoint2|object|endpoint||-\nendpoint3|object|endpoint||-\n" +
      "network|object|network||-\napi|object|api||-\nblock|object|block||-\ntable|object|table||!\ninputs|object|inputs||-\n" +
      "customInputs|list|customInput|" + CUSTOM_INPUTS_MAX + "|-\nmeters|list|meter|" + METERS_MAX + "|-\nreaders|list|reader|" + READERS_MAX + "|-\ntariff|object|tariff||-\n" +
      "store|object|store||-\noutputs|object|outputs||-";
  }
  if (object === "device") return "id|id|1|32|!\nname|text|0|64|\npassword|text|0|20|";
  if (object === "endpoint") return "url|url|1|200|!\ntarget|enum|exosphere,webhook||exosphere\nkeyId|id|1|32|!\nkey|hex|16|64|!";
  if (object === "network") return "ssid|text|1|32|!\npassword|passphrase|8|63|\nntp|host|1|100|";
  if (object === "api") return "token|id|16|64|!\nport|integer|0|65535|80";
  if (object === "block") {
    return "name|id|1|32|SDC\ntriggerDelayMs|integer|0|" + TRIGGER_DELAY_MS_MAX + "|0\nonRestart|enum|restart,ignore||restart\nlateUid|boolean|||true\n" +
      "uidTimeoutS|integer|0|86400|300\nonPowerLoss|enum|resume,close||resume\nminDurationS|integer|0|86400|0\n" +
      "minEnergyWh|integer|0|1000000|0\npauseS|integer|0|86400|0\nrfidTrigger|enum|none,start,startEnd||none\nmeter|integer|1|" + METERS_MAX + "|1";
  }
  if (object === "table") {
    return "id|integer|1|2147483647|!\nrowMode|enum|session,event||session\nwriteAt|enum|start,end,both||both\ncolumns|list|column|" + COLUMNS_MAX + "|!";
  }
  return "";
}

/** The same of what is wired to it, and of the tariff. @apart */
function settingsOfWires(object: string): string {
  if (object === "customInput") {
    return "index|integer|1|" + CUSTOM_INPUTS_MAX + "|!\nname|text|0|64|\ntype|enum|number,integer,text,boolean||!\nlatch|enum|write,trigger||write\n" +
      "source|enum|command,level,analog,tariff||command\npin|integer|0|48|-\n" + CONTACT + "debounceMs|integer|0|" + DEBOUNCE_MS_MAX + "|20\n" +
      "scaleLow|signed|5|4|0\nscaleHigh|signed|5|4|1000";
  }
  if (object === "inputs") return "sStart|object|input||-\nsEnd|object|input||-\ncontact|object|input||-";
  if (object === "input") return INPUT;
  if (object === "meter") {
    return PIN + CONTACT + "pulsesPerKwh|integer|1|100000|!\nfilterMs|integer|0|1000|10\nspacingMs|integer|0|10000|0\nregisterWh|integer|0|2000000000|0";
  }
  if (object === "reader") {
    return "model|enum|" + MODELS + "||!\nport|integer|0|3|!\nbaud|integer|300|921600|-\n" +
      "uidFormat|enum|hex,hexReversed,decimal10,8h10d,wiegand3.5||hex\nheldMs|integer|0|10000|400\ndeadTimeMs|integer|0|600000|5000\nholdMs|integer|0|10000|0\nminSightings|integer|1|5|-";
  }
  if (object === "tariff") {
    return "minorDigits|integer|0|4|2\nutcOffsetMin|integer|-720|840|0\ndaylightSaving|enum|none,eu||none\nprices|list|price|" + PRICES_MAX + "|!\nfeePerHour|decimal|5|3|0";
  }
  if (object === "price") return "from|time|||!\nperKwh|decimal|5|3|!";
  if (object === "store") return "whenFull|enum|refuseNew,dropOldest||refuseNew";
  if (object === "outputs") return "led|object|led||-\nrelay|object|relay||-";
  if (object === "led") return PIN + "activeLevel|integer|0|1|1";
  if (object === "relay") return PIN + "activeLevel|integer|0|1|1\nfollows|enum|sa,knownCard||sa";
  return "";
}

/**
 * The lines of one kind of object; "" for a kind that does not exist. In functions of their own, the kind of which there are most by
 * itself: a board reads over everything that stands in the function where it finds its text.
 */
export function settingsOf(object: string): string {
  if (object === "column") {
    return "id|integer|1|255|!\nname|text|1|63|!\ntype|enum|text,number,integer,boolean,datetime||!\ncontent|text|1|32|!\n" +
      "at|enum|start,end,both||-\nvalue|value|||-";
  }
  const found = settingsOfDevice(object);
  return found !== "" ? found : settingsOfWires(object);
}
