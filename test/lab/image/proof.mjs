// Runs in the container: signs in for the first time, and calls each part that needs its own packages or
// files.
import { readFileSync } from 'node:fs';

const URL = `http://127.0.0.1:${process.env.PORT}`;
const PASSWORD = 'correct horse battery staple';
const [, secret] = /#(\S+)/.exec(readFileSync('/data/first-sign-in.txt', 'utf8'));

async function send(expected, path, options) {
  const response = await fetch(URL + path, options);
  if (response.status !== expected) {
    throw new Error(`${path} returned ${response.status} instead of ${expected}: ${await response.text()}`);
  }
  return response;
}

await send(204, '/auth/set-up', {
  method: 'POST',
  headers: { 'Content-Type': 'application/json' },
  body: JSON.stringify({ secret, password: PASSWORD }),
});
const session = await send(200, '/auth/login', {
  method: 'POST',
  headers: { Authorization: `Basic ${btoa(`admin:${PASSWORD}`)}`, Accept: 'text/plain' },
});
await send(200, '/auth/verify', { headers: { 'X-Auth-Token': await session.text() } });
await send(401, '/auth/verify', { headers: { 'X-Auth-Token': 'unknown' } });
await send(200, '/admin/');
await send(200, '/docs');
console.log('signed in, and verified a token');
