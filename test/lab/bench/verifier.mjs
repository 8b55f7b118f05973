// Measures the verification of a token from memory: npm run bench:verifier
import { createServer } from 'node:http';
import { once } from 'node:events';
import { crc32 } from 'node:zlib';
import { importVerifier } from '../../support/build-example.mjs';

const TOKENS = 1_000;
const CALLS = 500_000;
const DIGITS = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

const { createVerifier } = await importVerifier();

const server = createServer((request, response) => {
  if (request.url.startsWith('/auth/revocations?')) {
    response.setHeader('content-type', 'text/event-stream');
    const send = (type, data) => {
      const text = JSON.stringify(data);
      const check = crc32(`p.0\n${type}\n${text}`).toString(16).padStart(8, '0');
      response.write(`id: p.0.${check}\nevent: ${type}\ndata: ${text}\n\n`);
    };
    send('hello', {
      time: performance.now(),
      process: 'p',
      heartbeatEvery: 100,
      reportEvery: 1_000,
    });
    const timer = setInterval(() => send('heartbeat', { time: performance.now() }), 100);
    response.on('close', () => clearInterval(timer));
  } else if (request.url === '/auth/introspect') {
    let body = '';
    request.on('data', (chunk) => (body += chunk));
    request.on('end', () => {
      const id = new URLSearchParams(body).get('token').slice(-8);
      const scope = 'orders:read orders:write invoices:read';
      response.setHeader('content-type', 'application/json');
      response.end(
        JSON.stringify({
          active: true,
          sub: id,
          username: id,
          jti: id,
          scope,
          roles: ['editor'],
          remember_for: 300,
        }),
      );
    });
  } else {
    response.setHeader('content-type', 'application/json');
    request.resume().on('end', () => response.end(JSON.stringify({ time: performance.now(), process: 'p' })));
  }
}).listen(0, '127.0.0.1');
await once(server, 'listening');

const verifier = createVerifier({ url: `http://127.0.0.1:${server.address().port}`, token: 'own' });
const headers = Array.from({ length: TOKENS }, (_, index) => ({
  'x-auth-token': Buffer.from(`user-${index}:${tokenOf(index)}`).toString('base64'),
}));
/** Verifies tokens of clients at an address. */
const verifyAt = (address) => {
  const demands = { permissions: ['orders:read'], address, agent: 'bench' };
  return (index) => verifier.verify(headers[index % TOKENS], demands);
};
const ADDRESSES = ['192.0.2.7', '::ffff:192.0.2.7', '2001:db8::7'];

while (!verifier.status().fresh) {
  await new Promise((resolve) => setTimeout(resolve, 10));
}
const asking = await time(TOKENS, verifyAt(ADDRESSES[0]));
console.log(`asked:       ${asking.toFixed(1)} µs of processor time per request, with that of the server`);
for (const address of ADDRESSES) {
  await time(CALLS / 5, verifyAt(address));
  const { asked } = verifier.status();
  const remembering = await time(CALLS, verifyAt(address));
  console.log(
    `from memory: ${remembering.toFixed(2)} µs of processor time per request from ${address} (${verifier.status().asked - asked} asked)`,
  );
}
await verifier.close();
server.close();
server.closeAllConnections();

async function time(calls, run) {
  // Processor time, so that other processes do not matter.
  const start = process.cpuUsage();
  for (let index = 0; index < calls; index += 1) {
    await run(index);
    if (index % 20_000 === 0) {
      // Lets the heartbeats arrive.
      await new Promise((resolve) => setImmediate(resolve));
    }
  }
  const { user, system } = process.cpuUsage(start);
  return (user + system) / calls;
}

function tokenOf(index) {
  const start = `latchkey_${String(index).padStart(27, '0')}`;
  let digits = '';
  for (let rest = crc32(start); digits.length < 6; rest = Math.floor(rest / 62)) {
    digits = DIGITS.charAt(rest % 62) + digits;
  }
  return start + digits;
}
