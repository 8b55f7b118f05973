// Builds the image from the Dockerfile and runs it as docs/operations/containers.md describes, with Podman
// instead of Docker. Needs root, and the Debian packages podman, runc and mmdebstrap. `npm run pack:server`
// must have run.
import { execFileSync, spawnSync } from 'node:child_process';
import { copyFileSync, cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync } from 'node:fs';
import { rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { EXTERNAL_PACKAGES } from '../../../apps/api/build/external-packages.mjs';

const PAGE = 'docs/operations/containers.md';
/** Cached, because downloading it takes two minutes. */
const BASE = resolve('node_modules/.cache/latchkey-image/base.tar');
/** Node 26 is linked with libatomic. */
const PACKAGES = ['libatomic1', 'libstdc++6'];
const READY_ATTEMPTS = 100;
const PACKAGE = '/usr/local/lib/node_modules/latchkey';

/** Without the digest, which is that of the official image. */
const [, baseName, major] = /^ARG BASE=(node:(\d+)[^@\s]*)@sha256:[0-9a-f]{64}$/m.exec(
  readFileSync('Dockerfile', 'utf8'),
);
const missing = ['mmdebstrap', 'podman', 'runc'].filter(
  (program) => spawnSync(program, ['--version']).error !== undefined,
);
if (missing.length > 0 || process.getuid() !== 0) {
  throw new Error(
    'Run as root, after apt-get install --no-install-recommends mmdebstrap podman runc ca-certificates.',
  );
}

const folder = mkdtempSync(join(tmpdir(), 'latchkey-image-'));
const environment = { ...process.env, ...podmanSettings() };
const podman = (...words) => execFileSync('podman', words, { encoding: 'utf8', env: environment }).trim();
const inContainer = (...words) => podman('exec', 'latchkey', ...words);
try {
  if (!existsSync(BASE)) {
    createBase();
  }
  podman('import', BASE, baseName);
  const [, block] = /^```sh\n(docker build .*?)^```$/ms.exec(readFileSync(PAGE, 'utf8'));
  const [build, run, firstSignIn] = block.split('\n');
  shell(build);
  shipImage();
  // Without a network: the checks run inside.
  shell(replaced(run, '--publish 127.0.0.1:3000:3000', '--network none'));
  await waitUntilHealthy();
  shell(firstSignIn);
  prove();
} finally {
  spawnSync('podman', ['rm', '--force', '--volumes', 'latchkey'], { env: environment });
  spawnSync('podman', ['rmi', '--all', '--force'], { env: environment });
  spawnSync('umount', [join(folder, 'images/overlay')]);
  rmSync(folder, { recursive: true, force: true });
}

/**
 * Settings for storage of its own, and for machines where Podman may not raise limits or use all control
 * groups.
 */
function podmanSettings() {
  const storage = join(folder, 'storage.conf');
  const containers = join(folder, 'containers.conf');
  writeFileSync(
    storage,
    `[storage]\ndriver = "overlay"\ngraphroot = "${folder}/images"\nrunroot = "${folder}/run"\n`,
  );
  writeFileSync(
    containers,
    '[containers]\ndefault_ulimits = ["nofile=4096:4096", "nproc=4096:4096"]\n[engine]\nruntime = "runc"\ncgroup_manager = "cgroupfs"\n',
  );
  return {
    CONTAINERS_CONF: containers,
    CONTAINERS_STORAGE_CONF: storage,
    BUILDAH_ISOLATION: 'chroot',
    // The other format has no health check.
    BUILDAH_FORMAT: 'docker',
    PODMAN_IGNORE_CGROUPSV1_WARNING: '1',
  };
}

/** Creates a replacement for the base image, from Debian, and Node from the npm registry. */
function createBase() {
  console.log(`creating ${baseName} from Debian and npm`);
  const root = join(folder, 'base');
  const debian = join(folder, 'debian.tar');
  quietly('mmdebstrap', ['--variant=minbase', `--include=${PACKAGES}`, 'trixie', debian]);
  mkdirSync(root);
  quietly('tar', ['--directory', root, '--extract', '--file', debian]);
  const node = `node-linux-${process.arch}`;
  quietly('npm', ['install', '--no-audit', '--no-fund', '--prefix', folder, `${node}@${major}`]);
  copyFileSync(join(folder, 'node_modules', node, 'bin/node'), join(root, 'usr/local/bin/node'));
  const packages = execFileSync('npm', ['root', '--global'], { encoding: 'utf8' }).trim();
  cpSync(join(packages, 'npm'), join(root, 'usr/local/lib/node_modules/npm'), { recursive: true });
  symlinkSync('../lib/node_modules/npm/bin/npm-cli.js', join(root, 'usr/local/bin/npm'));
  quietly('chroot', [root, 'useradd', '--uid', '1000', '--create-home', 'node']);
  mkdirSync(resolve(BASE, '..'), { recursive: true });
  quietly('tar', ['--directory', root, '--create', '--file', BASE, '.']);
}

function quietly(program, words) {
  execFileSync(program, words, { stdio: ['ignore', 'ignore', 'inherit'] });
}

/**
 * Runs a command of the page. To build, npm in the container gets the registry and the certificates of this
 * machine.
 */
function shell(command) {
  const certificates = process.env.NODE_EXTRA_CA_CERTS ?? '/etc/ssl/certs/ca-certificates.crt';
  const settings = join(folder, 'npmrc');
  const registry = execFileSync('npm', ['config', 'get', 'registry'], { encoding: 'utf8' }).trim();
  writeFileSync(settings, `registry=${registry}\ncafile=/ca.crt\nfetch-retries=0\n`);
  const volumes = `--volume ${settings}:/root/.npmrc:ro --volume ${certificates}:/ca.crt:ro`;
  console.log(`$ ${command}`);
  const docker = `docker() { if [[ $1 == build ]]; then podman build --pull=never --build-arg BASE=${baseName} ${volumes} "\${@:2}"; else podman "$@"; fi; }`;
  execFileSync('bash', ['-euc', `${docker}\n${command}`], {
    env: environment,
    stdio: ['ignore', 'inherit', 'inherit'],
  });
}

function replaced(text, from, to) {
  if (!text.includes(from)) {
    throw new Error(`${PAGE} no longer contains ${from}`);
  }
  return text.replace(from, to);
}

/** Writes the image to a folder in the format of a registry and reads it back. */
function shipImage() {
  const registry = join(folder, 'registry');
  podman('push', '--compress', '--format', 'v2s2', 'latchkey', `dir:${registry}`);
  const sizeOf = (name) => Number(podman('image', 'inspect', '--format', '{{.Size}}', name));
  const files = readdirSync(registry).map((name) => statSync(join(registry, name)).size);
  const compressed = files.reduce((sum, size) => sum + size);
  const [image, base] = [sizeOf('latchkey'), sizeOf(baseName)];
  podman('rmi', 'latchkey', baseName);
  podman('tag', podman('pull', '--quiet', `dir:${registry}`), 'latchkey');
  // The base is one layer, by far the largest file.
  const sizes = {
    'image (MB)': [compressed, image],
    'without its base (MB)': [compressed - Math.max(...files), image - base],
  };
  console.table(
    Object.fromEntries(
      Object.entries(sizes).map(([name, [packed, unpacked]]) => [
        name,
        { compressed: megabytes(packed), unpacked: megabytes(unpacked) },
      ]),
    ),
  );
}

function megabytes(bytes) {
  return Math.round(bytes / 1_000_000);
}

async function waitUntilHealthy() {
  for (let attempts = 0; attempts < READY_ATTEMPTS; attempts += 1) {
    if (spawnSync('podman', ['healthcheck', 'run', 'latchkey'], { env: environment }).status === 0) {
      console.log('healthy');
      return;
    }
    await pause(200);
  }
  throw new Error(`The server did not become healthy:\n${podman('logs', 'latchkey')}`);
}

function prove() {
  const source = readFileSync(new URL('proof.mjs', import.meta.url));
  execFileSync('podman', ['exec', '--interactive', 'latchkey', 'node', '--input-type=module', '-'], {
    env: environment,
    input: source,
    stdio: ['pipe', 'inherit', 'inherit'],
  });
  const status = inContainer('cat', '/proc/1/status');
  const threads = inContainer('sh', '-c', 'cat /proc/1/task/*/stat').split('\n');
  const loadAll = EXTERNAL_PACKAGES.filter((name) => name !== '@latchkey/sqlite-node20')
    .map((name) => `require('${PACKAGE}/node_modules/${name}');`)
    .join(' ');
  check('it runs as the user node', /^Uid:\s+1000\s+1000/m.test(status));
  check('it has no capabilities', /^CapBnd:\s+0+$/m.test(status));
  check('threads that hash passwords have a lower priority', threads.map(nicenessOf).includes('5'));
  check('its root is read-only', /^\S+ \/ \S+ ro,/m.test(inContainer('cat', '/proc/mounts')));
  check('there is no npm', fails('command -v npm'));
  check('its data is private', inContainer('stat', '--format', '%a', '/data/latchkey.sqlite') === '600');
  check('the command line works', inContainer('latchkey', 'list-tokens').includes('admin'));
  check('native packages load', !fails(`node --eval "${loadAll}"`));
  podman('stop', 'latchkey');
  check(
    'SIGTERM stops it',
    podman('inspect', '--format', '{{.State.ExitCode}}', 'latchkey') === '0' &&
      podman('logs', 'latchkey').includes('"signal":"SIGTERM"'),
  );
}

/** Returns the niceness in a line of /proc/PID/task/ID/stat. */
function nicenessOf(line) {
  return line.replace(/^.*\) /, '').split(' ')[16];
}

function fails(command) {
  return spawnSync('podman', ['exec', 'latchkey', 'sh', '-c', command], { env: environment }).status !== 0;
}

function check(claim, holds) {
  if (!holds) {
    throw new Error(`Failed: ${claim}`);
  }
  console.log(`ok: ${claim}`);
}
