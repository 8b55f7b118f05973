import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { fillFolder } from '../packages/fill-folder.mjs';
import { FOLDER } from '../packages/folder.cjs';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));
const IMPORT = /^(?:import|export|\} from).*'((?:@angular\/|rxjs\b)[^']*)';$/gm;

/** Imports of the test environment. */
const ENVIRONMENT_IMPORTS = [
  '@angular/compiler',
  '@angular/core/testing',
  '@angular/platform-browser/testing',
];

/** Returns the folder of the script of Angular. Its name changes with the imports. */
export function angularFolder() {
  const hash = createHash('sha256').update(allImports().join());
  for (const path of [fileURLToPath(import.meta.url), join(ROOT, 'package-lock.json')]) {
    hash.update(readFileSync(path));
  }
  return join(dirname(FOLDER), `angular-${hash.digest('hex').slice(0, 16)}`);
}

/**
 * Bundles the Angular packages that the console imports into one script, unless the folder exists. Compiles
 * Material ahead of time. Without it, each test file links 150 modules and compiles the components of
 * Material again.
 * @param {string} target
 */
export async function prepareAngular(target) {
  await fillFolder(target, (folder) => writeAngular(folder, allImports()));
}

function allImports() {
  return importsOf(['apps/admin/src', 'libs/client/src/angular', 'test/support/angular']);
}

/** @param {string[]} folders */
function importsOf(folders) {
  const files = folders.flatMap((folder) =>
    readdirSync(join(ROOT, folder), { recursive: true })
      .filter((path) => path.endsWith('.ts'))
      .map((path) => readFileSync(join(ROOT, folder, path), 'utf8')),
  );
  const found = files.flatMap((text) => [...text.matchAll(IMPORT)].map(([, specifier]) => specifier));
  return [...new Set([...ENVIRONMENT_IMPORTS, ...found])].sort();
}

/**
 * @param {string} folder
 * @param {string[]} specifiers
 */
async function writeAngular(folder, specifiers) {
  // Most runs find the folder, and need not load these packages, which takes 0.3 s.
  const { build } = await import('esbuild');
  const members = specifiers.map((specifier) => {
    const quoted = JSON.stringify(specifier);
    // Runs at the first import.
    return `get ${quoted}() { return require(${quoted}); }`;
  });
  const script = join(folder, 'script.js');
  await build({
    stdin: {
      // The specs compile their own components.
      contents: `require('@angular/compiler');\nmodule.exports = { ${members.join(',\n')} };`,
      resolveDir: ROOT,
    },
    outfile: script,
    plugins: [await link()],
    bundle: true,
    platform: 'browser',
    format: 'cjs',
    target: 'es2022',
    mainFields: ['es2020', 'module', 'main'],
    logLevel: 'warning',
  });
  await writeFile(join(folder, 'packages.cjs'), "module.exports = runAngular(__dirname + '/script.js');\n");
  for (const specifier of specifiers) {
    const file = join(folder, `${specifier}.cjs`);
    await mkdir(dirname(file), { recursive: true });
    const up = '../'.repeat(specifier.split('/').length - 1);
    await writeFile(file, `module.exports = require('./${up}packages.cjs')['${specifier}'];\n`);
  }
}

/** Compiles the partially compiled declarations of libraries. */
async function link() {
  const { needsLinking } = await import('@angular/compiler-cli/linker');
  const { createEs2015LinkerPlugin } = await import('@angular/compiler-cli/linker/babel');
  const { transformAsync } = await import('@babel/core');
  return {
    name: 'link',
    setup: ({ onLoad }) =>
      onLoad({ filter: /\/@angular\/.*\.mjs$/ }, async ({ path }) => {
        const source = await readFile(path, 'utf8');
        if (!needsLinking(path, source)) {
          return { contents: source };
        }
        const { code } = await transformAsync(source, {
          filename: path,
          configFile: false,
          babelrc: false,
          compact: false,
          plugins: [
            createEs2015LinkerPlugin({ fileSystem, logger, sourceMapping: false, linkerJitMode: true }),
          ],
        });
        return { contents: code };
      }),
  };
}

const logger = { ...console, level: 1 };
const fileSystem = {
  resolve: (...paths) => join(...paths),
  exists: () => false,
  relative: (from, to) => to,
  dirname,
  readFile: (path) => readFileSync(path, 'utf8'),
};
