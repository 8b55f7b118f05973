import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join, relative, sep } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { FOLDER } from './folder.cjs';
import { fillFolder } from './fill-folder.mjs';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));
/** Programs, which start when they are imported. */
const PROGRAMS = ['main', 'cli'].map((name) => join(ROOT, `apps/api/src/${name}.ts`));
/** Modules that find files by their place in the build: the console, `.env.example` and the documentation. */
const PLACED = [
  'console/console.controller.ts',
  'cli/program/settings/config.ts',
  'cli/program/run-program.ts',
].map((name) => join(ROOT, 'apps/api/src', name));
/** Imports of the libraries. */
const LIBRARIES = {
  '@latchkey/auth-models': join(ROOT, 'libs/auth-models/src/index.ts'),
  '@latchkey/auth-models/lists': join(ROOT, 'libs/auth-models/src/lists/index.ts'),
  '@latchkey/client/verifier': join(ROOT, 'libs/client/src/verifier/index.ts'),
};

/**
 * Returns the folder of the script of the API. Its name changes with the code.
 * @param {object} compilerOptions options of swc, as for the tests
 */
export function apiFolder(compilerOptions) {
  const sources = preparedSources();
  const others = ['libs/client/src/http', 'libs/client/src/verifier'].flatMap(sourcesIn);
  const hash = createHash('sha256').update(ROOT).update(FOLDER).update(JSON.stringify(compilerOptions));
  for (const path of [fileURLToPath(import.meta.url), ...sources, ...others]) {
    hash.update(`\0${path}\0`).update(readFileSync(path));
  }
  return join(dirname(FOLDER), `api-${hash.digest('hex').slice(0, 16)}`);
}

/**
 * Bundles the API and its libraries into one script, unless the folder exists. Tests of the whole API load it
 * instead of five hundred modules.
 * @param {string} target
 * @param {object} compilerOptions options of swc, as for the tests
 */
export async function prepareApi(target, compilerOptions) {
  await fillFolder(target, (folder) => writeApi(folder, preparedSources(), compilerOptions));
}

function preparedSources() {
  return ['apps/api/src', 'libs/auth-models/src'].flatMap(sourcesIn);
}

/** @param {string} folder */
function sourcesIn(folder) {
  return readdirSync(join(ROOT, folder), { recursive: true })
    .filter((path) => /(?<!\.spec)\.ts$/.test(path))
    .map((path) => join(ROOT, folder, path))
    .sort();
}

async function writeApi(folder, sources, compilerOptions) {
  // Most runs find the folder, and need not load it.
  const { build } = await import('esbuild');
  const asked = sources.filter((path) => !PROGRAMS.includes(path));
  const names = asked.map((path) => relative(ROOT, path).split(sep).join('/'));
  const members = names.map(
    (name, index) => `get '${name}'() { return require(${JSON.stringify(asked[index])}); }`,
  );
  await build({
    stdin: { contents: `module.exports = { ${members.join(',\n')} };`, resolveDir: ROOT },
    outfile: join(folder, 'script.js'),
    plugins: [compile(compilerOptions), findPackages],
    bundle: true,
    platform: 'node',
    format: 'cjs',
    supported: { 'dynamic-import': false },
    target: 'node20',
    sourcemap: 'linked',
    sourcesContent: false,
    banner: { js: '(function (require, module, __filename, __dirname) {' },
    footer: { js: '})' },
    logLevel: 'warning',
  });
  await writeFile(
    join(folder, 'api.cjs'),
    "runScript(__dirname + '/script.js', require, module, __filename, __dirname);\n",
  );
  for (const name of names) {
    const file = join(folder, `${name}.cjs`);
    await mkdir(dirname(file), { recursive: true });
    const up = '../'.repeat(name.split('/').length - 1);
    await writeFile(file, `module.exports = require('${up}api.cjs')['${name}'];\n`);
  }
}

/** Compiles with swc, because esbuild omits the types of decorated members, which Nest and TypeORM need. */
const compile = (options) => ({
  name: 'compile',
  setup: ({ onLoad }) =>
    onLoad({ filter: /\.ts$/ }, async ({ path }) => {
      const { transform } = await import('@swc/core');
      const { NAMED, withNames } = await import('../../../apps/api/build/package-plugins.mjs');
      const source = readFileSync(path, 'utf8');
      // Keeps the imports, which esbuild resolves.
      const { code } = await transform(source, { ...options, module: { type: 'es6' }, filename: path });
      const place = PLACED.includes(path) ? join(ROOT, 'dist', relative(ROOT, path)) : path;
      return {
        contents: (NAMED.test(path) ? await withNames(code) : code).replaceAll(
          'import.meta.url',
          JSON.stringify(pathToFileURL(place).href),
        ),
        loader: 'ts',
      };
    }),
});

/** Resolves imports of packages to the prepared ones. */
const findPackages = {
  name: 'find-packages',
  setup: ({ onResolve }) => {
    onResolve({ filter: /packages\.cjs$/ }, () => ({ path: join(FOLDER, 'packages.cjs'), external: true }));
    onResolve({ filter: /^[@\w]/ }, ({ path }) => {
      if (path in LIBRARIES) {
        return { path: LIBRARIES[path] };
      }
      const prepared = join(FOLDER, `${path}.mjs`);
      return existsSync(prepared) ? { path: prepared } : { path, external: true };
    });
  },
};
