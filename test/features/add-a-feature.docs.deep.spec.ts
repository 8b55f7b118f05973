import { execFile } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ADMIN } from '../support/factories.js';
import { serverOn, ServerProcess } from '../support/server-process.js';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';
import { CommandsOnPage } from '../support/docs/commands-on-page.js';

const PAGE = 'contributing/add-a-feature.md';
/** Files of the repository that the copy does not need. */
const LEFT_OUT = /^(\.git|node_modules|dist|data|docs\/(screenshots|site\/node_modules))($|\/)/;
/** Files to lint. The others get entries only, and would load the types of the console and of all tests. */
const LINTED = /^(apps\/api|libs)\//;
/** Configuration of the typed lint, without the tests. The files' imports add the rest of the server. */
const LINT_CONFIG = { extends: './tsconfig.base.json', compilerOptions: { noEmit: true, types: ['node'] } };
/** Suites that cover every route, action or table, and fail if a feature is missing there. */
const SUITES = [
  'test/http/api-document',
  'test/http/api-schemas',
  'test/audit/complete.api',
  'test/audit/complete.both',
  'test/http/versions',
  'test/roles/route-role-matrix',
  'test/database/migrations',
];

const folder = mkdtempSync(join(tmpdir(), 'latchkey-feature-'));
let database: TestDatabase;
let server: ServerProcess;
/** Files on the page. */
let paths: string[];

/** Runs a script of Node in the copy. Returns its output. */
async function run(...words: string[]): Promise<string> {
  // Without the variables of this run. Otherwise the tests in the copy would be counted too.
  const { JEST_WORKER_ID: _, NODE_OPTIONS: __, CLOSING_LINE_FILE: ___, ...env } = process.env;
  const { stdout, stderr } = await promisify(execFile)(process.execPath, words, {
    cwd: folder,
    // Without starting another PostgreSQL, and without the colors of the terminal.
    env: { ...env, TEST_POSTGRES_URL: env.LATCHKEYTEST_POSTGRES_URL, FORCE_COLOR: '0' },
    maxBuffer: 64 * 1024 * 1024,
  }).catch((error: { stdout: string; stderr: string }) => {
    throw new Error(`node ${words.join(' ')}:\n${error.stdout.slice(-4_000)}${error.stderr.slice(-12_000)}`);
  });
  return stdout + stderr;
}

/** Creates or changes the files on the page: each code block below a path. */
function follow(page: string): string[] {
  const blocks = [...page.matchAll(/^`([\w./-]+)`:\n\n```(ts|diff)\n(.*?)^```$/gms)];
  for (const [, path = '', language, code = ''] of blocks) {
    const file = join(folder, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, language === 'ts' ? code : changed(readFileSync(file, 'utf8'), path, code));
  }
  return blocks.map(([, path = '']) => path);
}

/** Applies the lines of a `diff` block. `…` separates places in the file. */
function changed(text: string, path: string, diff: string): string {
  return diff.split('…\n').reduce((before, part) => {
    const lines = part.split('\n').slice(0, -1);
    const without = (sign: string) =>
      lines
        .filter((line) => !line.startsWith(sign))
        .map((line) => `${line.slice(1)}\n`)
        .join('');
    if (before.split(without('+')).length !== 2) {
      throw new Error(`${path} does not have exactly once:\n${without('+')}`);
    }
    return before.replace(without('+'), () => without('-'));
  }, text);
}

describe('docs: adding a feature, followed in a copy of the repository', () => {
  beforeAll(async () => {
    const root = process.cwd();
    cpSync(root, folder, { recursive: true, filter: (source) => !LEFT_OUT.test(relative(root, source)) });
    symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
    paths = follow(readFileSync(join(root, 'docs', PAGE), 'utf8'));
    expect(paths.length).toBeGreaterThan(15);
    await run('apps/build.mjs', 'api');
    database = await createTestDatabase({ isEmpty: true });
    server = await ServerProcess.start(
      serverOn(database),
      undefined,
      join(folder, 'dist/apps/api/bundle/main.js'),
    );
  }, 300_000);

  afterAll(async () => {
    await server.stop();
    await database.drop();
    rmSync(folder, { recursive: true });
  });

  it('has commands that create a role and a report, and show who is rejected', async () => {
    const asAdmin = await server.client.loginHeaders(ADMIN.name, ADMIN.password);
    const page = new CommandsOnPage(
      PAGE,
      { TOKEN: asAdmin['X-Auth-Token'] ?? '' },
      {
        'http://127.0.0.1:3000': server.client.baseUrl,
        // The server is built already.
        'npm run build:api': `cd ${folder}`,
      },
    );

    await page.run('generate-operations');
    const operations = readFileSync(join(folder, 'libs/client/src/operations/operations.ts'), 'utf8');
    expect(operations.match(/\b(?:create|list)Reports?(?=\()/g)?.sort()).toEqual([
      'createReport',
      'listReports',
    ]);
    expect(await page.run('report-reader')).toContain('"permissions":["reports:read"]');
    expect((await page.run('-i')).match(/(?<=HTTP\/1.1 )\d+/g)).toEqual(['401', '200']);
    expect(await page.run('report_created')).toMatch(
      /"title":"Quarterly figures".*"action":"report_created"/s,
    );
    expect(page.notRun).toEqual([]);
  });

  it('keeps the types of the console, formats and levels valid', async () => {
    await run('node_modules/typescript/bin/tsc', '-p', 'apps/admin/tsconfig.app.json', '--noEmit');
    await run('node_modules/prettier/bin/prettier.cjs', '--check', ...paths);
    const linted = paths.filter((path) => LINTED.test(path));
    writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ ...LINT_CONFIG, files: linted }));
    await run('node_modules/eslint/bin/eslint.js', ...linted);
  }, 300_000);

  it('keeps the tests green that cover everything', async () => {
    const output = await run(
      ...['--require', './test/support/v8-flags.cjs'],
      'node_modules/jest/bin/jest.js',
      // More workers would each load the server.
      '--maxWorkers=1',
      ...['--selectProjects', 'process', 'sqlite', '--', ...SUITES],
    );

    expect(SUITES.filter((suite) => !output.includes(`${suite}.`))).toEqual([]);
  }, 300_000);
});
