// Bundles the built API and its packages into a file for the server, one for the command line, and the chunks
// that they share. Node would need more than a second to find and read 2,500 small files: 1.1 to 1.3 s of
// processor time until ready, instead of 1.9 to 2.0 s.
import { copyFile, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join, relative, sep } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { EXTERNAL_PACKAGES } from './external-packages.mjs';
import { leaveOut } from './left-out.mjs';
import {
  excludeMissing,
  NAMED,
  nameExportsOfClassValidator,
  preferModulesOfOpenTelemetry,
  preferModulesOfRxjs,
  resolveWithinBundle,
  withNames,
} from './package-plugins.mjs';

const SOURCE = 'dist/apps/api/src';
const TARGET = 'dist/apps/api/bundle';
/** Copy of the served files of Swagger UI, an eighth of the package. */
const API_PAGE_TARGET = 'dist/apps/api/swagger-ui';
/** Compiled code, which Node writes when a server exits (`prepare-process.cjs`). */
const COMPILED = 'dist/apps/api/compiled';

/** Keeps the original URL of a module, so that it finds the files next to it. */
const withOriginalUrl = (contents, path) =>
  contents.replaceAll(
    'import.meta.url',
    `new URL('${relative(TARGET, path).split(sep).join('/')}', import.meta.url).href`,
  );

const prepareFiles = {
  name: 'prepare-files',
  setup: ({ onLoad }) => {
    onLoad({ filter: NAMED }, async ({ path }) => ({
      contents: await withNames(withOriginalUrl(await readFile(path, 'utf8'), path)),
    }));
    onLoad({ filter: /api-page-folder\.js$/ }, ({ path }) => ({
      contents: withOriginalUrl(
        `import { fileURLToPath } from 'node:url';
         export const API_PAGE_FOLDER = fileURLToPath(new URL('${relative(dirname(path), API_PAGE_TARGET)}', import.meta.url));`,
        path,
      ),
    }));
    onLoad({ filter: /dist.apps.api.src.*\.js$/ }, async ({ path }) => ({
      contents: withOriginalUrl(await readFile(path, 'utf8'), path),
    }));
  },
};

/**
 * Escapes all characters outside ASCII. V8 stores a source with one character outside Latin-1 in two bytes a
 * character; escaping saves 8 MiB of idle memory. esbuild leaves such characters only in comments and regular
 * expressions, where an escape means the same.
 */
const asAscii = (text) =>
  text.replaceAll(/[^\x00-\x7f]/g, (unit) => `\\u${unit.charCodeAt().toString(16).padStart(4, '0')}`);

const { outputFiles, metafile } = await build({
  entryPoints: [`${SOURCE}/main.js`, `${SOURCE}/cli.js`],
  outdir: TARGET,
  write: false,
  metafile: true,
  plugins: [
    prepareFiles,
    leaveOut(),
    resolveWithinBundle,
    preferModulesOfRxjs,
    preferModulesOfOpenTelemetry,
    nameExportsOfClassValidator,
    excludeMissing,
  ],
  bundle: true,
  platform: 'node',
  format: 'esm',
  target: 'node20',
  external: EXTERNAL_PACKAGES,
  banner: {
    // CommonJS packages load the modules of Node with it.
    js: "import { createRequire as bundleRequire } from 'node:module'; const require = bundleRequire(import.meta.url);",
  },
  logOverride: { 'duplicate-object-key': 'silent' },
  logLevel: 'warning',
  splitting: true,
  chunkNames: 'chunk-[hash]',
  minifyWhitespace: true,
  // Short lines, so that a stack trace names the place.
  lineLimit: 120,
});
// Without the files of earlier builds.
await Promise.all(
  [TARGET, API_PAGE_TARGET, COMPILED].map((folder) => rm(folder, { recursive: true, force: true })),
);
await Promise.all([TARGET, API_PAGE_TARGET].map((folder) => mkdir(folder, { recursive: true })));
await Promise.all(outputFiles.map(({ path, text }) => writeFile(path, asAscii(text))));
await writeFile(join(TARGET, 'THIRD-PARTY-LICENSES.txt'), await licencesOf(Object.values(metafile.outputs)));

const { API_PAGE_FILES } = await import(pathToFileURL(`${SOURCE}/http/openapi/api-page-files.js`).href);
const { API_PAGE_FOLDER } = await import(pathToFileURL(`${SOURCE}/http/openapi/api-page-folder.js`).href);
await Promise.all(
  [...API_PAGE_FILES, 'LICENSE', 'NOTICE', 'swagger-ui-bundle.js.LICENSE.txt'].map((name) =>
    copyFile(join(API_PAGE_FOLDER, name), join(API_PAGE_TARGET, name)),
  ),
);

/**
 * Returns the licences of all packages with code in the bundle. Most require a copy of their text. Packages
 * with the same text share one copy.
 */
async function licencesOf(outputs) {
  const inputs = outputs.flatMap(({ inputs }) => Object.entries(inputs));
  const folders = inputs
    .filter(([, { bytesInOutput }]) => bytesInOutput > 0)
    .flatMap(([path]) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(path) ?? []);
  const headings = new Map();
  for (const folder of [...new Set(folders)].sort()) {
    const { heading, text } = await licenceOf(folder);
    headings.set(text, [...(headings.get(text) ?? []), heading]);
  }
  return [...headings].map(([text, packages]) => [...packages, '', text].join('\n')).join('\n');
}

async function licenceOf(folder) {
  const { name, version, license } = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8'));
  const files = (await readdir(folder)).filter((file) => /^(?:licen[cs]e|notice)/i.test(file));
  const texts = await Promise.all(files.map((file) => readFile(join(folder, file), 'utf8')));
  return { heading: `=== ${name} ${version} (${license ?? 'see below'})`, text: texts.join('\n\n') };
}
