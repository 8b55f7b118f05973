import { execFile } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { CommandProcess } from '../support/command-line.js';
import { freePort } from '../support/free-port.mjs';
import { type Environment } from '../support/server-process.js';
import { PackageRegistry } from './package-registry.js';

const run = promisify(execFile);

let folder: string;
let latchkey: CommandProcess;

let environment: Environment;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'latchkey-program-'));
  environment = {
    DATABASE_URL: `sqlite:${join(folder, 'latchkey.sqlite')}`,
    PORT: String(await freePort()),
  };
  latchkey = new CommandProcess(environment, folder);
});

afterAll(() => rmSync(folder, { recursive: true }));

/** Returns the path of a script after which Node reports this version. */
function fakeNode(version: string): string {
  const fake = join(folder, `node-${version}.cjs`);
  const versions = `{ ...process.versions, node: '${version}' }`;
  writeFileSync(fake, `Object.defineProperty(process, 'versions', { value: ${versions} });\n`);
  return fake;
}

describe('latchkey', () => {
  it.each<[number, string[]]>([
    [0, ['serve', '--help']],
    [2, ['serve', 'now']],
    [1, ['config', 'check', '--environment-file', 'absent']],
  ])('exits with %i for %j', async (expected, args) => {
    const { code, output, errors } = await latchkey.run(args);

    expect(code).toBe(expected);
    expect([output !== '', errors !== '']).toEqual([expected === 0, expected > 0]);
  });

  it('prints advice when it is not built', async () => {
    const root = join(folder, 'copy');
    const copy = join(root, 'apps/api/bin');
    cpSync('apps/api/bin', copy, { recursive: true });
    cpSync('package.json', join(root, 'package.json'));
    const advice = (steps: string) => ({
      code: 1,
      stderr: `Latchkey is not built yet. Run ${steps} first.\n`,
    });
    const outcome = () => run(process.execPath, [join(copy, 'latchkey.cjs')]);

    await expect(outcome()).rejects.toMatchObject(advice('npm ci && npm run build'));
    mkdirSync(join(root, 'node_modules'));
    await expect(outcome()).rejects.toMatchObject(advice('npm run build'));
  });

  it('has as many threads as the server', () => {
    const start = (file: string) =>
      readFileSync(join('apps/api/bin', file), 'utf8').replace(/^(#!|\/\/).*\n/gm, '');

    expect(start('latchkey.cjs')).toBe("require('./check-node.cjs');\nrequire('./run.cjs');\n");
    expect(start('run.cjs')).toMatch(/^require\('\.\/prepare-process\.cjs'\);/);
  });

  it.each([
    ['8.17.0', ['--help']],
    ['18.20.8', ['--help']],
    ['18.20.8', ['serve']],
    ['18.20.8', ['doctor']],
    ['20.19.9', ['serve']],
    ['21.7.3', ['serve']],
    ['22.13.1', ['serve']],
    ['25.0.0', ['serve']],
  ])(
    'exits with one line on Node %s with the arguments %j, and names the supported versions',
    async (version, args) => {
      const onNode = { ...environment, NODE_OPTIONS: `--require=${fakeNode(version)}` };
      const { code, output, errors } = await new CommandProcess(onNode, folder).run(args);

      expect({ code, output, errors }).toEqual({
        code: 1,
        output: '',
        errors: `Latchkey does not run on Node ${version}. Install one of these versions: 20 (20.20 or later), 22 (22.14 or later), 24 (24.11 or later), 26 or later.\n`,
      });
    },
  );

  it.each(['20.20.0', '22.14.0', '22.15.0', '24.11.1', '26.0.0', '27.1.0'])(
    'runs on Node %s',
    async (version) => {
      const args = ['--require', fakeNode(version), 'apps/api/bin/check-node.cjs'];

      expect(await run(process.execPath, args)).toEqual({ stdout: '', stderr: '' });
    },
  );

  describe('by npx and npm', () => {
    it('can be run', async () => {
      const env = {
        ...process.env,
        ...environment,
        npm_config_cache: join(folder, 'npm'),
        npm_config_offline: 'true',
      };

      const outputs = await Promise.all([
        run('npx', ['--no-install', 'latchkey', 'config', 'check'], { env }),
        run('npm', ['run', '--silent', 'cli', '--', 'config', 'check'], { env }),
      ]);

      outputs.forEach(({ stdout }) => expect(stdout).toMatch(/^ok\n/));
    });

    it('is not downloaded from a registry with a package of the same name', async () => {
      const registry = await PackageRegistry.start('latchkey');
      try {
        const outcome = run('npx', ['--no-install', 'latchkey', 'config', 'check'], {
          cwd: folder,
          env: { ...process.env, ...registry.environment, npm_config_cache: join(folder, 'npm') },
        });

        await expect(outcome).rejects.toMatchObject({
          stdout: '',
          stderr: expect.stringMatching(/canceled .*latchkey@1\.0\.0/),
        });
        expect(registry.asked).toEqual(['/latchkey']);
      } finally {
        await registry.stop();
      }
    });
  });
});
