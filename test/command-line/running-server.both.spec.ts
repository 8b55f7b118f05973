import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { CommandLine, CommandProcess } from '../support/command-line.js';
import { freePort } from '../support/free-port.mjs';
import { type Environment, ServerProcess, serverOn } from '../support/server-process.js';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';

let own: TestDatabase;
let other: TestDatabase;
let server: ServerProcess;
let port: number;

beforeAll(async () => {
  [own, other] = [await createTestDatabase(), await createTestDatabase({ isEmpty: true })];
  port = await freePort();
  server = await ServerProcess.start(serverOn(own), port);
});

afterAll(async () => {
  await server.stop();
  await own.drop();
  await other.drop();
});

/** Runs a command with the settings of a server on this database. */
async function run(database: TestDatabase, command: string[], environment: Environment = {}) {
  const latchkey = new (command[0] === 'serve' ? CommandProcess : CommandLine)(
    serverOn(database, { PORT: String(port), ...environment }),
    database.folder,
  );
  const { code, output, errors } = await latchkey.run(command);
  return { code, text: output + errors };
}

const IN_USE = () =>
  `Port ${port} of 127.0.0.1 is in use (EADDRINUSE). Stop the program that uses it, or set PORT to another one.`;

describe('a server that runs on the port', () => {
  it('is recognized by config check and doctor if it is the server of these settings', async () => {
    expect(await run(own, ['config', 'check'])).toMatchObject({
      code: 0,
      text: expect.stringMatching(/^ok\n/),
    });
    expect((await run(own, ['doctor'])).text).toMatch(
      /^ok {7}start {6}The server is running, and would start again with these settings\.$/m,
    );
  });

  it.each([
    ['300.1.1.1', /HOST: must be an IP address or a host name/],
    ['192.0.2.1', /cannot listen on port \d+ of 192\.0\.2\.1 \(EADDRNOTAVAIL\)/],
    ['host.invalid', /cannot listen on port \d+ of host\.invalid \((ENOTFOUND|EAI_AGAIN)\)/],
  ])('does not hide that a server cannot listen on HOST=%s', async (HOST, message) => {
    for (const command of [['config', 'check'], ['doctor'], ...(HOST === '192.0.2.1' ? [['serve']] : [])]) {
      const { code, text } = await run(own, command, { HOST });

      expect([command, code]).toEqual([command, 1]);
      expect(text).toMatch(message);
      expect(text).not.toMatch(/already running|would start again|Invalid URL/);
    }
  });

  it('is reported as another program if it is a Latchkey server on another database', async () => {
    expect(await run(other, ['config', 'check'])).toEqual({ code: 1, text: `${IN_USE()}\n` });
    const { code, text } = await run(other, ['doctor']);
    expect(code).toBe(1);
    expect(text).toContain(`problem  start      ${IN_USE()}`);
    expect(text).not.toContain('The server is running');
  });

  it('is reported as already running by serve, only to its own settings', async () => {
    expect(await run(own, ['serve'])).toMatchObject({
      code: 1,
      text: 'Latchkey cannot start. This Latchkey server is already running.\n',
    });
    expect(await run(other, ['serve'])).toMatchObject({
      code: 1,
      text: `Latchkey cannot start. ${IN_USE()}\n`,
    });
  });

  it('does not hide that another program uses the port of these settings', async () => {
    const second = await ServerProcess.start(serverOn(other));
    try {
      const PORT = new URL(second.client.baseUrl).port;

      const { code, text } = await run(own, ['config', 'check'], { PORT });

      expect({ code, text }).toEqual({
        code: 1,
        text: expect.stringContaining(`Port ${PORT} of 127.0.0.1 is in use`),
      });
    } finally {
      await second.stop();
    }
  });
});
