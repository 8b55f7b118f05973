// Creates a release:
// npm run release -- 1.2.3 [--skip-tests]
//
// Checks everything, sets the version, builds the artefacts in dist/release, commits and creates an annotated
// tag. Pushes nothing. If a step fails, or on Ctrl-C, it restores the versions. With --skip-tests, it is a
// rehearsal that neither commits nor tags.
import { execFileSync, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

const TARGET = 'dist/release';
const MIGRATIONS = 'apps/api/src/platform/database/migrations';
const CHANGELOG = 'CHANGELOG.md';
const LIBRARIES = ['libs/auth-models', 'libs/client', 'libs/python'];
const LOCK_FILES = ['.', 'docs/site', 'test/lab/mutation'].map((folder) => join(folder, 'package-lock.json'));
/** Exit code of the audit when no registry responds. */
const NOT_AUDITED = 2;
const VERSION = /^(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)$/;

/** Failed check or step of the release. */
class ReleaseError extends Error {}

const stopped = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM']) {
  process.once(signal, () => stopped.abort());
}

try {
  await release();
} catch (error) {
  if (!(error instanceof ReleaseError)) {
    throw error;
  }
  console.error(`No release was created. ${error.message}`);
  process.exitCode = 1;
}

async function release() {
  // The packages contain file modes. With the same modes on every machine, they have the same checksums.
  process.umask(0o022);
  const { version, isRehearsal } = readArguments();
  const previous = lastTag();
  checkRepository(isRehearsal);
  checkVersion(version, previous);
  const notes = releaseNotes(version, previous);
  LOCK_FILES.forEach(checkLockFile);
  checkMigrations(version, previous);
  const changed = setVersion(version);
  let isAudited;
  try {
    isAudited = await audit();
    for (const script of ['lint', 'build', ...(isRehearsal ? [] : ['test', 'test:deep'])]) {
      await npm('run', script);
    }
    checkBuild(version);
    await buildArtefacts(version, notes);
    if (!isRehearsal) {
      tag(version, changed);
    }
  } catch (error) {
    restore(changed);
    throw error;
  }
  if (!isAudited) {
    console.log(
      'The audit did not run, because no registry responded. Run npm run audit:production before you publish.',
    );
  }
  if (isRehearsal) {
    restore(changed);
    console.log(`Rehearsal of ${version}: built ${TARGET}. Nothing was tested, committed or tagged.`);
  } else {
    console.log(`Created the tag v${version} and ${TARGET}. To publish the tag, run: git push --follow-tags`);
  }
}

function readArguments() {
  const { values, positionals } = parseArgs({
    options: { 'skip-tests': { type: 'boolean', default: false } },
    allowPositionals: true,
  });
  const [version, ...others] = positionals;
  if (version === undefined || others.length > 0 || !VERSION.test(version)) {
    throw new ReleaseError('Pass one version, for example: npm run release -- 1.2.3');
  }
  return { version, isRehearsal: values['skip-tests'] };
}

function checkRepository(isRehearsal) {
  const changes = git('status', '--porcelain');
  if (changes !== '') {
    throw new ReleaseError(`Commit or remove these changes first:\n${changes}`);
  }
  const branch = git('branch', '--show-current');
  if (branch !== 'main' && !isRehearsal) {
    throw new ReleaseError(
      `Releases are created on the branch main. The current branch is ${branch || 'not set'}.`,
    );
  }
}

/** Returns the highest version that has a tag; `undefined` before the first release. */
function lastTag() {
  return git('tag', '--list', 'v*')
    .split('\n')
    .map((name) => name.slice(1))
    .filter((name) => VERSION.test(name))
    .sort(compare)
    .at(-1);
}

function checkVersion(version, previous) {
  if (previous !== undefined && compare(version, previous) <= 0) {
    throw new ReleaseError(
      `${version} is not later than the last release, ${previous}. Choose a later version.`,
    );
  }
  const { version: current } = readJson('package.json');
  if (compare(version, current) < 0) {
    throw new ReleaseError(
      `${version} is earlier than the version in package.json, ${current}. Choose a later version.`,
    );
  }
}

/**
 * Returns the section of the changelog for the version. If a library changed, its changelog needs one too.
 */
