import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

/** Jest starts in the root of the repository. */
const ROOT = process.cwd();

const { API_LEVELS } = (await import(pathToFileURL(resolve(ROOT, 'eslint.levels.js')).href)) as {
  API_LEVELS: string[][];
};
const NAMES = API_LEVELS.flat();

interface Finding {
  file: string;
  rule: string | null;
  line: number;
}

/** Path of the file that the other names try to import. */
const targetIn = (name: string) => (name.endsWith('.ts') ? name : `${name}/target.ts`);

/** Path of the file that tries to import every other name, one per line. */
const probeIn = (name: string) => (name.endsWith('.ts') ? name : `${name}/probe.ts`);

const others = (name: string) => NAMES.filter((other) => other !== name);

function probe(name: string): string {
  const up = name.endsWith('.ts') ? './' : '../';
  return others(name)
    .map((other) => `import '${up}${targetIn(other).replace(/ts$/, 'js')}';`)
    .join('\n');
}

const WORKSPACE: Record<string, string> = {
  ...Object.fromEntries(NAMES.map((name) => [`apps/api/src/${targetIn(name)}`, 'export {};'])),
  ...Object.fromEntries(NAMES.map((name) => [`apps/api/src/${probeIn(name)}`, probe(name)])),

  'apps/api/src/tokens/there.ts': "import './back.js';",
  'apps/api/src/tokens/back.ts': "import './there.js';",
  'apps/api/src/tokens/probe.spec.ts': "import '../auth/target.js';",
  'apps/api/src/tokens/writes.ts': 'export const write = (users: { save(): void }) => users.save();',
  'apps/api/src/tokens/routes.ts':
    'export const bind = (to: { forRoutes(path: string): void }) => to.forRoutes("/");',
  'apps/api/src/tokens/probe.module.ts': [
    'declare function Module(options: object): ClassDecorator;',
    'class ProbeRepository {}',
    '@Module({ exports: [ProbeRepository] })',
    'export class ProbeModule {}',
  ].join('\n'),
  'apps/api/src/tokens/middleware.ts': "export type { NestMiddleware } from '@nestjs/common';",
  'apps/api/src/tokens/page.ts': "import '../../../admin/src/app/core/target.js';",

  'apps/admin/src/app/core/target.ts': 'export {};',
  'apps/admin/src/app/core/probe.ts': "import '../users/target.js';",
  'apps/admin/src/app/shared/target.ts': 'export {};',
  'apps/admin/src/app/shell/target.ts': "import '../users/target.js';",
  'apps/admin/src/app/users/target.ts': "import '../core/target.js';\nimport '../shared/target.js';",
  'apps/admin/src/app/tokens/target.ts': "import '../users/target.js';",
  'apps/admin/src/app/tokens/probe.ts': "import '../shell/target.js';",
  'apps/admin/src/app/tokens/server.ts': "import '../../../../api/src/common/target.js';",

  'libs/auth-models/src/good.ts': "import 'class-validator';\nimport 'class-transformer';",
  'libs/auth-models/src/bad.ts': [
    '@nestjs/common',
    '@angular/core',
    'typeorm',
    'node:fs',
    'fs',
    'class-validator/x',
  ]
    .map((name) => `import '${name}';`)
    .join('\n'),
  'libs/auth-models/src/above.ts': "import '../../../apps/api/src/common/target.js';",

  'libs/client/src/target.ts': 'export const value = 1;',
  'libs/client/src/verifier/target.ts': 'export {};',
  'libs/client/src/session/good.ts': [
    "import type { UserDto } from '@latchkey/auth-models';",
    "import { value } from '../target.js';",
    'export type Result = UserDto | typeof value;',
  ].join('\n'),
  'libs/client/src/session/bad.ts': [
    "import 'node:fs';",
    "import '../verifier/target.js';",
    "import { ERROR_CODES } from '@latchkey/auth-models';",
    'export const codes = ERROR_CODES;',
  ].join('\n'),

  'tsconfig.json': JSON.stringify({ extends: resolve(ROOT, 'tsconfig.base.json'), include: ['**/*.ts'] }),
};

/** Lints a workspace of small files with the repository's own configuration, as `npm run lint` would. */
async function lint(workspace: string): Promise<Finding[]> {
  const eslint = [
    resolve(ROOT, 'node_modules/eslint/bin/eslint.js'),
    '--config',
    resolve(ROOT, 'eslint.config.js'),
  ];
  const output = await new Promise<string>((settle, reject) =>
    execFile(
      process.execPath,
      [...eslint, '--format', 'json', '.'],
      { cwd: workspace, maxBuffer: 2 ** 26 },
      // ESLint exits with 1 if it finds errors, which this test expects.
      (_error, stdout, stderr) => (stdout === '' ? reject(new Error(stderr)) : settle(stdout)),
    ),
  );
  const results = JSON.parse(output) as {
    filePath: string;
    messages: { ruleId: string | null; line: number; severity: number }[];
  }[];

  return results.flatMap(({ filePath, messages }) =>
    messages
      .filter(({ severity }) => severity === 2)
      .map(({ ruleId, line }) => ({ file: filePath.slice(workspace.length + 1), rule: ruleId, line })),
  );
}

