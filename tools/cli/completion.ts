/*
 * Completions of `sdc` for bash, zsh and fish.
 *
 * Input: the command line's own tree of verbs. Output: a script that a shell reads at its start. Invariant: the script
 * names exactly the verbs and options that this version has; file names complete where no word does.
 */
import type { Command } from "commander";
import { BOARDS } from "../../boards/index";

export const SHELLS = ["bash", "zsh", "fish"] as const;
export type Shell = (typeof SHELLS)[number];

/** One place of the command line: the words before it, and what may follow. */
interface Place {
  path: string[];
  words: { word: string; help: string }[];
  /** Options that take one of a few words. */
  choices: { option: string; words: string[] }[];
}

function placesOf(command: Command, path: string[]): Place[] {
  const verbs = command.commands.map((one) => ({ word: one.name(), help: one.description() }));
  const values = command.registeredArguments.flatMap((one) => (one.argChoices ?? []).map((word) => ({ word, help: one.description })));
  const named = command.options.filter((one) => !one.hidden && one.long !== undefined);
  const options = named.map((one) => ({ word: one.long ?? "", help: one.description }));
  const choices = named.map((one) => ({ option: one.long ?? "", words: one.long === "--board" ? BOARDS.map((board) => board.name) : one.argChoices ?? [] })).filter((one) => one.words.length > 0);
  return [{ path, words: [...verbs, ...values, ...options, { word: "--help", help: "what this takes" }], choices }, ...command.commands.flatMap((one) => placesOf(one, [...path, one.name()]))];
}

/** Where the words typed so far lead: the verbs among them, as one text. */
const PATH_OF = (place: Place): string => place.path.join(" ");

function quoteForShell(text: string): string {
  return `'${text.replace(/'/g, "'\\''")}'`;
}

function bash(places: Place[]): string {
  const listed = (place: Place, isOption: boolean): string => quoteForShell(place.words.map((one) => one.word).filter((word) => word.startsWith("-") === isOption).join(" "));
  const cases = places.map((place) => `    ${quoteForShell(PATH_OF(place))}) words=${listed(place, false)}; options=${listed(place, true)} ;;`);
  const choices = places.flatMap((place) => place.choices.map((one) => `    ${quoteForShell(`${PATH_OF(place)} ${one.option}`)}) words=${quoteForShell(one.words.join(" "))} ;;`));
  const paths = places.filter((place) => place.path.length > 0).map((place) => quoteForShell(PATH_OF(place)));
  // Options only where one has begun: elsewhere they would keep the shell from completing file names.
  return `# sdc: completions for bash. Add to ~/.bashrc:  source <(sdc completion bash)
_sdc() {
  local path="" word words="" options="" known
  for word in "\${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    for known in ${paths.join(" ")}; do
      if [ "$known" = "\${path:+$path }$word" ]; then path="$known"; break; fi
    done
  done
  case "$path" in
${cases.join("\n")}
  esac
  case "$path \${COMP_WORDS[COMP_CWORD-1]}" in
${choices.join("\n")}
  esac
  if [[ "\${COMP_WORDS[COMP_CWORD]}" == -* ]]; then words="$options"; fi
  COMPREPLY=($(compgen -W "$words" -- "\${COMP_WORDS[COMP_CWORD]}"))
}
complete -o default -F _sdc sdc
`;
}

function zsh(places: Place[]): string {
  const cases = places.map((place) => `    ${quoteForShell(PATH_OF(place))}) entries=(${place.words.map((one) => quoteForShell(`${one.word.replace(/:/g, "\\:")}:${one.help}`)).join(" ")}) ;;`);
  const choices = places.flatMap((place) => place.choices.map((one) => `    ${quoteForShell(`${PATH_OF(place)} ${one.option}`)}) entries=(${one.words.map(quoteForShell).join(" ")}) ;;`));
  const paths = places.filter((place) => place.path.length > 0).map((place) => quoteForShell(PATH_OF(place)));
  return `#compdef sdc
# sdc: completions for zsh. Add to ~/.zshrc, after compinit:  source <(sdc completion zsh)
_sdc() {
  local route="" word known
  local -a entries
  for word in "\${(@)words[2,CURRENT-1]}"; do
    for known in ${paths.join(" ")}; do
      if [[ "$known" = "\${route:+$route }$word" ]]; then route="$known"; break; fi
    done
  done
  case "$route" in
${cases.join("\n")}
  esac
  case "$route \${words[CURRENT-1]}" in
${choices.join("\n")}
  esac
  _describe 'sdc' entries || _files
}
compdef _sdc sdc
`;
}

function fish(places: Place[]): string {
  const lines = places.flatMap((place) => {
    const inside = place.path.map((word) => `__fish_seen_subcommand_from ${word}`);
    const verbs = place.words.filter((one) => !one.word.startsWith("-")).map((one) => one.word);
    if (verbs.length > 0) inside.push(`not __fish_seen_subcommand_from ${verbs.join(" ")}`);
    const where = inside.length === 0 ? "" : `-n ${quoteForShell(inside.join("; and "))} `;
    // With -x only the words of an option complete behind it, and no file names.
    const wordsOf = (option: string): string => {
      const words = place.choices.find((one) => one.option === option)?.words;
      return words === undefined ? "" : ` -x -a ${quoteForShell(words.join(" "))}`;
    };
    return place.words.map(({ word, help }) => `complete -c sdc ${where}${word.startsWith("--") ? `-l ${word.slice(2)}${wordsOf(word)}` : `-a ${word}`} -d ${quoteForShell(help)}`);
  });
  return `# sdc: completions for fish. Save as ~/.config/fish/completions/sdc.fish\n${lines.join("\n")}\n`;
}

/** The script for `shell`. */
export function completionScript(command: Command, shell: Shell): string {
  const places = placesOf(command, []);
  return { bash, zsh, fish }[shell](places);
}