function releaseNotes(version, previous) {
  for (const file of [CHANGELOG, ...LIBRARIES.map((library) => `${library}/${CHANGELOG}`)]) {
    const [open] = /^## .*unreleased.*$/im.exec(read(file)) ?? [];
    if (open !== undefined) {
      throw new ReleaseError(
        `${file} has the section "${open}". Replace its heading with "## ${version} (${today()})".`,
      );
    }
  }
  for (const library of LIBRARIES) {
    if (previous === undefined || git('diff', '--name-only', `v${previous}`, '--', `${library}/src`) !== '') {
      sectionOf(`${library}/${CHANGELOG}`, version);
    }
  }
  return sectionOf(CHANGELOG, version);
}

function sectionOf(file, version) {
  const sections = read(file).split(/^(?=## )/m);
  const section = sections.find((text) => text.startsWith(`## ${version} (`));
  const [heading = '', ...body] = section?.split('\n') ?? [];
  if (!/^## \S+ \(\d{4}-\d\d-\d\d\)$/.test(heading) || body.join('').trim() === '') {
    throw new ReleaseError(
      `${file} has no section for this release. Add one with the heading "## ${version} (${today()})".`,
    );
  }
  return `${body.join('\n').trim()}\n`;
}

/** Checks that there are no download addresses: `npm ci` would use the registry of the author. */
function checkLockFile(file) {
  const [path] =
    Object.entries(readJson(file).packages).find(([, { resolved }]) => /^[a-z+]+:\/\//.test(resolved)) ?? [];
  if (path !== undefined) {
    throw new ReleaseError(`${file} has a download address for ${path}. Remove all "resolved" addresses.`);
  }
}

/**
 * Checks that released migrations are unchanged, that new ones belong to this release, and that the last
 * release can use their tables: see decision record 0035.
 */
function checkMigrations(version, previous) {
  const file = `${MIGRATIONS}/index.ts`;
  const releases = releasesIn(read(file));
  const released = previous === undefined ? {} : releasesIn(git('show', `v${previous}:${file}`));
  for (const [name, { entry }] of Object.entries(released)) {
    if (releases[name]?.entry !== entry) {
      throw new ReleaseError(
        `The entry of ${name} in ${file} differs from the tag v${previous}. Restore it, and list new migrations under ${version}.`,
      );
    }
  }
  const others = Object.keys(releases).filter((name) => name !== version && !(name in released));
  if (others.length > 0) {
    throw new ReleaseError(
      `RELEASES in ${file} lists ${others.join(', ')}, but there is no such tag. List new migrations under ${version}.`,
    );
  }
  const { requires = version } = releases[version] ?? {};
  const isReleased = git('tag', '--list', `v${requires}`) !== '';
  if (version in releases && (previous === undefined ? requires !== version : !isReleased)) {
    throw new ReleaseError(
      `The entry of ${version} in ${file} requires ${requires}. It must require ${previous ?? version}, or an earlier release that can use its tables.`,
    );
  }
  const edited =
    previous === undefined
      ? ''
      : git('diff', '--name-only', '--diff-filter=a', `v${previous}`, '--', `${MIGRATIONS}/[0-9]*`);
  if (edited !== '') {
    throw new ReleaseError(`Released migrations must not change. Restore these files:\n${edited}`);
  }
}

/** Returns the entries of RELEASES by version. Each is without spaces, because prettier may wrap it. */
function releasesIn(source) {
  const entries = source.matchAll(/version: '([^']+)',\s*requires: '([^']+)',\s*migrations: \[[^\]]*\]/g);
  return Object.fromEntries(
    [...entries].map(([entry, version, requires]) => [
      version,
      { requires, entry: entry.replaceAll(/\s|,(?=\s*\])/g, '') },
    ]),
  );
}

/** Writes the version into all files that contain it. Returns the files that changed. */
function setVersion(version) {
  const { version: old } = readJson('package.json');
  edit('package.json', (text) => text.replace(`"version": "${old}"`, `"version": "${version}"`));
  edit('package-lock.json', (text) => {
    const lock = JSON.parse(text);
    lock.version = version;
    lock.packages[''].version = version;
    return `${JSON.stringify(lock, null, 2)}\n`;
  });
  edit('apps/api/src/common/version.ts', (text) => text.replace(/'[^']*'/, `'${version}'`));
  const module = 'libs/python/src/latchkey/__init__.py';
  edit(module, (text) => text.replace(/(?<=^__version__ = )".*"/m, `"${version}"`));
  for (const library of LIBRARIES) {
    edit(`${library}/package.json`, (text) => text.replace(/"version": "[^"]*"/, `"version": "${version}"`));
  }
  // Packages and images in the commands of the documentation. The runbook has examples of two releases, which
  // its test packs.
  for (const file of git('ls-files', '*.md', ':!docs/operations/runbook.md').split('\n')) {
    edit(file, (text) =>
      text
        .replaceAll(/\b(latchkey(?:-auth-models|-client)?)-\d+\.\d+\.\d+(\.tgz|-py3)\b/g, `$1-${version}$2`)
        .replaceAll(/(\/latchkey:|newTag: )\d+\.\d+\.\d+\b/g, `$1${version}`),
    );
  }
  return git('diff', '--name-only').split('\n').filter(Boolean);
}

/** Checks that the build contains the new version, and is not an older one. */
function checkBuild(version) {
  const program = 'apps/api/bin/latchkey.cjs';
  const built = execFileSync(process.execPath, [program, '--version'], { encoding: 'utf8' }).trim();
  if (built !== version) {
    throw new ReleaseError(
      `The built server reports version ${built} instead of ${version}. Remove dist, and start again.`,
    );
  }
}

async function buildArtefacts(version, notes) {
  rmSync(TARGET, { recursive: true, force: true });
  mkdirSync(TARGET, { recursive: true });
  await run(process.execPath, ['apps/api/build/pack.mjs', '--pack-destination', TARGET]);
  await run(process.execPath, ['libs/pack.mjs', 'auth-models', 'client', '--pack-destination', TARGET]);
  await run('python3', ['libs/python/build_backend.py', TARGET]);
  await run(process.execPath, ['supply/sbom.mjs', `${TARGET}/latchkey-${version}.cdx.json`]);
  writeFileSync(join(TARGET, 'RELEASE_NOTES.md'), notes);
  const sums = readdirSync(TARGET).map(
    (name) =>
      `${createHash('sha256')
        .update(readFileSync(join(TARGET, name)))
        .digest('hex')}  ${name}\n`,
  );
  writeFileSync(join(TARGET, 'SHA256SUMS'), sums.join(''));
}

function tag(version, changed) {
  if (changed.length > 0) {
    git('commit', '--quiet', '--message', `build: release ${version}`, '--', ...changed);
  }
  git('tag', '--annotate', `v${version}`, '--message', `Latchkey ${version}`);
}

function restore(changed) {
  if (changed.length > 0) {
    git('checkout', '--quiet', 'HEAD', '--', ...changed);
  }
}

function compare(one, other) {
  const [a, b] = [one, other].map((version) => version.split('.').map(Number));
  return a[0] - b[0] || a[1] - b[1] || a[2] - b[2];
}

function today() {
  return new Date().toISOString().slice(0, 10);
}

function read(file) {
  return readFileSync(file, 'utf8');
}

function readJson(file) {
  return JSON.parse(read(file));
}

function edit(file, change) {
  const text = existsSync(file) ? read(file) : '';
  const changed = change(text);
  if (changed !== text) {
    writeFileSync(file, changed);
  }
}

function git(...args) {
  return execFileSync('git', args, { encoding: 'utf8', maxBuffer: 2 ** 26 }).trimEnd();
}

/** Checks the packages for known vulnerabilities. Returns `false` if no registry responded. */
async function audit() {
  return (await run('npm', ['run', 'audit:production'], [0, NOT_AUDITED])) === 0;
}

function npm(...args) {
  return run('npm', args);
}

/** Runs a program. Returns its exit code, or throws if it is not an accepted one. */
async function run(program, args, accepted = [0]) {
  const child = spawn(program, args, { stdio: 'inherit', signal: stopped.signal });
  const [code] = await once(child, 'close').catch(() => []);
  if (stopped.signal.aborted || !accepted.includes(code)) {
    throw new ReleaseError(
      `This command ${stopped.signal.aborted ? 'was stopped' : 'failed'}: ${[program, ...args].join(' ')}`,
    );
  }
}
