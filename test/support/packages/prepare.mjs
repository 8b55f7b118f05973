import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { build } from 'esbuild';
import { EXTERNAL_PACKAGES } from '../../../apps/api/build/external-packages.mjs';
import { leaveOut } from '../../../apps/api/build/left-out.mjs';
import {
  excludeMissing,
  NAMED,
  resolveWithinBundle,
  withNames,
} from '../../../apps/api/build/package-plugins.mjs';
import { FOLDER } from './folder.cjs';
import { fillFolder } from './fill-folder.mjs';

/** Imports of files inside packages. The resolver reports imports that are missing here. */
const DEEP_IMPORTS = [
  '@nestjs/common/constants.js',
  '@nestjs/common/enums/route-paramtypes.enum.js',
  '@nestjs/common/internal',
  '@nestjs/core/internal',
  'csv-parse/sync',
];

/** The server serves the files of the last one, which it finds by their path. */
const NOT_BUNDLED = [...EXTERNAL_PACKAGES, 'swagger-ui-dist'];

/**
 * Bundles the packages of the server into one script, unless it exists. Without it, jest spends most of the
 * time of a test file on resolving, reading and linking thousands of modules.
 */
export async function preparePackages() {
  await fillFolder(FOLDER, writePackages);
}

const keepNames = {
  name: 'keep-names',
  setup: ({ onLoad }) =>
    onLoad({ filter: NAMED }, async ({ path }) => ({
      contents: await withNames(await readFile(path, 'utf8')),
    })),
};

/** @param {string} folder */
async function writePackages(folder) {
  const { dependencies } = JSON.parse(
    await readFile(new URL('../../../package.json', import.meta.url), 'utf8'),
  );
  const imports = [...Object.keys(dependencies), ...DEEP_IMPORTS];
  for (const specifier of imports) {
    await writeEntry(folder, specifier, Object.keys(await import(specifier)));
  }
  const members = imports.map((specifier) => {
    const quoted = JSON.stringify(specifier);
    // Runs at the first import.
    return `get ${quoted}() { return require(${JSON.stringify(`./whole/${specifier}.mjs`)}); }`;
  });
  const { outputFiles } = await build({
    stdin: { contents: `module.exports = { ${members.join(',\n')} };`, resolveDir: folder },
    write: false,
    plugins: [keepNames, leaveOut(), resolveWithinBundle, excludeMissing],
    bundle: true,
    platform: 'node',
    format: 'cjs',
    supported: { 'dynamic-import': false },
    target: 'node20',
    external: NOT_BUNDLED,
    define: { 'import.meta.url': 'importMetaUrl' },
    banner: { js: "const importMetaUrl = require('node:url').pathToFileURL(__filename).href;" },
    logOverride: { 'duplicate-object-key': 'silent' },
    logLevel: 'warning',
  });
  const [{ text }] = outputFiles;
  await writeFile(
    join(folder, 'script.js'),
    `(function (require, module, __filename, __dirname) {${text}\n});\n`,
  );
  await writeFile(
    join(folder, 'packages.cjs'),
    "runScript(__dirname + '/script.js', require, module, __filename, __dirname);\n",
  );
}

/**
 * Writes the exports of a package for the script, and the modules that replace the package: in a test, which
 * is CommonJS, and in the script of the API.
 * @param {string} folder
 * @param {string} specifier
 * @param {string[]} names
 */
async function writeEntry(folder, specifier, names) {
  const quoted = JSON.stringify(specifier);
  const members = names.filter((name) => name !== 'default' && /^[\w$]+$/.test(name));
  const hasDefault = names.includes('default');
  await write(join(folder, 'whole', `${specifier}.mjs`), [
    `export * from ${quoted};`,
    hasDefault ? `export { default } from ${quoted};` : '',
  ]);
  const up = '../'.repeat(specifier.split('/').length - 1);
  await write(join(folder, `${specifier}.cjs`), [
    `module.exports = require('./${up}packages.cjs')[${quoted}];`,
  ]);
  await write(join(folder, `${specifier}.mjs`), [
    `import packages from './${up}packages.cjs';`,
    `const whole = packages[${quoted}];`,
    `export const { ${members.join(', ')} } = whole;`,
    hasDefault ? 'export default whole.default;' : '',
  ]);
}

/**
 * @param {string} path
 * @param {string[]} lines
 */
async function write(path, lines) {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, lines.join('\n'));
}
