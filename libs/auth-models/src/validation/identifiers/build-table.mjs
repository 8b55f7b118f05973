// Writes allowed-characters.ts from Unicode's Identifier_Status (UTS #39):
// node build-table.mjs path/to/ppucd.txt
//
// Last run with Unicode 16.0.0, as the source package icu 76.1-4 of Debian 13 ships it (apt-get source icu:
// source/data/unidata/ppucd.txt). Regular expressions of JavaScript do not know this property.
import { readFileSync, writeFileSync } from 'node:fs';

const text = readFileSync(process.argv[2], 'utf8');
const version = /^ucd;(\S+)/m.exec(text)[1];
const allowed = new Uint8Array(0x110000);
for (const line of text.split('\n')) {
  const [kind, range, ...properties] = line.split(';');
  const status = properties.find((property) => property.startsWith('ID_Status='));
  // A block sets the default of its characters, but not of its unassigned code points.
  if (kind === 'block' || kind === 'unassigned' || (kind === 'cp' && status !== undefined)) {
    const [first, last = first] = range.split('..').map((hex) => parseInt(hex, 16));
    allowed.fill(status === 'ID_Status=Allowed' ? 1 : 0, first, last + 1);
  }
}

/** Whether no canonical name contains the character, so the table may contain it or not. */
function isCanonicalNowhere(code) {
  const character = String.fromCodePoint(code);
  return (
    (code >= 0xd800 && code <= 0xdfff) ||
    character.toLowerCase() !== character ||
    character.normalize('NFKC') !== character
  );
}

// Ranges continue over such characters, which makes the table half as long.
const ranges = [];
for (let code = 0, canExtend = false; code < allowed.length; code += 1) {
  if (allowed[code] && !isCanonicalNowhere(code)) {
    if (canExtend) {
      ranges.at(-1)[1] = code;
    } else {
      ranges.push([code, code]);
    }
    canExtend = true;
  } else if (!isCanonicalNowhere(code)) {
    canExtend = false;
  }
}

const lines = [''];
for (const [first, last] of ranges) {
  const range = first === last ? first.toString(16) : `${first.toString(16)}-${last.toString(16)}`;
  if (lines.at(-1).length + range.length > 108) {
    lines.push('');
  }
  lines.push(`${lines.pop()} ${range}`.trim());
}
writeFileSync(
  new URL('allowed-characters.ts', import.meta.url),
  `/**
 * Ranges of code points that are allowed in identifiers (UTS #39, Identifier_Status of Unicode ${version}), in hexadecimal. They
 * also cover characters that no canonical user name contains, such as capitals. Built by build-table.mjs; LICENSE.md has the
 * licence of the data.
 */
export const ALLOWED_CHARACTERS = \`
${lines.join('\n')}
\`;
`,
);
