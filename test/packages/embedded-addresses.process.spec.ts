import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { describeIfInstalled } from '../support/external-programs.js';
import { ADMIN, PASSWORD } from '../support/factories.js';
import { MAIN, PREPARATION, serverIn } from '../support/server-process.js';

const CAN_ADD_ADDRESSES = 'ip link set lo up && ip address add ::192.0.2.7/128 dev lo';
const MISSING =
  spawnSync('unshare', ['-rn', 'sh', '-c', CAN_ADD_ADDRESSES]).status === 0
    ? null
    : 'network namespaces: run as root, apt-get install iproute2';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'latchkey-addresses-'));
});

afterEach(() => {
  rmSync(folder, { recursive: true });
});

interface Request {
  from: string;
  headers?: Record<string, string>;
}

/** Returns the status of each verification of a token that is limited to addresses. */
function verify(requests: Request[]): unknown {
  const scenario = {
    program: ['--require', PREPARATION, MAIN],
    environment: serverIn(folder, {
      LATCHKEY_ADMIN_PASSWORD: PASSWORD,
      LATCHKEY_TRUSTED_PROXIES: '198.51.100.7',
    }),
    name: ADMIN.name,
    password: PASSWORD,
    allowedAddresses: ['192.0.2.0/24', '64:ff9b::/96'],
    requests,
  };
  const script = join(process.cwd(), 'test/packages/requests-from.mjs');
  const { stdout, stderr } = spawnSync(
    'unshare',
    ['-rn', process.execPath, script, JSON.stringify(scenario)],
    { encoding: 'utf8', timeout: 60_000 },
  );
  return stdout === '' ? stderr : JSON.parse(stdout);
}

describeIfInstalled(MISSING, 'connections from addresses that embed an IPv4 address', () => {
  it('are neither accepted for tokens limited to that address nor trusted as a proxy with it', () => {
    const clients = ['192.0.2.7', '::192.0.2.7', '::ffff:0:192.0.2.7', '64:ff9b::192.0.2.7', '198.51.100.7'];
    const proxies = ['198.51.100.7', '::198.51.100.7', '::ffff:0:198.51.100.7'];
    const headers = { 'X-Forwarded-For': '192.0.2.9' };

    expect(
      verify([...clients.map((from) => ({ from })), ...proxies.map((from) => ({ from, headers }))]),
    ).toEqual([...[200, 403, 403, 200, 403], ...[200, 403, 403]]);
  });
});
