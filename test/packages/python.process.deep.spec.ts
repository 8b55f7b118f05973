import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { describeIfInstalled, PYTHON_MISSING, runPython } from '../support/external-programs.js';

const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string };
const WHEEL = `latchkey-${version}-py3-none-any.whl`;
const SDIST = `latchkey-${version}.tar.gz`;

describeIfInstalled(PYTHON_MISSING, 'The package for Python', () => {
  let folder: string;

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'latchkey-python-'));
  });

  afterAll(() => rmSync(folder, { recursive: true }));

  it('has types that mypy accepts in its strict mode, as do its tests', async () => {
    const words = ['--config-file', 'libs/python/pyproject.toml', '--cache-dir', join(folder, 'mypy')];

    expect(await runPython(['-m', 'mypy', ...words, 'libs/python/src', 'libs/python/tests'])).toMatch(
      /^Success: no issues found in \d+ source files/,
    );
  });

  it('is built byte for byte the same, and from its own sdist', async () => {
    const build = async (name: string, backend = 'libs/python/build_backend.py') => {
      const target = join(folder, name);
      mkdirSync(target);
      await runPython([backend, target]);
      return [WHEEL, SDIST].map((file) => readFileSync(join(target, file)).toString('base64'));
    };
    const built = await build('one');
    execFileSync('tar', ['-xf', join(folder, 'one', SDIST), '-C', folder]);

    expect(await build('two')).toEqual(built);
    expect(await build('three', join(folder, `latchkey-${version}/build_backend.py`))).toEqual(built);
  });

  it.each([WHEEL, SDIST])('is installed by pip without a registry: %s', async (file) => {
    await runPython(['libs/python/build_backend.py', folder]);
    const environment = join(folder, file.replaceAll('.', '-'));
    await runPython(['-m', 'venv', environment]);
    const python = join(environment, 'bin/python');
    const options = { encoding: 'utf8', env: { PATH: process.env.PATH } } as const;

    execFileSync(python, ['-m', 'pip', 'install', '--quiet', '--no-index', join(folder, file)], options);

    const program = `
import importlib.resources, latchkey
print(latchkey.__version__, importlib.resources.files(latchkey).joinpath("py.typed").is_file())`;
    expect(execFileSync(python, ['-c', program], options)).toBe(`${version} True\n`);
  });
});
