// Servers as processes of their own, for the benchmarks.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';

/** Starts a script that serves HTTP on `PORT`, and waits until the path answers. */
export async function start(script, path, environment) {
  const port = await freePort();
  const child = spawn(process.execPath, [script], {
    env: { PATH: process.env.PATH, PORT: String(port), ...environment },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const url = `http://127.0.0.1:${port}`;
  for (let tries = 0; tries < 200; tries += 1) {
    const isUp = await fetch(url + path).then(
      ({ ok }) => ok,
      () => false,
    );
    if (isUp) {
      return { child, url };
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`${script} did not start`);
}

/** Stops a server that was started here. */
export async function stop({ child }) {
  child.kill('SIGTERM');
  await once(child, 'exit');
}

/** Logs in, and returns the value of `X-Auth-Token`. */
export async function logIn(url, name, password) {
  const response = await fetch(`${url}/auth/login`, {
    method: 'POST',
    headers: {
      Accept: 'text/plain',
      Authorization: `Basic ${Buffer.from(`${name}:${password}`).toString('base64')}`,
    },
  });
  return response.text();
}

async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  return port;
}
