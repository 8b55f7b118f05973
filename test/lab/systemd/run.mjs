// Boots Debian with systemd in a container, installs the package as docs/operations/systemd.md describes, and
// runs proof.sh. Needs root, and the Debian packages mmdebstrap and systemd-container. `npm run pack:server`
// must have run.
import { execFileSync, spawnSync } from 'node:child_process';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { installPackage } from '../../packages/try-package.mjs';

const PAGE = 'docs/operations/systemd.md';
/** Cached, because Debian's packages take a minute. */
const DEBIAN = resolve('node_modules/.cache/latchkey-systemd/debian.tar');
// Node 26 needs libatomic1.
const PACKAGES = [
  'ca-certificates',
  'curl',
  'dbus',
  'libatomic1',
  'libstdc++6',
  'openssl',
  'systemd',
  'systemd-sysv',
];
const SECONDS = 180;

/** Runs the page and the proof once the system has booted, and then stops the container. */
const UNIT = `[Unit]
After=basic.target
[Service]
Type=oneshot
ExecStart=/bin/bash -euc '. /page.sh; . /proof.sh'
ExecStopPost=/bin/sh -c 'echo "$$EXIT_STATUS" > /exit-status; systemctl poweroff --no-block 2> /dev/null'
StandardOutput=append:/output
StandardError=inherit
[Install]
WantedBy=multi-user.target
`;

for (const program of ['mmdebstrap', 'systemd-nspawn']) {
  if (spawnSync(program, ['--version']).status !== 0) {
    throw new Error(`${program} is missing. Run apt-get install mmdebstrap systemd-container.`);
  }
}

const { version } = JSON.parse(readFileSync('package.json', 'utf8'));
const archive = `latchkey-${version}.tgz`;
const blocks = [...readFileSync(PAGE, 'utf8').matchAll(/^```sh\n(.*?)^```$/gms)].map(([, code]) => code);
if (!existsSync(archive)) {
  throw new Error(`There is no ${archive}. Run npm run pack:server.`);
}

const root = mkdtempSync(join(tmpdir(), 'latchkey-systemd-'));
try {
  prepare();
  boot();
} finally {
  rmSync(root, { recursive: true });
}

function prepare() {
  if (!existsSync(DEBIAN)) {
    mkdirSync(resolve(DEBIAN, '..'), { recursive: true });
    run('mmdebstrap', ['--variant=minbase', `--include=${PACKAGES}`, 'trixie', DEBIAN]);
  }
  run('tar', ['--directory', root, '--extract', '--file', DEBIAN]);
  copyFileSync(process.execPath, join(root, 'usr/local/bin/node'));
  // The container has no network.
  installPackage(root, archive);
  writeFileSync(join(root, 'page.sh'), blocks.filter((code) => !/^systemctl stop/.test(code)).join(''));
  copyFileSync(new URL('proof.sh', import.meta.url), join(root, 'proof.sh'));
  const units = join(root, 'etc/systemd/system');
  writeFileSync(join(units, 'proof.service'), UNIT);
  symlinkSync('../proof.service', join(units, 'multi-user.target.wants/proof.service'));
}

function boot() {
  const words = ['--directory', root, '--register=no', '--keep-unit', '--private-network', '--boot'];
  const { stdout } = spawnSync('systemd-nspawn', words, {
    encoding: 'utf8',
    // systemd 257 otherwise refuses to boot on hosts with the first version of control groups.
    env: { ...process.env, SYSTEMD_CGROUP_ENABLE_LEGACY_FORCE: '1' },
    timeout: SECONDS * 1_000,
  });
  const read = (name) => (existsSync(join(root, name)) ? readFileSync(join(root, name), 'utf8') : '');
  process.stdout.write(read('output') || stdout);
  if (read('exit-status').trim() !== '0') {
    console.error('The proof failed.');
    process.exitCode = 1;
  }
}

function run(program, words) {
  execFileSync(program, words, { stdio: ['ignore', 'ignore', 'inherit'] });
}
