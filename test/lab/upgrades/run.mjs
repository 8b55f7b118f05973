// `npm run lab -- upgrades v1.2.0`: builds that tag or commit, and upgrades two replicas behind nginx and a
// SQLite file from it to this build and back, 20 times each. The replicas are under load meanwhile. The
// single server of the SQLite file is under load only between two replacements, because requests fail while
// it is replaced. The next release adds migrations to this build, so that each upgrade migrates. Without an
// argument it takes the last release tag, or this build if there is none.
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';

/** Builds of other commits, by commit. */
const CACHE = join(process.cwd(), 'node_modules/.cache/latchkey-builds');
const ROUNDS = process.env.UPGRADES ?? '20';

const git = (...words) => execFileSync('git', words, { encoding: 'utf8', maxBuffer: 2 ** 30 }).trim();
const print = (line) => process.stdout.write(`${line}\n`);

function run(program, words, options = {}) {
  const { status } = spawnSync(program, words, { stdio: 'inherit', ...options });
  if (status !== 0) {
    throw new Error(`${program} ${words.join(' ')} exited with ${status}`);
  }
}

/** Returns the last release tag if there is one. */
function lastRelease() {
  const { status, stdout } = spawnSync('git', ['describe', '--tags', '--abbrev=0', '--match', 'v*'], {
    encoding: 'utf8',
  });
  return status === 0 ? stdout.trim() : undefined;
}

/** Builds the server of a commit once and returns its main file. */
function build(commit) {
  const folder = join(CACHE, commit);
  const main = join(folder, 'dist/apps/api/bundle/main.js');
  if (existsSync(main)) {
    return main;
  }
  mkdirSync(CACHE, { recursive: true });
  const partial = mkdtempSync(join(CACHE, 'partial-'));
  try {
    const archive = execFileSync('git', ['archive', commit], { maxBuffer: 2 ** 30 });
    run('tar', ['-x', '-C', partial], { input: archive, stdio: ['pipe', 'inherit', 'inherit'] });
    const lock = (root) => readFileSync(join(root, 'package-lock.json'), 'utf8');
    if (lock(partial) === lock('.')) {
      symlinkSync(join(process.cwd(), 'node_modules'), join(partial, 'node_modules'));
    } else {
      run('npm', ['ci'], { cwd: partial });
    }
    run('npm', ['run', 'build:api'], { cwd: partial });
    renameSync(partial, folder);
  } catch (error) {
    rmSync(partial, { recursive: true, force: true });
    throw error;
  }
  return main;
}

const ref = process.argv[2] ?? lastRelease();
const commit = ref && git('rev-parse', '--verify', `${ref}^{commit}`);
print(
  `From ${commit ? `${ref} (${commit.slice(0, 8)})` : 'this build'} to this build with more migrations, ${ROUNDS} times`,
);
const main = commit && build(commit);
const { status } = spawnSync(process.execPath, ['test/lab/faults/run.mjs', 'faults/upgrades'], {
  stdio: 'inherit',
  env: { ...process.env, ...(main && { UPGRADE_FROM: main }), UPGRADES: ROUNDS, FAULT_ROUNDS: '10' },
});
process.exitCode = status ?? 1;
