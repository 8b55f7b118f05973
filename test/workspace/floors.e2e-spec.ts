import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

/** Jest is started in the root of the repository. */
const ROOT = process.cwd();

const { API_FLOORS } = (await import(pathToFileURL(resolve(ROOT, 'eslint.floors.js')).href)) as {
  API_FLOORS: string[][];
};
const ROOMS = API_FLOORS.flat();

interface Finding {
  file: string;
  rule: string | null;
  line: number;
}

/** The file in a room that the others try to import. */
const thingIn = (room: string) => (room.endsWith('.ts') ? room : `${room}/thing.ts`);

/** The file in a room that tries to import every other room, one a line. */
const probeIn = (room: string) => (room.endsWith('.ts') ? room : `${room}/probe.ts`);

const others = (room: string) => ROOMS.filter((other) => other !== room);

function probe(room: string): string {
  const up = room.endsWith('.ts') ? './' : '../';
  return others(room)
    .map((other) => `import '${up}${thingIn(other).replace(/ts$/, 'js')}';`)
    .join('\n');
}

const HOUSE: Record<string, string> = {
  ...Object.fromEntries(ROOMS.map((room) => [`apps/api/src/${thingIn(room)}`, 'export {};'])),
  ...Object.fromEntries(ROOMS.map((room) => [`apps/api/src/${probeIn(room)}`, probe(room)])),

  'apps/api/src/users/there.ts': "import './back.js';",
  'apps/api/src/users/back.ts': "import './there.js';",
  'apps/api/src/users/probe.spec.ts': "import '../auth/thing.js';",
  'apps/api/src/users/writes.ts': 'export const write = (users: { save(): void }) => users.save();',
  'apps/api/src/users/routes.ts':
    'export const bind = (to: { forRoutes(path: string): void }) => to.forRoutes("/");',
  'apps/api/src/users/middleware.ts': "export type { NestMiddleware } from '@nestjs/common';",
  'apps/api/src/users/page.ts': "import '../../../admin/src/app/core/thing.js';",

  'apps/admin/src/app/core/thing.ts': 'export {};',
  'apps/admin/src/app/core/probe.ts': "import '../users/thing.js';",
  'apps/admin/src/app/shared/thing.ts': 'export {};',
  'apps/admin/src/app/shell/thing.ts': "import '../users/thing.js';",
  'apps/admin/src/app/users/thing.ts': "import '../core/thing.js';\nimport '../shared/thing.js';",
  'apps/admin/src/app/tokens/thing.ts': "import '../users/thing.js';",
  'apps/admin/src/app/tokens/probe.ts': "import '../shell/thing.js';",
  'apps/admin/src/app/tokens/server.ts': "import '../../../../api/src/common/thing.js';",

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
  'libs/auth-models/src/above.ts': "import '../../../apps/api/src/common/thing.js';",

  'tsconfig.json': JSON.stringify({ extends: resolve(ROOT, 'tsconfig.base.json'), include: ['**/*.ts'] }),
};

/** Lints a house of small files with the repository's own configuration, as `npm run lint` would. */
async function lint(house: string): Promise<Finding[]> {
  const eslint = [
    resolve(ROOT, 'node_modules/eslint/bin/eslint.js'),
    '--config',
    resolve(ROOT, 'eslint.config.js'),
  ];
  const output = await new Promise<string>((settle, refuse) =>
    execFile(
      process.execPath,
      [...eslint, '--format', 'json', '.'],
      { cwd: house, maxBuffer: 2 ** 26 },
      // It exits with 1 when it found something, which is what is wanted here.
      (_error, stdout, stderr) => (stdout === '' ? refuse(new Error(stderr)) : settle(stdout)),
    ),
  );
  const results = JSON.parse(output) as {
    filePath: string;
    messages: { ruleId: string | null; line: number; severity: number }[];
  }[];

  return results.flatMap(({ filePath, messages }) =>
    messages
      .filter(({ severity }) => severity === 2)
      .map(({ ruleId, line }) => ({ file: filePath.slice(house.length + 1), rule: ruleId, line })),
  );
}

describe('the floors of the house', () => {
  let house: string;
  let findings: Finding[];

  const rulesBrokenIn = (file: string) =>
    findings.filter((finding) => finding.file === file).map(({ rule }) => rule);

  /** The rooms whose import the linter refused in a room's probe. */
  const refusedIn = (room: string) =>
    findings
      .filter(
        ({ file, rule }) =>
          file === `apps/api/src/${probeIn(room)}` && rule === 'import-x/no-restricted-paths',
      )
      .map(({ line }) => others(room)[line - 1]);

  beforeAll(async () => {
    house = await mkdtemp(join(tmpdir(), 'latchkey-floors-'));
    for (const [file, text] of Object.entries(HOUSE)) {
      await mkdir(dirname(join(house, file)), { recursive: true });
      await writeFile(join(house, file), `${text}\n`);
    }
    findings = await lint(house);
  }, 60_000);

  afterAll(() => rm(house, { recursive: true, force: true }));

  it('gives every file and folder of the API a floor', async () => {
    const entries = await readdir(resolve(ROOT, 'apps/api/src'));

    expect(entries.filter((entry) => !entry.endsWith('.spec.ts') && !ROOMS.includes(entry))).toEqual([]);
  });

  it.each(ROOMS)('lets %s import the floors below it and nothing else', (room) => {
    const level = API_FLOORS.findIndex((rooms) => rooms.includes(room));
    const above = API_FLOORS.slice(0, level + 1).flat();

    expect(refusedIn(room)).toEqual(above.filter((other) => other !== room));
  });

  it('refuses two files that import each other', () => {
    expect(rulesBrokenIn('apps/api/src/users/there.ts')).toEqual(['import-x/no-cycle']);
    expect(rulesBrokenIn('apps/api/src/users/back.ts')).toEqual(['import-x/no-cycle']);
  });

  it('lets a spec import the floors above it', () => {
    expect(rulesBrokenIn('apps/api/src/users/probe.spec.ts')).toEqual([]);
  });

  it.each(['writes.ts', 'routes.ts'])('refuses the call in users/%s', (file) => {
    expect(rulesBrokenIn(`apps/api/src/users/${file}`)).toEqual(['no-restricted-syntax']);
  });

  it('refuses Nest middleware', () => {
    expect(rulesBrokenIn('apps/api/src/users/middleware.ts')).toEqual(['no-restricted-imports']);
  });

  it.each([
    'apps/api/src/users/page.ts',
    'apps/admin/src/app/tokens/server.ts',
    'libs/auth-models/src/above.ts',
  ])('refuses %s, which imports another house', (file) => {
    expect(rulesBrokenIn(file)).toEqual(['import-x/no-restricted-paths']);
  });

  it.each(['core/probe.ts', 'tokens/thing.ts', 'tokens/probe.ts'])('refuses %s of the console', (file) => {
    expect(rulesBrokenIn(`apps/admin/src/app/${file}`)).toEqual(['import-x/no-restricted-paths']);
  });

  it.each(['users/thing.ts', 'shell/thing.ts'])('accepts %s of the console', (file) => {
    expect(rulesBrokenIn(`apps/admin/src/app/${file}`)).toEqual([]);
  });

  it('lets auth-models import class-validator and class-transformer alone', () => {
    expect(rulesBrokenIn('libs/auth-models/src/good.ts')).toEqual([]);
    expect(rulesBrokenIn('libs/auth-models/src/bad.ts')).toEqual(Array(6).fill('no-restricted-imports'));
  });
});
