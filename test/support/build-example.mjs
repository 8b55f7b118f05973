import { mkdir, mkdtemp } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { build } from 'esbuild';

const CACHE = 'node_modules/.cache';

/** Entry points in `examples`. */
export const EXAMPLES = {
  express: 'examples/express/server.mjs',
  fastify: 'examples/fastify/server.mjs',
  nest: 'examples/nest/main.ts',
  flask: 'examples/flask/app.py',
  fastapi: 'examples/fastapi/app.py',
  django: 'examples/django/app.py',
};

/** Python of the system, for which Debian has the frameworks. */
export const PYTHON = '/usr/bin/python3';

/** Environment in which Python finds the client of this repository, and writes nothing beside it. */
export const PYTHON_ENVIRONMENT = {
  PYTHONPATH: resolve('libs/python/src'),
  PYTHONDONTWRITEBYTECODE: '1',
  PYTHONUNBUFFERED: '1',
};

/**
 * Builds an example with the client library of this repository, into a folder in which it finds its
 * framework. Those in Python need no build.
 * @param {keyof typeof EXAMPLES} example
 * @returns {Promise<import('./build-example.mjs').BuiltExample>}
 */
export async function buildExample(example) {
  await mkdir(CACHE, { recursive: true });
  const folder = await mkdtemp(join(CACHE, 'latchkey-example-'));
  if (EXAMPLES[example].endsWith('.py')) {
    return { folder, program: PYTHON, script: EXAMPLES[example], environment: PYTHON_ENVIRONMENT };
  }
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
  return { folder, program: process.execPath, script, environment: {} };
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
