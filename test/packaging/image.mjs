// Performs the steps of the Dockerfile in an empty folder, without a container engine or an image. Then runs the result like a
// container: as an unprivileged user, with one writable folder, and with its health check.
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  chownSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { EXTERNAL_PACKAGES } from '../../apps/api/build/external-packages.mjs';
import { readDockerfile } from './dockerfile.mjs';
import { freePort } from '../support/free-port.mjs';

/** The user `nobody` on Debian, if the script runs as root. */
const USER = process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : {};
const READY_ATTEMPTS = 200;
/** One request for each part that needs its own packages or files: path, expected status, options. */
const REQUESTS = [
  ['/admin/', 200],
  ['/docs', 200],
  ['/auth/login', 401, { method: 'POST', headers: { Authorization: `Basic ${btoa('nobody:at all')}` } }],
];

const home = mkdtempSync(join(tmpdir(), 'latchkey-image-'));
chmodSync(home, 0o755);
const stages = readDockerfile(readFileSync('Dockerfile', 'utf8'));
try {
  stages.forEach((stage, index) => perform(stage, index));
  await run(stages.at(-1));
  console.log('The steps of the Dockerfile produce a healthy server. No image was built.');
} finally {
  execFileSync('chmod', ['--recursive', 'u+w', home]);
  rmSync(home, { recursive: true, force: true });
}

/** Returns the local path of a path in a stage. */
function inStage(stage, path) {
  return join(home, stage.name, resolve(stage.workdir, path));
}

function perform(stage, index) {
  console.log(`Stage ${index + 1}, without ${stage.from}`);
  mkdirSync(inStage(stage, '.'), { recursive: true });
  for (const { keyword, text, source } of stage.steps) {
    console.log(`  ${keyword} ${text}`);
    if (keyword === 'COPY') {
      copy(stage, text.split(' '), source);
    } else if (text.startsWith('mkdir /data')) {
      mkdirSync(inStage(stage, '/data'));
    } else {
      execFileSync('bash', ['-euc', text], {
        cwd: inStage(stage, '.'),
        stdio: ['ignore', 'ignore', 'inherit'],
      });
    }
  }
}

function copy(stage, paths, source) {
  const target = inStage(stage, paths.at(-1));
  for (const path of paths.slice(0, -1)) {
    const from =
      source === undefined
        ? resolve(path)
        : inStage(
            stages.find(({ name }) => name === source),
            path,
          );
    const isInto = paths.at(-1).endsWith('/') && statSync(from).isFile();
    cpSync(from, isInto ? join(target, basename(from)) : target, {
      recursive: true,
      verbatimSymlinks: true,
      filter: source === undefined ? isIncluded : undefined,
    });
  }
}

/** Whether `.dockerignore` includes the path. */
function isIncluded(path) {
  const ignored = readFileSync('.dockerignore', 'utf8').trim().split('\n');
  return !ignored.some((name) => resolve(path) === resolve(name));
}

async function run(stage) {
  const port = await freePort();
  const data = inStage(stage, '/data');
  execFileSync('chmod', ['--recursive', 'a-w', inStage(stage, '.')]);
  chmodSync(data, 0o700);
  if (USER.uid !== undefined) {
    chownSync(data, USER.uid, USER.gid);
  }
  const here = (value) => value.replaceAll('/data', data);
  const env = {
    PATH: process.env.PATH,
    ...Object.fromEntries(Object.entries(stage.env).map(([name, value]) => [name, here(value)])),
    HOST: '127.0.0.1',
    PORT: String(port),
  };
  const options = { cwd: inStage(stage, '.'), env, ...USER };
  const server = spawn(process.execPath, stage.cmd.slice(1), {
    ...options,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  try {
    await waitUntilHealthy(server, () => execFileSync(process.execPath, stage.healthcheck.slice(1), options));
    await check(`http://127.0.0.1:${port}`, data);
    checkPackages(options);
    printSize(stage);
  } finally {
    server.kill('SIGTERM');
    const [code] = server.exitCode === null ? await once(server, 'exit') : [server.exitCode];
    if (code !== 0) {
      process.exitCode = 1;
      console.error(`The server exited with ${code}`);
    }
  }
}

/** Runs the health check until it succeeds. */
async function waitUntilHealthy(server, check) {
  for (let attempts = 0; attempts < READY_ATTEMPTS && server.exitCode === null; attempts += 1) {
    try {
      check();
      console.log(`  healthy after ${attempts + 1} checks`);
      return;
    } catch {
      await pause(100);
    }
  }
  throw new Error('The server did not become healthy');
}

async function check(url, data) {
  const written = readdirSync(data).sort();
  if (!existsSync(join(data, 'latchkey.sqlite')) || !written.includes('first-sign-in.txt')) {
    throw new Error(`Unexpected files in the data folder: ${written.join(', ')}`);
  }
  for (const [path, expected, options] of REQUESTS) {
    const { status } = await fetch(url + path, options);
    if (status !== expected) {
      throw new Error(`${path} returned ${status} instead of ${expected}`);
    }
  }
}

/** Loads packages that only PostgreSQL and imported passwords use. */
function checkPackages(options) {
  const script = EXTERNAL_PACKAGES.map((name) => `require('${name}');`).join('');
  execFileSync(process.execPath, ['--eval', script], options);
}

function printSize(stage) {
  const [kibibytes] = execFileSync('du', ['-sk', inStage(stage, '.')], { encoding: 'utf8' }).split('\t');
  console.log(`  ${Math.round(Number(kibibytes) / 1024)} MiB without Node`);
}
