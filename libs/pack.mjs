// Packs a library:
// node libs/pack.mjs client [options of npm pack]
//
// Builds it for ES modules and for CommonJS in a temporary folder, so that several packs can run at once.
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundleModels } from './bundle-models.mjs';

const ROOT = join(dirname(fileURLToPath(import.meta.url)), '..');
/** Angular's packages are ES modules only. */
const ES_MODULES_ONLY = [join(ROOT, 'libs/client/src/angular')];
const MODELS = 'auth-models';
const [name, ...options] = process.argv.slice(2);

const stage = mkdtempSync(join(tmpdir(), 'latchkey-pack-'));
try {
  if (name !== MODELS) {
    // Compiled against the declarations of the models.
    compile(MODELS, join(stage, MODELS, 'dist'), { emitDeclarationOnly: true, noCheck: true });
  }
  build(name);
  run('npm', ['pack', join(stage, name), ...options]);
} finally {
  rmSync(stage, { recursive: true });
}

function build(library) {
  const target = join(stage, library);
  mkdirSync(target);
  for (const file of ['package.json', 'README.md', 'CHANGELOG.md']) {
    cpSync(join(ROOT, 'libs', library, file), join(target, file));
  }
  cpSync(join(ROOT, 'LICENSE'), join(target, 'LICENSE'));
  if (library === MODELS) {
    const data = 'libs/auth-models/src/validation/identifiers/LICENSE.md';
    cpSync(join(ROOT, data), join(target, 'LICENSE-UNICODE.md'));
  }
  compile(library, join(target, 'dist'), {});
  compile(
    library,
    join(target, 'dist/cjs'),
    // The types are those checked above.
    { module: 'commonjs', moduleResolution: 'node10', noCheck: true },
    ES_MODULES_ONLY,
  );
  writeFileSync(join(target, 'dist/cjs/package.json'), '{ "type": "commonjs" }\n');
  if (library !== MODELS) {
    ['dist/cjs', 'dist'].forEach((folder) => bundleModels(join(stage, MODELS, 'dist'), join(target, folder)));
  }
}

function compile(library, outDir, compilerOptions, exclude = []) {
  const config = join(stage, 'tsconfig.json');
  const source = join(ROOT, 'libs', library, 'src');
  const paths = { '@latchkey/auth-models': [join(stage, MODELS, 'dist/index.d.ts')] };
  writeFileSync(
    config,
    JSON.stringify({
      extends: join(ROOT, 'libs', library, 'tsconfig.lib.json'),
      exclude: [join(source, '**/*.spec.ts'), ...exclude],
      compilerOptions: { ...compilerOptions, rootDir: source, outDir, paths },
    }),
  );
  run(process.execPath, [join(ROOT, 'node_modules/typescript/bin/tsc'), '-p', config]);
}

function run(command, args) {
  const { status } = spawnSync(command, args, { stdio: 'inherit' });
  if (status !== 0) {
    throw new Error(`This command failed: ${[command, ...args].join(' ')}`);
  }
}
