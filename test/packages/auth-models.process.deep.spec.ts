import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ConsumerProject, errorsOf, toCommonJs } from './consumer-project.js';

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

describe('the packed @latchkey/auth-models', () => {
  let project: ConsumerProject;
  let files: string[];

  beforeAll(async () => {
    project = await ConsumerProject.create('auth-models');
    files = await project.files('auth-models');
  }, 120_000);

  afterAll(() => project.remove());

  it('contains the licences, the changelog and the README, but no tests', () => {
    expect(files).toEqual(
      expect.arrayContaining([
        ...['LICENSE', 'LICENSE-UNICODE.md', 'CHANGELOG.md', 'README.md'],
        ...['dist/index.js', 'dist/index.d.ts', 'dist/cjs/index.js', 'dist/cjs/index.d.ts'],
      ]),
    );
    expect(files.filter((file) => /\.spec\.|\.tsbuildinfo$|(?<!\.d)\.ts$/.test(file))).toEqual([]);
  });

  it('mentions no framework, database or Node.js module', async () => {
    for (const file of files) {
      expect([file, await readFile(join(project.installed('auth-models'), file), 'utf8')]).toEqual([
        file,
        expect.not.stringMatching(/@nestjs|@angular|typeorm|reflect-metadata|['"]node:/i),
      ]);
    }
  });

  it('depends only on class-validator and class-transformer', async () => {
    const manifest = JSON.parse(
      await readFile(join(project.installed('auth-models'), 'package.json'), 'utf8'),
    ) as { dependencies: object; peerDependencies?: object };

    expect(Object.keys(manifest.dependencies).sort()).toEqual(['class-transformer', 'class-validator']);
    expect(manifest.peerDependencies).toBeUndefined();
  });

  describe('in a strict project that also checks declaration files', () => {
    const consumers = { 'consumer.mts': CONSUMER_TS, 'consumer.cts': CONSUMER_TS };
    let errors: string;

    beforeAll(async () => {
      errors = await project.compile(consumers);
    });

    it.each(Object.keys(consumers))('compiles %s', (file) => {
      expect(errorsOf(file, errors)).toEqual([]);
    });
  });

  it.each([
    ['consumer.mjs', CONSUMER_JS],
    ['consumer.cjs', toCommonJs(CONSUMER_JS)],
  ])('validates in plain JavaScript in %s', async (file, code) => {
    expect(JSON.parse(await project.runScript(file, code))).toEqual({
      good: [],
      bad: ['password', 'name', 'roles', 'enabled'],
      query: { page: 2, enabled: false },
      names: { orders: { read: 'orders:read' } },
    });
  });
});