describe('the levels of the workspace', () => {
  let workspace: string;
  let findings: Finding[];

  const rulesBrokenIn = (file: string) =>
    findings.filter((finding) => finding.file === file).map(({ rule }) => rule);

  /** Returns the names whose import the linter rejected in the probe of `name`. */
  const rejectedIn = (name: string) =>
    findings
      .filter(
        ({ file, rule }) =>
          file === `apps/api/src/${probeIn(name)}` && rule === 'import-x/no-restricted-paths',
      )
      .map(({ line }) => others(name)[line - 1]);

  beforeAll(async () => {
    workspace = await mkdtemp(join(tmpdir(), 'latchkey-levels-'));
    for (const [file, text] of Object.entries(WORKSPACE)) {
      await mkdir(dirname(join(workspace, file)), { recursive: true });
      await writeFile(join(workspace, file), `${text}\n`);
    }
    findings = await lint(workspace);
  });

  afterAll(() => rm(workspace, { recursive: true, force: true }));

  it('gives every file and folder of the API a level', async () => {
    const entries = await readdir(resolve(ROOT, 'apps/api/src'));

    expect(entries.filter((entry) => !entry.endsWith('.spec.ts') && !NAMES.includes(entry))).toEqual([]);
  });

  it.each(NAMES)('lets %s import the levels below it and nothing else', (name) => {
    const level = API_LEVELS.findIndex((names) => names.includes(name));
    const above = API_LEVELS.slice(0, level + 1).flat();

    expect(rejectedIn(name)).toEqual(above.filter((other) => other !== name));
  });

  it('rejects two files that import each other', () => {
    expect(rulesBrokenIn('apps/api/src/tokens/there.ts')).toEqual(['import-x/no-cycle']);
    expect(rulesBrokenIn('apps/api/src/tokens/back.ts')).toEqual(['import-x/no-cycle']);
  });

  it('lets a spec import the levels above it', () => {
    expect(rulesBrokenIn('apps/api/src/tokens/probe.spec.ts')).toEqual([]);
  });

  it.each(['writes.ts', 'routes.ts'])('rejects the call in tokens/%s', (file) => {
    expect(rulesBrokenIn(`apps/api/src/tokens/${file}`)).toEqual(['no-restricted-syntax']);
  });

  it('rejects a module that exports a repository', () => {
    expect(rulesBrokenIn('apps/api/src/tokens/probe.module.ts')).toEqual(['no-restricted-syntax']);
  });

  it('rejects Nest middleware', () => {
    expect(rulesBrokenIn('apps/api/src/tokens/middleware.ts')).toEqual(['no-restricted-imports']);
  });

  it.each([
    'apps/api/src/tokens/page.ts',
    'apps/admin/src/app/tokens/server.ts',
    'libs/auth-models/src/above.ts',
  ])('rejects %s, which imports another project', (file) => {
    expect(rulesBrokenIn(file)).toEqual(['import-x/no-restricted-paths']);
  });

  it.each(['core/probe.ts', 'tokens/target.ts', 'tokens/probe.ts'])('rejects %s of the console', (file) => {
    expect(rulesBrokenIn(`apps/admin/src/app/${file}`)).toEqual(['import-x/no-restricted-paths']);
  });

  it.each(['users/target.ts', 'shell/target.ts'])('accepts %s of the console', (file) => {
    expect(rulesBrokenIn(`apps/admin/src/app/${file}`)).toEqual([]);
  });

  it('lets auth-models import only class-validator and class-transformer', () => {
    expect(rulesBrokenIn('libs/auth-models/src/good.ts')).toEqual([]);
    expect(rulesBrokenIn('libs/auth-models/src/bad.ts')).toEqual(Array(6).fill('no-restricted-imports'));
  });

  it('lets the client import only types of auth-models, and no entry point for one runtime', () => {
    expect(rulesBrokenIn('libs/client/src/session/good.ts')).toEqual([]);
    expect(rulesBrokenIn('libs/client/src/session/bad.ts')).toEqual([
      'no-restricted-imports',
      'no-restricted-imports',
      '@typescript-eslint/no-restricted-imports',
    ]);
  });
});
