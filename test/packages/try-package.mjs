// Installs the packed server into an empty folder with the commands of “Get started” and uses it as a
// newcomer does. Also a script, for another Node:
// node test/packages/try-package.mjs latchkey-0.1.0.tgz
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { freePort } from '../support/free-port.mjs';

const GET_STARTED = new URL('../../docs/get-started.md', import.meta.url);
const RUNBOOK = new URL('../../docs/operations/runbook.md', import.meta.url);
const BINARY = 'build/Release/better_sqlite3.node';
const PASSWORD = 'a password for this trial';
const START_MILLISECONDS = 120_000;
/** The package asks users to install the driver on a Node that cannot load the included one. */
const NEEDS_OWN_SQLITE = Number(process.versions.napi) < 10;
const SQLITE = JSON.parse(
  readFileSync(new URL('../../libs/sqlite-node20/package.json', import.meta.url), 'utf8'),
).dependencies['better-sqlite3'];

/**
 * Installs and uses a package in a new folder, which it removes.
 *
 * @param tarball path of the package.
 * @param compiledSqlite folder of the driver for Node 20, to copy its binary. Compiling it takes minutes.
 */
export async function tryPackage(tarball, compiledSqlite) {
  const binary = compiledSqlite && join(compiledSqlite, BINARY);
  const start = performance.now();
  const folder = mkdtempSync(join(tmpdir(), 'latchkey-empty-'));
  try {
    const page = readFileSync(GET_STARTED, 'utf8');
    const [, install, file, program] = /^(npm install (\S+))\n(npx .*) serve\n/m.exec(page);
    cpSync(tarball, join(folder, file));
    run('sh', ['-euc', install], folder);
    // Without the driver for Node 20, which users install in addition, with the newest dependencies.
    const { versions } = installedIn(folder);
    if (NEEDS_OWN_SQLITE) {
      run(
        'npm',
        ['install', `better-sqlite3@${SQLITE}`, ...(binary === undefined ? [] : ['--ignore-scripts'])],
        folder,
      );
    }
    if (NEEDS_OWN_SQLITE && binary !== undefined) {
      cpSync(binary, join(folder, 'node_modules/better-sqlite3', BINARY));
    }
    const use = await useServer(folder, start);
    return {
      ...use,
      documentation: firstDocument(folder, program),
      packedBytes: statSync(tarball).size,
      ...installedIn(folder),
      versions,
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/**
 * Installs a package with the commands of the runbook.
 *
 * @param root folder that stands for `/`.
 * @param tarball path of the package.
 */
export function installPackage(root, tarball) {
  const [block] = /^ *npm install --prefix .*\n *ln .*\n/m.exec(readFileSync(RUNBOOK, 'utf8'));
  mkdirSync(join(root, 'opt'), { recursive: true });
  run('sh', [
    '-euc',
    block.replaceAll(' /opt/', ` ${root}/opt/`).replace(/ \/root\/\S+/, ` ${resolve(tarball)}`),
  ]);
}

function run(program, words, cwd) {
  execFileSync(program, words, {
    cwd,
    env: environment({
      NODE_ENV: 'production',
      npm_config_prefer_offline: 'true',
      npm_config_audit: 'false',
      npm_config_fund: 'false',
    }),
    stdio: ['ignore', 'ignore', 'inherit'],
  });
}

/** Returns the environment without the variables that npm sets for the scripts it runs. */
function environment(added) {
  const own = Object.entries(process.env).filter(
    ([name]) => !/^npm_(?!config_nodedir)|^NODE_OPTIONS$/i.test(name),
  );
  return { ...Object.fromEntries(own), ...added };
}

/** Returns the page of the documentation that the command names when it is called without arguments. */
function firstDocument(folder, program) {
  const help = execFileSync('sh', ['-euc', program], { cwd: folder, env: environment({}), encoding: 'utf8' });
  return readFileSync(/^Documentation: (.+)$/m.exec(help)[1], 'utf8');
}

async function useServer(folder, start) {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  // Without the shell of npx, which would not pass on the signal.
  const child = spawn(process.execPath, [join(folder, 'node_modules/.bin/latchkey'), 'serve'], {
    cwd: folder,
    env: environment({ NODE_ENV: 'production', PORT: String(port) }),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text) => (output += text));
  }
  const exit = once(child, 'exit');
  try {
    const secret = await firstSecret(folder, child, url, () => output);
    const setUp = await send(url, 'POST', '/auth/set-up', {}, { secret, password: PASSWORD });
    const credentials = `Basic ${Buffer.from(`admin:${PASSWORD}`).toString('base64')}`;
    const login = await send(url, 'POST', '/auth/login', {
      Authorization: credentials,
      Accept: 'text/plain',
    });
    const verify = await send(url, 'GET', '/auth/verify', { 'X-Auth-Token': login.text });
    const seconds = (performance.now() - start) / 1000;
    const page = await fetch(`${url}/admin/`);
    return {
      seconds,
      statuses: [setUp.status, login.status, verify.status, page.status],
      console: await page.text(),
      exitCode: await stop(child, exit),
    };
  } finally {
    await stop(child, exit);
  }
}

async function stop(child, exit) {
  child.kill();
  const [code, signal] = await exit;
  return signal ?? code;
}

/** Waits for the server and returns the secret of its link for the first sign-in. */
async function firstSecret(folder, child, url, output) {
  const file = join(folder, 'data/first-sign-in.txt');
  const deadline = performance.now() + START_MILLISECONDS;
  for (;;) {
    const isReady = await fetch(`${url}/health/ready`).then(
      ({ ok }) => ok,
      () => false,
    );
    if (isReady && existsSync(file)) {
      return /\/admin\/set-up\?name=admin#(\S+)/.exec(readFileSync(file, 'utf8'))[1];
    }
    if (child.exitCode !== null || performance.now() > deadline) {
      throw new Error(`The packed server did not start: ${output()}`);
    }
    await pause(100);
  }
}

async function send(url, method, path, headers, body) {
  const response = await fetch(url + path, {
    method,
    headers: { ...(body && { 'Content-Type': 'application/json' }), ...headers },
    body: body && JSON.stringify(body),
  });
  return { status: response.status, text: await response.text() };
}

/** Returns the installed packages and their size. `compiled` names those that node-gyp compiled. */
function installedIn(folder) {
  const modules = join(folder, 'node_modules');
  const files = readdirSync(modules, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name));
  const packages = files
    .filter((path) => /[\\/]node_modules[\\/](?:@[^\\/]+[\\/])?[^\\/]+[\\/]package\.json$/.test(path))
    .map((path) => JSON.parse(readFileSync(path, 'utf8')));
  return {
    packages: packages.map(({ name }) => name).sort(),
    versions: packages.map(({ name, version }) => `${name} ${version}`),
    installedBytes: files.reduce((sum, path) => sum + statSync(path).size, 0),
    compiled: files.filter((path) => path.endsWith(join('build', 'config.gypi'))).length,
  };
}

async function main() {
  const { seconds, statuses, packages, packedBytes, installedBytes, compiled, exitCode } = await tryPackage(
    process.argv[2],
  );
  const row = {
    seconds: Math.round(seconds),
    'MB packed': Math.round(packedBytes / 1e5) / 10,
    'MB installed': Math.round(installedBytes / 1e6),
    packages: packages.length,
    compiled,
    statuses: statuses.join(' '),
    'exit code': exitCode,
  };
  if (process.argv[3] !== undefined) {
    writeFileSync(process.argv[3], JSON.stringify(row));
  }
  console.table([row]);
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  void main();
}
