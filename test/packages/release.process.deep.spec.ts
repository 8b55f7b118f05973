import { execFile, execFileSync } from 'node:child_process';
import { once } from 'node:events';
import {
  appendFileSync,
  cpSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { waitUntil } from '../support/wait-until.js';

const run = promisify(execFile);

/** Packs and lists all packages, which takes minutes on a busy machine. */
const LONG = 600_000;

/** Files that a release reads, besides the build. */
const FILES = [
  '.env.example',
  '.gitignore',
  'CHANGELOG.md',
  'Dockerfile',
  'LICENSE',
  'apps/api',
  'compose.yaml',
  'deploy',
  'docs/get-started.md',
  'docs/operations/kubernetes.md',
  'docs/operations/runbook.md',
  'docs/site/package-lock.json',
  'libs',
  'package-lock.json',
  'package.json',
  'supply',
  'test/lab/mutation/package-lock.json',
  'tsconfig.base.json',
];
const RELEASES = 'apps/api/src/platform/database/migrations/index.ts';
/** Files with the version, besides those of npm. */
const VERSIONED = [
  'apps/api/src/common/version.ts',
  'docs/get-started.md',
  'docs/operations/kubernetes.md',
  'libs/auth-models/README.md',
  'libs/auth-models/package.json',
  'libs/client/README.md',
  'libs/client/package.json',
  'libs/python/README.md',
  'libs/python/src/latchkey/__init__.py',
];
/** Packages of the release 0.2.0. */
const PACKAGES = [
  'latchkey-0.2.0-py3-none-any.whl',
  'latchkey-0.2.0.tar.gz',
  'latchkey-0.2.0.tgz',
  'latchkey-auth-models-0.2.0.tgz',
  'latchkey-client-0.2.0.tgz',
];
const NOTES = '\n\n### Login\n\n- Something new.\n\n';

let folder: string;

/** Before a version of the product. */
const BEFORE_VERSION = `"version": "|VERSION = '|latchkey-|latchkey-auth-models-|latchkey-client-|latchkey:|newTag: |__version__ = "`;

/**
 * A repository of version 0.1.0 with the real recipe, in which lint, type check and tests only note that they
 * ran. The build is a copy of this one with the version of the sources.
 */
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'latchkey-release-'));
  for (const path of FILES) {
    cpSync(path, join(folder, path), {
      recursive: true,
      filter: (each) => !/\/(node_modules|dist)$/.test(each),
    });
  }
  symlinkSync(join(process.cwd(), 'node_modules'), join(folder, 'node_modules'));
  appendFileSync(join(folder, '.gitignore'), '/node_modules\n/steps\n');
  // This test is part of the release, so the version may be another one.
  const { version } = JSON.parse(read('package.json')) as { version: string };
  for (const file of ['package.json', 'package-lock.json', ...VERSIONED]) {
    write(file, read(file).replaceAll(new RegExp(`(?<=${BEFORE_VERSION})${version}`, 'g'), '0.1.0'));
  }
  const manifest = JSON.parse(read('package.json')) as { scripts: Record<string, string> };
  const step = (name: string) => `echo ${name} >> steps`;
  Object.assign(manifest.scripts, {
    // No registry responds.
    'audit:production': `${step('audit')}; exit 2`,
    lint: step('lint'),
    'test:deep': step('test:deep'),
    build: `${step('build')} && mkdir -p dist && cp -r '${process.cwd()}/dist/apps' dist && sed -i "s/\\(VERSION=.\\)[0-9.]*/\\1$npm_package_version/" dist/apps/api/bundle/*.js`,
    pretest: '',
    'pretest:deep': '',
    test: step('test'),
  });
  write('package.json', `${JSON.stringify(manifest, null, 2)}\n`);
  write(
    'CHANGELOG.md',
    `# Changelog\n\n## 0.2.0 (2026-12-24)${NOTES}## 0.1.0 (2026-11-28)\n\n- The first version.\n`,
  );
  for (const library of ['auth-models', 'client', 'python']) {
    write(`libs/${library}/CHANGELOG.md`, '# Changelog\n\n## 0.1.0 (2026-11-28)\n\n- The first version.\n');
  }
  git('init', '--quiet', '--initial-branch', 'main');
  git('config', 'user.name', 'Release');
  git('config', 'user.email', 'release@example.com');
  commit();
  git('tag', '--annotate', 'v0.1.0', '--message', 'Latchkey 0.1.0');
});

beforeEach(() => {
  git('checkout', '--quiet', '--force', '-B', 'main', 'v0.1.0');
  git('clean', '--quiet', '-d', '--force');
  rmSync(join(folder, 'steps'), { force: true });
});

afterAll(() => rmSync(folder, { recursive: true }));

