// Makes one file of the built API and the packages it uses: Node spends most of a start on finding and reading thousands of
// small ones.
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { relative, sep } from 'node:path';
import { build, transform } from 'esbuild';
import { EXTERNAL_PACKAGES } from './external-packages.mjs';
import { askWithinBundle, leaveOutMissing } from './package-plugins.mjs';

const SOURCE = 'dist/apps/api/src';
const TARGET = 'dist/apps/api/bundle';

/** Files that lie beside a module are found from where that module was. */
const withOwnAddress = (contents, path) =>
  contents.replaceAll(
    'import.meta.url',
    `new URL('${relative(TARGET, path).split(sep).join('/')}', import.meta.url).href`,
  );

/**
 * Classes whose names are told: of models and controllers in the OpenAPI document, of entities in errors, of Nest's in the log.
 * Two of one name would else get a number, and some an underscore. For all files this would cost a call at each function that
 * a request makes.
 */
const NAMED = /\.(dto|controller|entity)\.js$|@nestjs.core.(errors.exception-handler|nest-application)\.js$/;
const withNames = async (contents) => (await transform(contents, { keepNames: true })).code;

const prepareFiles = {
  name: 'prepare-files',
  setup: ({ onLoad }) => {
    onLoad({ filter: NAMED }, async ({ path }) => ({
      contents: await withNames(withOwnAddress(await readFile(path, 'utf8'), path)),
    }));
    onLoad({ filter: /dist.apps.api.src.*\.js$/ }, async ({ path }) => ({
      contents: withOwnAddress(await readFile(path, 'utf8'), path),
    }));
  },
};

/**
 * V8 keeps a text with one letter outside of Latin-1 in two bytes a letter: twice the memory, for as long as the process lives.
 * What esbuild leaves of such letters stands in comments and regular expressions, where an escape means the same.
 */
const asAscii = (text) =>
  text.replaceAll(/[^\x00-\x7f]/g, (unit) => `\\u${unit.charCodeAt().toString(16).padStart(4, '0')}`);

const { outputFiles } = await build({
  entryPoints: [`${SOURCE}/main.js`, `${SOURCE}/cli.js`],
  outdir: TARGET,
  write: false,
  plugins: [prepareFiles, askWithinBundle, leaveOutMissing],
  bundle: true,
  platform: 'node',
  format: 'esm',
  target: 'node20',
  external: EXTERNAL_PACKAGES,
  banner: {
    // Packages of the older kind ask for Node's own modules by it.
    js: "import { createRequire as bundleRequire } from 'node:module'; const require = bundleRequire(import.meta.url);",
  },
  logOverride: { 'duplicate-object-key': 'silent' },
  logLevel: 'warning',
});
await mkdir(TARGET, { recursive: true });
await Promise.all(outputFiles.map(({ path, text }) => writeFile(path, asAscii(text))));
