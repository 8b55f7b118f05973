import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { build } from 'esbuild';
import { EXTERNAL_PACKAGES } from '../../../apps/api/build/external-packages.mjs';
import { askWithinBundle, leaveOutMissing } from '../../../apps/api/build/package-plugins.mjs';
import { FOLDER } from './folder.cjs';
import { inFolderOfItsOwn } from './in-folder-of-its-own.mjs';

/** What is imported from within packages. A test that imports more of it is told to name it here. */
const DEEP_IMPORTS = [
  '@nestjs/common/constants.js',
  '@nestjs/common/enums/route-paramtypes.enum.js',
  'csv-parse/sync',
  'csv-stringify/sync',
];

/**
 * Makes one script of the packages that the server uses, unless there is one: jest spends most of the time of a test file on
 * finding, reading and linking their thousands of modules.
 */
export async function preparePackages() {
  await inFolderOfItsOwn(FOLDER, writePackages);
}

/** @param {string} folder */
async function writePackages(folder) {
  const { dependencies } = JSON.parse(
    await readFile(new URL('../../../package.json', import.meta.url), 'utf8'),
  );
  const names = Object.keys(dependencies).filter((name) => !EXTERNAL_PACKAGES.includes(name));
  const imports = [...names, ...DEEP_IMPORTS];
  for (const specifier of imports) {
    await writeEntry(folder, specifier, Object.keys(await import(specifier)));
  }
  const members = imports.map((specifier) => {
    const quoted = JSON.stringify(specifier);
    // Run when it is first asked for.
    return `get ${quoted}() { return require(${JSON.stringify(`./whole/${specifier}.mjs`)}); }`;
  });
  const { outputFiles } = await build({
    stdin: { contents: `module.exports = { ${members.join(',\n')} };`, resolveDir: folder },
    write: false,
    plugins: [askWithinBundle, leaveOutMissing],
    bundle: true,
    platform: 'node',
    format: 'cjs',
    supported: { 'dynamic-import': false },
    target: 'node20',
    keepNames: true,
    external: EXTERNAL_PACKAGES,
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
 * Writes what the script takes of a package, and the module that stands for the package in a test.
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
