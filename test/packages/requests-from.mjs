// Starts the built server and sends requests from several local addresses. Runs in a network namespace of
// its own, where it may add addresses: unshare -rn node requests-from.mjs
// '{"environment": {}, "allowedAddresses": [], "requests": [{"from": "::1"}]}'
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { request } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';

const { program, environment, name, password, allowedAddresses, requests } = JSON.parse(process.argv[2]);
const PORT = 3000;

execFileSync('ip', ['link', 'set', 'lo', 'up']);
for (const { from } of requests) {
  // Without duplicate address detection, the address can be used immediately.
  const options = from.includes(':') ? ['nodad'] : [];
  execFileSync('ip', [
    'address',
    'replace',
    `${from}/${from.includes(':') ? 128 : 32}`,
    'dev',
    'lo',
    ...options,
  ]);
}

const server = spawn(process.execPath, program, {
  env: { ...process.env, ...environment, HOST: '::', PORT: String(PORT) },
  stdio: ['ignore', 'ignore', 'inherit'],
});

/** Returns status and body of a response. */
function send(path, { from = '::1', ...options }) {
  return new Promise((resolve, reject) => {
    const host = from.includes(':') ? '::1' : '127.0.0.1';
    request({ host, port: PORT, path, localAddress: from, ...options }, async (response) => {
      const chunks = await response.toArray();
      resolve({ status: response.statusCode, body: Buffer.concat(chunks).toString() });
    })
      .on('error', reject)
      .end(options.body);
  });
}

async function untilReady() {
  while (server.exitCode === null) {
    const response = await send('/health/ready', {}).catch(() => undefined);
    if (response?.status === 200) {
      return;
    }
    await pause(50);
  }
  throw new Error('The server did not start.');
}

try {
  await untilReady();
  const basic = Buffer.from(`${name}:${password}`).toString('base64');
  const session = await send('/auth/login', { method: 'POST', headers: { Authorization: `Basic ${basic}` } });
  const created = await send('/me/tokens', {
    method: 'POST',
    headers: {
      Authorization: `Bearer ${JSON.parse(session.body).token}`,
      'Content-Type': 'application/json',
    },
    body: JSON.stringify({ allowedAddresses }),
  });
  const { token } = JSON.parse(created.body);
  const statuses = [];
  for (const { from, headers } of requests) {
    const authorization = { Authorization: `Bearer ${token}` };
    const { status } = await send('/auth/verify', { from, headers: { ...headers, ...authorization } });
    statuses.push(status);
  }
  process.stdout.write(JSON.stringify(statuses));
} finally {
  server.kill();
  await once(server, 'exit');
}
