// Writes prototypes.txt from Unicode's confusables.txt: node build-table.mjs path/to/confusables.txt
//
// Last run with Unicode 16.0.0, as the source package icu 76.1-4 of Debian 13 ships it (apt-get source icu:
// source/data/unidata/confusables.txt). No npm package is kept up to date: unhomoglyph stopped at Unicode 13
// in 2020.
import { readFileSync, writeFileSync } from 'node:fs';

/** Scripts of user names: see user-name.ts of auth-models. */
const SCRIPTS =
  'Latin Cyrillic Greek Armenian Georgian Hebrew Arabic Thaana Devanagari Bengali Gurmukhi Gujarati Oriya Tamil Telugu ' +
  'Kannada Malayalam Sinhala Thai Lao Tibetan Myanmar Khmer Ethiopic Han Hiragana Katakana Hangul Bopomofo Common Inherited';
const IN_SCRIPTS = new RegExp(
  `^[${SCRIPTS.split(' ')
    .map((script) => `\\p{scx=${script}}`)
    .join('')}]$`,
  'u',
);
const IN_NAMES = /^[\p{L}\p{Mn}\p{Mc}\p{Nd}._@+-]$/u;

/** Whether a character is left in a canonical name once that is decomposed. */
function occurs(character) {
  return (
    IN_NAMES.test(character) &&
    IN_SCRIPTS.test(character) &&
    !/\p{Default_Ignorable_Code_Point}/u.test(character) &&
    character.toLowerCase() === character &&
    character.normalize('NFKD') === character
  );
}

const fromHex = (text) => String.fromCodePoint(...text.split(' ').map((hex) => parseInt(hex, 16)));
const toHex = (text) => [...text].map((character) => character.codePointAt(0).toString(16)).join('+');

const text = readFileSync(process.argv[2], 'utf8');
const version = /^# Version: (\S+)/m.exec(text)[1];
const sources = new Map();
for (const [, source, target] of text.matchAll(/^([0-9A-F]+) ;\t([0-9A-F ]+) ;\tMA/gm)) {
  const character = fromHex(source);
  if (occurs(character)) {
    const prototype = toHex(fromHex(target).normalize('NFD'));
    sources.set(prototype, [...(sources.get(prototype) ?? []), toHex(character)]);
  }
}

const lines = [];
for (const [prototype, characters] of sources) {
  const entry = `${prototype} ${characters.join(' ')};`;
  const line = lines.at(-1);
  if (line !== undefined && line.length + entry.length < 110) {
    lines[lines.length - 1] = line + entry;
  } else {
    lines.push(entry);
  }
}
writeFileSync(new URL('prototypes.txt', import.meta.url), `${lines.join('\n')}\n`);
console.log(`Unicode ${version}: name this version in skeleton.ts.`);
