import { mkdir, mkdtemp } from 'node:fs/promises';
import { join } from 'node:path';
import { build } from 'esbuild';

const CACHE = 'node_modules/.cache';

/** Entry points in `examples`. */
export const EXAMPLES = {
  express: 'examples/express/server.mjs',
  fastify: 'examples/fastify/server.mjs',
  nest: 'examples/nest/main.ts',
};

/**
 * Builds an example with the client library of this repository, into a folder in which it finds its
 * framework.
 * @param {keyof typeof EXAMPLES} example
 * @returns {Promise<{ folder: string, script: string }>}
 */
export async function buildExample(example) {
  await mkdir(CACHE, { recursive: true });
  const folder = await mkdtemp(join(CACHE, 'latchkey-example-'));
  const script = join(folder, 'main.mjs');
  await build({
    entryPoints: [EXAMPLES[example]],
    outfile: script,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    // Bundles the library only, which the paths in this file name.
    tsconfig: 'tsconfig.base.json',
    packages: 'external',
  });
  return { folder, script };
}

/**
 * Bundles the verifier of this repository, and imports it.
 * @returns {Promise<typeof import('../../libs/client/src/verifier/index.js')>}
 */
export async function importVerifier() {
  const { outputFiles } = await build({
    entryPoints: ['libs/client/src/verifier/index.ts'],
    bundle: true,
    write: false,
    platform: 'node',
    format: 'esm',
  });
  const [{ contents }] = outputFiles;
  return import(`data:text/javascript;base64,${Buffer.from(contents).toString('base64')}`);
}
