// Packs libraries:
// node libs/pack.mjs auth-models client [options of npm pack]
//
// Builds them for ES modules and for CommonJS in a temporary folder, so that several packs can run at once.
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { bundleModels } from './bundle-models.mjs';

const ROOT = join(dirname(fileURLToPath(import.meta.url)), '..');
/** Folder of the client. Angular's packages are ES modules only. */
const ES_MODULES_ONLY = /^angular\b/;
const MODELS = 'auth-models';
const CLIENT = 'client';
const words = process.argv.slice(2);
const names = [MODELS, CLIENT].filter((name) => words.includes(name));
const options = words.filter((word) => !names.includes(word));
if (names.length === 0) {
  throw new Error(`Name the libraries to pack: ${MODELS}, ${CLIENT}, or both.`);
}

const stage = mkdtempSync(join(tmpdir(), 'latchkey-pack-'));
const distOf = (library) => join(stage, library, 'dist');
try {
  // The client is compiled against the declarations of the models.
  compile(MODELS, names.includes(MODELS) ? {} : { emitDeclarationOnly: true, noCheck: true });
  if (names.includes(CLIENT)) {
    compile(CLIENT, {});
    bundleModels(distOf(MODELS), distOf(CLIENT));
  }
  for (const name of names) {
    convertToCommonJs(distOf(name));
    addFiles(name);
  }
  run('npm', ['pack', ...names.map((name) => join(stage, name)), ...options]);
} finally {
  rmSync(stage, { recursive: true });
}

function addFiles(library) {
  const target = join(stage, library);
  for (const file of ['package.json', 'README.md', 'CHANGELOG.md']) {
    cpSync(join(ROOT, 'libs', library, file), join(target, file));
  }
  cpSync(join(ROOT, 'LICENSE'), join(target, 'LICENSE'));
  if (library === MODELS) {
    const data = 'libs/auth-models/src/validation/identifiers/LICENSE.md';
    cpSync(join(ROOT, data), join(target, 'LICENSE-UNICODE.md'));
  }
}

function compile(library, compilerOptions) {
  const config = join(stage, 'tsconfig.json');
  const source = join(ROOT, 'libs', library, 'src');
  const paths = { '@latchkey/auth-models': [join(distOf(MODELS), 'index.d.ts')] };
  writeFileSync(
    config,
    JSON.stringify({
      extends: join(ROOT, 'libs', library, 'tsconfig.lib.json'),
      exclude: [join(source, '**/*.spec.ts')],
      compilerOptions: { ...compilerOptions, rootDir: source, outDir: distOf(library), paths },
    }),
  );
  run(process.execPath, [join(ROOT, 'node_modules/typescript/bin/tsc'), '-p', config]);
}

/** Adds the modules of a folder as CommonJS, in the folder `cjs`. The types are the same. */
function convertToCommonJs(folder) {
  const files = readdirSync(folder, { recursive: true }).filter((path) => /\.(js|d\.ts)$/.test(path));
  for (const path of files.filter((each) => !ES_MODULES_ONLY.test(each))) {
    const text = readFileSync(join(folder, path), 'utf8');
    const target = join(folder, 'cjs', path);
    mkdirSync(dirname(target), { recursive: true });
    writeFileSync(target, path.endsWith('.js') ? toCommonJs(text) : text);
  }
  writeFileSync(join(folder, 'cjs/package.json'), '{ "type": "commonjs" }\n');
}

function toCommonJs(code) {
  const { CommonJS: module } = ts.ModuleKind;
  const compilerOptions = { module, target: ts.ScriptTarget.ES2023, esModuleInterop: true };
  return ts.transpileModule(code, { compilerOptions }).outputText;
}

function run(command, args) {
  const { status } = spawnSync(command, args, { stdio: 'inherit' });
  if (status !== 0) {
    throw new Error(`This command failed: ${[command, ...args].join(' ')}`);
  }
}
