import { copyFile, readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { build } from 'esbuild';
import { ADMIN } from '../support/factories.js';
import { useServerProcess } from '../support/use-server-process.js';
import { ConsumerProject, errorsOf, toCommonJs } from './consumer-project.js';

const LIBRARIES = ['auth-models', 'client'];
const ENTRY_POINTS = ['dist/index.js', 'dist/index.d.ts', 'dist/cjs/index.js', 'dist/cjs/index.d.ts'];

/** Packages that the entry points for frameworks need. */
const FRAMEWORKS = [
  ...[
    '@angular/common',
    '@angular/compiler',
    '@angular/core',
    '@angular/platform-browser',
    '@nestjs/common',
    '@nestjs/core',
    '@types/node',
  ],
  ...['fastify', 'reflect-metadata', 'rxjs'],
];

/** Strict TypeScript consumer of the client. It must compile, except for the marked lines. */
const CONSUMER_TS = `
import { type TokenCredentials, type UserDto, LatchkeyClient, LatchkeyError, Operations } from '@latchkey/client';

const client = new LatchkeyClient({ url: 'https://auth.example.org', timeout: 5_000 });
const operations = new Operations(client);

export async function names(signal: AbortSignal): Promise<string[]> {
  const found: string[] = [];
  for await (const { name, enabled } of operations.listUsers({ role: 'user', size: 100 }, { signal })) {
    if (enabled) found.push(name);
  }
  const { items, total } = await operations.listUsers();
  const users: UserDto[] = items;
  // @ts-expect-error: pages with cursors have no total
  export const count: number = (await operations.listAuditEvents()).total;
  return [...found, ...users.map(({ name }) => name), String(total)];
}

export async function change(): Promise<string | undefined> {
  const { version } = await operations.getUser('anna');
  await operations.updateUser('anna', { displayName: null }, { ifMatch: version });
  // @ts-expect-error: not a member
  await operations.updateUser('anna', { displayname: 'Anna' });
  // @ts-expect-error: not an action
  await operations.changeTokens({ action: 'renew', ids: [] });
  try {
    await client.rotate(async ({ token }: TokenCredentials) => console.log(token.length), { gracePeriodSeconds: 60 });
  } catch (error) {
    // @ts-expect-error: not a code
    if (error instanceof LatchkeyError && error.code === 'invalid') return;
    return error instanceof LatchkeyError ? error.traceId : undefined;
  }
}
`.replace('  export const', '  const');

/** Number of types of requests and responses that both packages export, at least. */
const SHARED_TYPES = 100;

/**
 * Returns code that compiles if each type of one package can be assigned to the type with the same name of
 * the other.
 */
function mutualAssignments(declarations: string): string {
  const types = [...declarations.matchAll(/^export (?:declare class|interface|type) (\w+)( ?=|<)?/gm)];
  const pairs = types.flatMap(([, name = '', after]) =>
    // The arguments of the others are classes or objects.
    after === '<' && !GENERIC_LISTS.includes(name) ? [] : [after === '<' ? `${name}<string>` : name],
  );
  expect(pairs.length).toBeGreaterThan(SHARED_TYPES);
  return [
    "import type * as a from '@latchkey/auth-models';",
    "import type * as b from '@latchkey/client';",
    ...pairs.map(
      (type, index) =>
        `export const c${index} = (a: a.${type}): b.${type} => a, d${index} = (b: b.${type}): a.${type} => b;`,
    ),
  ].join('\n');
}

const GENERIC_LISTS = ['PageDto', 'CursorPageDto'];

/** Consumer of the client in plain JavaScript. Arguments: address of the server, name and password. */
const CONSUMER_JS = `
import { LatchkeyClient, LatchkeyError, Operations } from '@latchkey/client';

const [url, name, password] = process.argv.slice(2);

async function main() {
  const client = new LatchkeyClient({ url });
  await client.logIn(name, password);
  const roles = [];
  for await (const role of new Operations(client).listRoles({ size: 1 })) {
    roles.push(role.name);
  }
  await client.logOut();
  const error = await client.logIn(name, 'wrong').catch((reason) => reason);
  console.log(JSON.stringify({ roles: roles.includes('user'), isTyped: error instanceof LatchkeyError, code: error.code }));
}

main();
`;

/** Strict TypeScript service. */
const SERVICE_TS = `
import { createVerifier, type Principal, VerificationError } from '@latchkey/client/verifier';

const verifier = createVerifier({ url: 'https://auth.example.org', token: () => 'x', cache: { freshFor: 1_000 } });

export async function guard(headers: Record<string, string>): Promise<Principal | number> {
  try {
    return await verifier.verify(headers, { permissions: ['orders:read'], signal: AbortSignal.timeout(100) });
  } catch (error) {
    if (error instanceof VerificationError) return error.toResponse().status;
    throw error;
  }
}

// @ts-expect-error: frozen
export const change = (principal: Principal) => principal.roles.push('admin');
`;

/** Service in plain JavaScript. Argument: address of the server. */
const SERVICE_JS = `
import { createGuard, createVerifier } from '@latchkey/client/express';

const verifier = createVerifier({ url: process.argv[2], token: 'latchkey_x', onWarning: () => undefined });
const request = { headers: {}, rawHeaders: [], socket: {} };
const response = { writeHead: (status) => ({ end: () => (console.log(status), verifier.close()) }) };
createGuard(verifier)()(request, response);
`;

/** Configuration of a strict Angular application. */
const ANGULAR_TS = `
import '@angular/compiler';
import { provideHttpClient, withFetch, withInterceptors } from '@angular/common/http';
import { type ApplicationConfig, inject, type Signal } from '@angular/core';
import { latchkeyInterceptor, LatchkeySession, provideLatchkey, type SignOutReason } from '@latchkey/client/angular';

export const appConfig: ApplicationConfig = {
  providers: [
    provideHttpClient(withFetch(), withInterceptors([latchkeyInterceptor])),
    provideLatchkey({ url: 'https://auth.example.org', onSignOut: (reason: SignOutReason) => console.log(reason) }),
  ],
};

export const name = (): Signal<unknown> => inject(LatchkeySession).user;
const session = () => inject<LatchkeySession<'orders:read'>>(LatchkeySession);
export const canRead = () => session().can('orders:read');
// @ts-expect-error: not a permission
export const canWrite = () => session().can('orders:wriet');
`;

/** Strict TypeScript consumer of the models. It must compile, except for the marked lines. */
const MODELS_TS = `
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

/** Consumer of the models in plain JavaScript. */
const MODELS_JS = `
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

describe('the packed libraries', () => {
  let project: ConsumerProject;
  const server = useServerProcess();

  beforeAll(async () => {
    project = await ConsumerProject.create(...LIBRARIES);
  }, 240_000);

  afterAll(() => project.remove());

  it.each(LIBRARIES)('%s is valid for npm, with the right types for each kind of import', async (library) => {
    const script = resolve('test/packages/check-package.mjs');

    const output = await project.run(process.execPath, script, project.tarballs[library] ?? '');

    expect(JSON.parse(output)).toEqual({ messages: [], types: 'included', problems: [] });
  });

  it.each(LIBRARIES)(
    '%s contains the licence, the changelog and the README, but no tests',
    async (library) => {
      const files = await project.files(library);

      expect(files).toEqual(
        expect.arrayContaining(['LICENSE', 'CHANGELOG.md', 'README.md', ...ENTRY_POINTS]),
      );
      expect(files.filter((file) => /\.spec\.|\.tsbuildinfo$|(?<!\.d)\.ts$/.test(file))).toEqual([]);
    },
  );

  describe('in a strict project that also checks declaration files', () => {
    const files = ['compatible.mts', 'compatible.cts', 'models.mts', 'models.cts'];
    let errors: string;

    beforeAll(async () => {
      const declarations = await readFile(join(project.installed('client'), 'dist/models.d.ts'), 'utf8');
      const compatible = mutualAssignments(declarations);
      errors = await project.compile({
        ...{ 'compatible.mts': compatible, 'compatible.cts': compatible },
        ...{ 'models.mts': MODELS_TS, 'models.cts': MODELS_TS },
      });
    });

    it.each(files)('have types that compile in %s', (file) => {
      expect(errorsOf(file, errors)).toEqual([]);
    });
  });

  it.each([
    ['consumer.mjs', CONSUMER_JS],
    ['consumer.cjs', toCommonJs(CONSUMER_JS)],
  ])('call a server in %s', async (file, code) => {
    const output = await project.runScript(file, code, server.client.baseUrl, ADMIN.name, ADMIN.password);

    expect(JSON.parse(output)).toEqual({ roles: true, isTyped: true, code: 'unauthenticated' });
  });

  it.each([
    ['service.mjs', SERVICE_JS],
    ['service.cjs', toCommonJs(SERVICE_JS)],
  ])('guard a route in %s', async (file, code) => {
    expect(await project.runScript(file, code, server.client.baseUrl)).toBe('401\n');
  });

  it('add no more to a browser bundle than the README states', async () => {
    const { outputFiles } = await build({
      stdin: {
        contents: "export { LatchkeyClient } from '@latchkey/client';",
        resolveDir: project.folder,
      },
      ...{ bundle: true, minify: true, format: 'esm', platform: 'browser', write: false },
    });
    const code = outputFiles[0]?.contents ?? new Uint8Array();
    const readme = await readFile(join('libs/client', 'README.md'), 'utf8');
    const limits = /less than (\d+) kB minified, and less than (\d+) kB with\s+gzip/.exec(readme) ?? [];

    expect(code.length).toBeLessThan(1000 * Number(limits[1]));
    expect(gzipSync(code).length).toBeLessThan(1000 * Number(limits[2]));
  });

  describe('the models', () => {
    it('contain the licence of the Unicode data', async () => {
      expect(await project.files('auth-models')).toContain('LICENSE-UNICODE.md');
    });

    it('mention no framework, database or Node.js module', async () => {
      for (const file of await project.files('auth-models')) {
        expect([file, await readFile(join(project.installed('auth-models'), file), 'utf8')]).toEqual([
          file,
          expect.not.stringMatching(/@nestjs|@angular|typeorm|reflect-metadata|['"]node:/i),
        ]);
      }
    });

    it('depend only on class-validator and class-transformer', async () => {
      const manifest = JSON.parse(
        await readFile(join(project.installed('auth-models'), 'package.json'), 'utf8'),
      ) as { dependencies: object; peerDependencies?: object };

      expect(Object.keys(manifest.dependencies).sort()).toEqual(['class-transformer', 'class-validator']);
      expect(manifest.peerDependencies).toBeUndefined();
    });

    it.each([
      ['models.mjs', MODELS_JS],
      ['models.cjs', toCommonJs(MODELS_JS)],
    ])('validate in plain JavaScript in %s', async (file, code) => {
      expect(JSON.parse(await project.runScript(file, code))).toEqual({
        good: [],
        bad: ['password', 'name', 'roles', 'enabled'],
        query: { page: 2, enabled: false },
        names: { orders: { read: 'orders:read' } },
      });
    });
  });

  describe('the client alone', () => {
    let alone: ConsumerProject;
    let names: string[];
    let installed: string[];
    let errors: string;
    const strictFiles = {
      ...{ 'consumer.mts': CONSUMER_TS, 'consumer.cts': CONSUMER_TS },
      ...{ 'service.mts': SERVICE_TS, 'service.cts': SERVICE_TS },
    };

    beforeAll(async () => {
      alone = await project.alone('client');
      installed = await alone.packages();
      errors = await alone.compile(strictFiles);
      await alone.link(...FRAMEWORKS);
      const { exports } = JSON.parse(await readFile('libs/client/package.json', 'utf8')) as {
        exports: object;
      };
      const paths = Object.keys(exports).filter((path) => path !== './angular');
      names = paths.map((path) => join('@latchkey/client', path));
      const use = `export const modules: object[] = [${names.map((_, index) => `m${index}`).join()}];`;
      const importAll = (statement: (name: string, variable: string) => string) =>
        [...names.map((name, index) => statement(name, `m${index}`)), use].join('\n');
      errors += await alone.compile(
        {
          'imports.mts': importAll((name, variable) => `import * as ${variable} from '${name}';`),
          'imports.cts': importAll((name, variable) => `import ${variable} = require('${name}');`),
          'angular.mts': ANGULAR_TS,
        },
        ...['--types', 'node'],
      );
    });

    afterAll(() => alone.remove());

    it.each(['imports.mts', 'imports.cts'])('compiles and loads every entry point in %s', async (file) => {
      const isCommonJs = file.endsWith('.cts');
      const load = names.map((name) => (isCommonJs ? `require('${name}');` : `await import('${name}');`));

      expect(names.length).toBeGreaterThan(4);
      expect(errorsOf(file, errors)).toEqual([]);
      expect(await alone.runScript(isCommonJs ? 'load.cjs' : 'load.mjs', load.join('\n'))).toBe('');
    });

    it('needs no other package', () => {
      expect(installed).toEqual(['node_modules/@latchkey/client']);
    });

    it.each(Object.keys(strictFiles))('compiles %s', (file) => {
      expect(errorsOf(file, errors)).toEqual([]);
    });

    it('configures an Angular application', async () => {
      expect(errorsOf('angular.mts', errors)).toEqual([]);
      expect(
        await alone.runScript(
          'angular.mjs',
          "import '@angular/compiler'; const { provideLatchkey } = await import('@latchkey/client/angular'); provideLatchkey();",
        ),
      ).toBe('');
    });

    it("compiles the Angular example with Angular's compiler, which also checks its template", async () => {
      for (const file of ['main.ts', 'tsconfig.json']) {
        await copyFile(join('examples/angular', file), join(alone.folder, file));
      }

      const ngc = resolve('node_modules/@angular/compiler-cli/bundles/src/bin/ngc.js');

      expect(await alone.run(process.execPath, ngc)).toBe('');
    }, 180_000);
  });
});
