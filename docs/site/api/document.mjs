// The OpenAPI document of the built server.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '../../../test/support/free-port.mjs';

const MAIN = 'dist/apps/api/bundle/main.js';
const START_MILLISECONDS = 30_000;

/** Starts the built server with an empty database and returns its OpenAPI document. */
export async function fetchApiDocument() {
  if (!existsSync(MAIN)) {
    throw new Error('The server is not built. Run npm run build:api.');
  }
  const folder = mkdtempSync(join(tmpdir(), 'latchkey-docs-'));
  const port = await freePort();
  const server = spawn(process.execPath, ['--require', './apps/api/bin/prepare-process.cjs', MAIN], {
    env: {
      PATH: process.env.PATH,
      PORT: String(port),
      DATABASE_URL: `sqlite:${join(folder, 'latchkey.sqlite')}`,
      LATCHKEY_LOG_LEVEL: 'error',
    },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const exit = once(server, 'exit');
  try {
    return await documentFrom(`http://127.0.0.1:${port}/openapi.json`, server);
  } finally {
    server.kill();
    await exit;
    rmSync(folder, { recursive: true });
  }
}

async function documentFrom(url, server) {
  const deadline = Date.now() + START_MILLISECONDS;
  while (server.exitCode === null && Date.now() < deadline) {
    const response = await fetch(url).catch(() => undefined);
    if (response?.ok) {
      return response.json();
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error('The server did not start.');
}
