import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

const packageRequire = createRequire(import.meta.url);
const RXJS_MODULES = join(dirname(packageRequire.resolve('rxjs/package.json')), 'dist/esm');

/** Leaves optional packages of Nest and TypeORM that are not installed out of the bundle. */
export const excludeMissing = {
  name: 'exclude-missing',
  setup: ({ onResolve, resolve }) =>
    onResolve({ filter: /^[@\w]/ }, async ({ path, pluginData, kind, ...from }) => {
      if (pluginData === excludeMissing || kind === 'entry-point') {
        return undefined;
      }
      const found = await resolve(path, { ...from, kind, pluginData: excludeMissing });
      return found.errors.length > 0 ? { path, external: true } : found;
    }),
};

/**
 * Makes Nest load packages from the bundle. It would load some with its own `require`, which esbuild cannot
 * follow. For its `import()`, esbuild would write a chunk with only a default export, since the packages are
 * CommonJS.
 */
export const resolveWithinBundle = {
  name: 'resolve-within-bundle',
  setup: ({ onLoad }) =>
    onLoad(
      { filter: /@nestjs.(common|core|mapped-types|platform-fastify|swagger|typeorm)\b.*\.js$/ },
      async ({ path }) => ({
        contents: (await readFile(path, 'utf8'))
          .replace('const require = createRequire(import.meta.url);', '')
          .replaceAll(/\bimport\(('[^']+')\)/g, 'Promise.resolve().then(() => require($1))'),
      }),
    ),
};

/**
 * Bundles the ES modules of RxJS, so that esbuild removes what nothing imports. Node would load its CommonJS
 * modules.
 */
export const preferModulesOfRxjs = {
  name: 'prefer-modules-of-rxjs',
  setup: ({ onResolve }) =>
    onResolve({ filter: /^rxjs(?:\/operators)?$/ }, ({ path }) => ({
      path: join(RXJS_MODULES, path.slice('rxjs'.length), 'index.js'),
      sideEffects: false,
    })),
};

/**
 * Imports class-validator once, through a module with named exports. class-validator is CommonJS, so esbuild
 * would copy all its exports for each of the hundred DTO files: 24,000 properties with a getter each, which
 * take 4 MiB.
 */
export const nameExportsOfClassValidator = {
  name: 'name-exports-of-class-validator',
  setup: ({ onResolve, onLoad }) => {
    onResolve({ filter: /^class-validator$/ }, ({ kind }) =>
      kind === 'import-statement' ? { path: 'class-validator', namespace: 'named-exports' } : undefined,
    );
    onLoad({ filter: /./, namespace: 'named-exports' }, ({ path }) => ({
      contents: `import * as all from '${path}/cjs/index.js'; export const {${Object.keys(packageRequire(path)).join()}} = all;`,
      resolveDir: process.cwd(),
    }));
  },
};
