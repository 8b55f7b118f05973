import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { transform } from 'esbuild';

const packageRequire = createRequire(import.meta.url);
const RXJS_MODULES = join(dirname(packageRequire.resolve('rxjs/package.json')), 'dist/esm');

/**
 * Files whose class names appear in output: DTOs and controllers in the OpenAPI document, entities in errors,
 * classes of Nest in the log. esbuild would rename duplicates. Names are kept only here, because each kept
 * name costs a call whenever the function is created. Keeping all of them cost a fifth of `GET /auth/verify`.
 */
export const NAMED =
  /\.(dto|controller|entity)\.[jt]s$|@nestjs.core.(errors.exception-handler|nest-application)\.js$/;

/** Returns the code with calls that keep the names of its classes and functions. */
export const withNames = async (contents) => (await transform(contents, { keepNames: true })).code;

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

/**
 * Bundles the ES modules of OpenTelemetry, so that esbuild removes what nothing imports. prom-client gets an
 * empty object instead, because it reads the current trace only for exemplars, which are off. The packages
 * are therefore only in a chunk that is loaded when the export is configured.
 */
export const preferModulesOfOpenTelemetry = {
  name: 'prefer-modules-of-opentelemetry',
  setup: ({ onResolve, onLoad }) => {
    onResolve({ filter: /^@opentelemetry\/[^/]+$/ }, ({ path, importer }) => {
      if (/node_modules[\\/]prom-client[\\/]/.test(importer)) {
        return { path, namespace: 'left-out-of-prom-client' };
      }
      const folder = moduleFolder(packageRequire.resolve(path), path);
      const { module } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
      return module && { path: join(folder, module), sideEffects: false };
    });
    onLoad({ filter: /./, namespace: 'left-out-of-prom-client' }, () => ({
      contents: 'module.exports = {};',
    }));
  },
};

/** Returns the folder of a package, from the path of one of its files. */
function moduleFolder(file, name) {
  const folder = join('node_modules', name);
  return file.slice(0, file.lastIndexOf(folder) + folder.length);
}
