import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Config } from '../platform/config/config.js';
import { checkConfig } from './check-config.js';

let folder: string;
/** Holds the port and serves nothing, like systemd while the server cannot start. */
let holder: Server;
let PORT: string;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'latchkey-check-'));
  holder = createServer((socket) => socket.destroy()).listen(0, '127.0.0.1');
  await once(holder, 'listening');
  PORT = String((holder.address() as AddressInfo).port);
});

afterEach(() => {
  holder.close();
  rmSync(folder, { recursive: true });
});

describe('checkConfig, with an address in use', () => {
  it('reports another error before the address, because systemd holds it while the server cannot start', async () => {
    writeFileSync(join(folder, 'file'), '');
    const config = Config.read({ PORT, DATABASE_URL: `sqlite:${join(folder, 'file/latchkey.sqlite')}` });

    await expect(checkConfig(config)).rejects.toThrow(/^DATABASE_URL: .* is not a folder/);
  });

  it('reports the address when there is no other error', async () => {
    const config = Config.read({ PORT, DATABASE_URL: `sqlite:${join(folder, 'latchkey.sqlite')}` });

    await expect(checkConfig(config)).rejects.toThrow(/^Port \d+ of 127\.0\.0\.1 is in use \(EADDRINUSE\)/);
  });
});
