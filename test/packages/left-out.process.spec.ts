import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { build } from 'esbuild';
import { leaveOut } from '../../apps/api/build/left-out.mjs';

const PHONE = { files: /^phones\/lib\/parse\.js$/, reason: 'Users have no phone numbers' };

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'latchkey-left-out-'));
  mkdirSync(join(folder, 'node_modules/phones/lib'), { recursive: true });
  writeFileSync(
    join(folder, 'node_modules/phones/lib/parse.js'),
    "exports.NAME = 'phones';\nexports.Parser = class { parse() { return 'a large table'; } };\n",
  );
  writeFileSync(
    join(folder, 'node_modules/phones/index.js'),
    "const { NAME, Parser } = require('./lib/parse');\nexports.NAME = NAME;\nexports.parse = () => new Parser().parse();\n",
  );
});

afterEach(() => rmSync(folder, { recursive: true }));

async function bundleWithout(entry: typeof PHONE): Promise<{ NAME: string; parse: () => string }> {
  await build({
    stdin: { contents: "export { NAME, parse } from 'phones';", resolveDir: folder },
    outfile: join(folder, 'bundle.cjs'),
    bundle: true,
    platform: 'node',
    plugins: [leaveOut([entry])],
    logLevel: 'silent',
  });
  return (await import(join(folder, 'bundle.cjs'))) as { NAME: string; parse: () => string };
}

describe('a file left out of the bundle', () => {
  it('throws with the reason when it is called, and keeps its constants', async () => {
    const bundle = await bundleWithout(PHONE);

    expect(bundle.NAME).toBe('phones');
    expect(() => bundle.parse()).toThrow(
      'phones/lib/parse.js is not in the bundle. Users have no phone numbers. If that has changed, edit apps/api/build/left-out.mjs.',
    );
  });

  it('fails the build when nothing imports it', async () => {
    await expect(bundleWithout({ ...PHONE, files: /^phones\/lib\/format\.js$/ })).rejects.toThrow(
      'Remove the entry from left-out.mjs',
    );
  });
});
