import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';

/** Jest starts in the root of the repository. */
const ROOT = process.cwd();
const IN_ROOT = { cwd: ROOT, env: withoutNpm(process.env) };

/** Strict TypeScript consumer. It must compile, except for the marked lines. */
const CONSUMER_TS = `
import {
  CreateUserDto, ERROR_CODES, type ErrorCode, PageDto, ProblemDto, type UserDto, UserTokenDto, canonicalUserName,
  definePermissions, parseSort, type PermissionOf,
} from '@latchkey/auth-models';
import { validateSync, type ValidationError } from 'class-validator';

const user = new CreateUserDto();
user.name = 'anne';
user.kind = 'service';
// @ts-expect-error: the kinds are a closed list
user.kind = 'robot';

export const errors: ValidationError[] = validateSync(user);
export const name: string | null = canonicalUserName('Anne');
export const code: ErrorCode = new ProblemDto().code;
export const detail: string = ERROR_CODES[code];
export const names = (page: PageDto<UserDto>): string[] => page.items.map((item) => item.name);
export const secret: string | undefined = new UserTokenDto().token;
export const fields = parseSort('-a', ['a', 'b'] as const)?.map(({ field }): 'a' | 'b' => field);

export const permissions = definePermissions({ orders: { read: 'Read orders.' } });
export const permission: PermissionOf<typeof permissions> = permissions.names.orders.read;
// @ts-expect-error: not a permission
export const unknown: PermissionOf<typeof permissions> = 'orders:write';
`;

/** Consumer in plain JavaScript. */
const CONSUMER_JS = `
import { CreateUserDto, definePermissions, UserListQueryDto } from '@latchkey/auth-models';
import { plainToInstance } from 'class-transformer';
import { validateSync } from 'class-validator';

const rejected = (plain) => validateSync(plainToInstance(CreateUserDto, plain)).map(({ property }) => property);

console.log(JSON.stringify({
  good: rejected({ name: 'Ünal', password: 'correct horse battery', roles: ['user'] }),
  bad: rejected({ name: 'a:b', password: 'short', roles: 'user', enabled: 'yes' }),
  query: plainToInstance(UserListQueryDto, { page: '2', enabled: 'false' }),
  names: definePermissions({ orders: { read: 'Read orders.' } }).names,
}));
`;

/** Removes the variables that npm sets for the scripts it runs. */
function withoutNpm(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(environment).filter(([name]) => !/^npm_/i.test(name)));
}

const run = promisify(execFile);

describe('the packed @latchkey/auth-models', () => {
  let project: string;
  let installed: string;
  let manifest: { dependencies: Record<string, string>; peerDependencies?: unknown };
  let files: string[];

  const inProject = async (command: string, ...args: string[]) =>
    (await run(command, args, { cwd: project, env: withoutNpm(process.env) })).stdout;

  beforeAll(async () => {
    project = await mkdtemp(join(tmpdir(), 'latchkey-consumer-'));
    installed = join(project, 'node_modules/@latchkey/auth-models');
    await run('npm', ['run', 'pack:auth-models', '--', '--pack-destination', project], IN_ROOT);
    const packed = (await readdir(project)).filter((file) => file.endsWith('.tgz'));

    // Its dependencies are linked from here, so that npm downloads nothing and any other import fails.
    const { dependencies } = JSON.parse(
      await readFile(join(ROOT, 'libs/auth-models/package.json'), 'utf8'),
    ) as {
      dependencies: Record<string, string>;
    };
    const links = Object.keys(dependencies).map((name) => resolve(ROOT, 'node_modules', name));
    await writeFile(join(project, 'package.json'), JSON.stringify({ private: true, type: 'module' }));
    await inProject(
      'npm',
      'install',
      '--offline',
      '--no-audit',
      '--no-fund',
      ...packed.map((file) => `./${file}`),
      ...links,
    );

    manifest = JSON.parse(await readFile(join(installed, 'package.json'), 'utf8')) as typeof manifest;
    files = (await readdir(installed, { recursive: true, withFileTypes: true }))
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name).slice(installed.length + 1));
  }, 120_000);

  afterAll(() => rm(project, { recursive: true, force: true }));

  it('contains the licence, the changelog and the README, but no tests', () => {
    expect(files).toEqual(
      expect.arrayContaining([
        ...['LICENSE', 'CHANGELOG.md', 'README.md'],
        ...['dist/index.js', 'dist/index.d.ts', 'dist/cjs/index.js', 'dist/cjs/index.d.ts'],
      ]),
    );
    expect(files.filter((file) => /\.spec\.|\.tsbuildinfo$|(?<!\.d)\.ts$/.test(file))).toEqual([]);
  });

  it('mentions no framework, database or Node.js module', async () => {
    for (const file of files) {
      expect([file, await readFile(join(installed, file), 'utf8')]).toEqual([
        file,
        expect.not.stringMatching(/@nestjs|@angular|typeorm|reflect-metadata|['"]node:/i),
      ]);
    }
  });

  it('depends only on class-validator and class-transformer', () => {
    expect(Object.keys(manifest.dependencies).sort()).toEqual(['class-transformer', 'class-validator']);
    expect(manifest.peerDependencies).toBeUndefined();
  });

  it.each(['consumer.mts', 'consumer.cts'])(
    'compiles %s in a strict project that also checks declaration files',
    async (file) => {
      await writeFile(join(project, file), CONSUMER_TS);
      const tsc = resolve(ROOT, 'node_modules/typescript/bin/tsc');
      const options = ['--noEmit', '--strict', '--noUncheckedIndexedAccess', '--exactOptionalPropertyTypes'];

      const output = await inProject(
        process.execPath,
        ...[tsc, ...options, '--module', 'nodenext', '--skipLibCheck', 'false', file],
      ).catch((error: { stdout: string }) => error.stdout);

      expect(output).toBe('');
    },
  );

  it.each([
    ['consumer.mjs', CONSUMER_JS],
    ['consumer.cjs', CONSUMER_JS.replaceAll(/^import (.*) from (.*);$/gm, 'const $1 = require($2);')],
  ])('validates in plain JavaScript in %s', async (file, code) => {
    await writeFile(join(project, file), code);

    expect(JSON.parse(await inProject(process.execPath, file))).toEqual({
      good: [],
      bad: ['name', 'roles', 'enabled', 'password'],
      query: { page: 2, enabled: false },
      names: { orders: { read: 'orders:read' } },
    });
  });
});