const read = (path: string) => readFileSync(join(folder, path), 'utf8');
const write = (path: string, text: string) => writeFileSync(join(folder, path), text);
const replace = (path: string, from: string, to: string) => {
  expect(read(path)).toContain(from);
  write(path, read(path).replace(from, to));
};
const git = (...args: string[]) => execFileSync('git', args, { cwd: folder, encoding: 'utf8' }).trim();
const commit = () => {
  git('add', '--all');
  git('commit', '--quiet', '--no-verify', '--message', 'change');
};
const release = (...args: string[]) =>
  run(process.execPath, ['supply/release.mjs', ...args], { cwd: folder });
const addRelease = (version: string, requires: string) =>
  replace(
    RELEASES,
    '    ],\n  },\n];',
    `    ],\n  },\n  { version: '${version}', requires: '${requires}', migrations: [New1] },\n];`,
  );
const failure = async (...args: string[]) => {
  const error: unknown = await release(...args).catch((thrown: unknown) => thrown);
  expect(error).toMatchObject({ code: 1 });
  expect(git('tag', '--list')).toBe('v0.1.0');
  return (error as { stderr: string }).stderr;
};

describe('npm run release', () => {
  it.each([[[]], [['1.2']], [['v1.2.3']], [['1.2.3-rc.1']], [['1.2.3', '1.2.4']]])(
    'needs a version, and not %j',
    async (args) => {
      expect(await failure(...args)).toMatch(/^No release was created\. Pass one version/);
    },
  );

  it('rejects uncommitted changes', async () => {
    write('new-file', '');

    expect(await failure('0.2.0')).toBe(
      'No release was created. Commit or remove these changes first:\n?? new-file\n',
    );
  });

  it('rejects branches other than main', async () => {
    git('checkout', '--quiet', '-b', 'topic');

    expect(await failure('0.2.0')).toMatch(
      /^No release was created\. Releases are created on the branch main\. The current branch is topic/,
    );
    git('checkout', '--quiet', 'main');
    git('branch', '--quiet', '-D', 'topic');
  });

  it.each(['0.1.0', '0.0.9'])('rejects the old version %s', async (version) => {
    expect(await failure(version)).toBe(
      `No release was created. ${version} is not later than the last release, 0.1.0. Choose a later version.\n`,
    );
  });

  it('rejects a changelog without a section for the version', async () => {
    expect(await failure('0.3.0')).toMatch(
      /^No release was created\. CHANGELOG\.md has no section for this release/,
    );
  });

  it.each([
    'CHANGELOG.md',
    'libs/auth-models/CHANGELOG.md',
    'libs/client/CHANGELOG.md',
    'libs/python/CHANGELOG.md',
  ])('rejects an unreleased section in %s', async (file) => {
    replace(file, '# Changelog\n', '# Changelog\n\n## [Unreleased]\n');
    commit();

    expect(await failure('0.2.0')).toContain(`${file} has the section "## [Unreleased]".`);
  });

  it.each(['package-lock.json', 'docs/site/package-lock.json', 'test/lab/mutation/package-lock.json'])(
    'rejects download addresses in %s',
    async (file) => {
      const [name = ''] = /node_modules\/[^"]+/.exec(read(file)) ?? [];
      const entry = `"${name}": {`;
      replace(file, entry, `${entry}\n      "resolved": "https://registry.example.com/package.tgz",`);
      commit();

      expect(await failure('0.2.0')).toContain(`${file} has a download address for ${name}.`);
    },
  );

  it.each([
    'libs/auth-models/src/index.ts',
    'libs/client/src/index.ts',
    'libs/python/src/latchkey/__init__.py',
  ])('rejects a change of %s without a section in its changelog', async (file) => {
    write(file, `${read(file)}\n`);
    commit();

    const library = file.replace(/\/src\/.*/, '');
    expect(await failure('0.2.0')).toContain(`${library}/CHANGELOG.md has no section for this release.`);
  });

  it('rejects packages with known vulnerabilities', async () => {
    replace('package.json', '; exit 2', '; exit 1');
    commit();

    expect(await failure('0.2.0')).toContain('This command failed: npm run audit:production');
  });

  it('rejects new migrations in an old release', async () => {
    replace(RELEASES, '\n    ],\n  },\n];', '\n      New1,\n    ],\n  },\n];');
    commit();

    expect(await failure('0.2.0')).toMatch(/The entry of 0\.1\.0 in .* differs from the tag v0\.1\.0\./);
  });

  it('rejects migrations listed under another release', async () => {
    addRelease('0.3.0', '0.1.0');
    commit();

    expect(await failure('0.2.0')).toContain(
      'lists 0.3.0, but there is no such tag. List new migrations under 0.2.0.',
    );
  });

  it.each(['0.2.0', '0.3.0'])('rejects migrations that require %s', async (requires) => {
    addRelease('0.2.0', requires);
    commit();

    expect(await failure('0.2.0')).toContain(
      `requires ${requires}. It must require 0.1.0, or an earlier release that can use its tables.`,
    );
  });

  it('rejects a change of a released migration', async () => {
    const file = 'apps/api/src/platform/database/migrations/1764115200001-create-users.ts';
    write(file, `${read(file)}\n`);
    commit();

    expect(await failure('0.2.0')).toContain(
      `Released migrations must not change. Restore these files:\n${file}`,
    );
  });

  it('restores the versions if a check fails, and does not tag', async () => {
    replace('package.json', '"lint": "', '"lint": "exit 1; ');
    commit();

    expect(await failure('0.2.0')).toContain('No release was created. This command failed: npm run lint');
    expect(git('status', '--porcelain')).toBe('');
    expect(read('package.json')).toContain('"version": "0.1.0"');
  });

  it('rejects a build of another version', async () => {
    replace('package.json', '$npm_package_version', '0.1.0');
    commit();

    expect(await failure('0.2.0')).toContain('The built server reports version 0.1.0 instead of 0.2.0.');
    expect(git('status', '--porcelain')).toBe('');
  });

  it('restores the versions if it is stopped', async () => {
    replace('package.json', '"lint": "', '"lint": "exec sleep 60; ');
    commit();
    const recipe = execFile(process.execPath, ['supply/release.mjs', '0.2.0'], { cwd: folder });
    const ended = once(recipe, 'exit');
    await waitUntil(() => read('package.json').includes('"version": "0.2.0"'));
    recipe.kill('SIGTERM');

    expect(await ended).toEqual([1, null]);
    expect(git('status', '--porcelain')).toBe('');
    expect(read('package.json')).toContain('"version": "0.1.0"');
  });

  it(
    'builds the same packages in a rehearsal, and commits and tags only in a release',
    async () => {
      const target = join(folder, 'dist/release');
      const packages = () => PACKAGES.map((name) => readFileSync(join(target, name)));

      // The release packs at another time, and with other default modes.
      const rehearsal = await run(
        'sh',
        ['-c', 'umask 077 && exec "$0" supply/release.mjs 0.2.0 --skip-tests', process.execPath],
        { cwd: folder },
      );

      expect(rehearsal.stdout).toMatch(
        /^Rehearsal of 0\.2\.0: .* Nothing was tested, committed or tagged\.$/m,
      );
      expect(read('steps')).toBe('audit\nlint\nbuild\n');
      expect(rehearsal.stdout).toMatch(/^The audit did not run, because no registry responded\./m);
      expect(git('status', '--porcelain')).toBe('');
      expect(git('tag', '--list')).toBe('v0.1.0');
      expect(git('rev-parse', 'HEAD')).toBe(git('rev-parse', 'v0.1.0^{commit}'));
      const rehearsed = packages();
      rmSync(join(folder, 'steps'));

      const { stdout } = await release('0.2.0');

      expect(stdout).toMatch(/^Created the tag v0\.2\.0 and dist\/release\./m);
      expect(read('steps')).toBe('audit\nlint\nbuild\ntest\ntest:deep\n');
      expect(git('status', '--porcelain')).toBe('');
      expect(git('cat-file', '-t', 'v0.2.0')).toBe('tag');
      expect(git('rev-parse', 'v0.2.0^{commit}')).toBe(git('rev-parse', 'HEAD'));
      expect(git('log', '-1', '--format=%s')).toBe('build: release 0.2.0');
      expect(git('show', '--format=', '--name-only').split('\n').sort()).toEqual([
        ...VERSIONED,
        'package-lock.json',
        'package.json',
      ]);
      expect(read('docs/operations/kubernetes.md').match(/(?<=latchkey:|newTag: )[\d.]+/g)).toEqual(
        Array(3).fill('0.2.0'),
      );
      const artefacts = ['RELEASE_NOTES.md', 'latchkey-0.2.0.cdx.json', ...PACKAGES];
      expect(readdirSync(target).sort()).toEqual(['SHA256SUMS', ...artefacts].sort());
      expect(readFileSync(join(target, 'RELEASE_NOTES.md'), 'utf8')).toBe(`${NOTES.trim()}\n`);
      const { stdout: checked } = await run('sha256sum', ['--check', 'SHA256SUMS'], { cwd: target });
      expect(checked.trim().split('\n').sort()).toEqual(artefacts.map((name) => `${name}: OK`).sort());

      expect(packages().map((bytes, index) => bytes.equals(rehearsed[index] ?? Buffer.of()))).toEqual(
        PACKAGES.map(() => true),
      );
      git('tag', '--delete', 'v0.2.0');
    },
    LONG,
  );
});
