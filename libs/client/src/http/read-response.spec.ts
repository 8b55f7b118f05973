import { createServer } from 'node:http';
import { type AddressInfo } from 'node:net';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readResponse } from './read-response.js';

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

// Server that never ends a body.
const server = createServer((_, response) => response.writeHead(200).write('{'));
let url: string;

beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
});

afterAll(() => {
  server.closeAllConnections();
  server.close();
});

/** In a function of its own, so that nothing else of the request stays in memory. */
const send = (signal: AbortSignal) => fetch(url, { signal, redirect: 'error' });

describe('readResponse', () => {
  it('rejects when the request is aborted, even after a garbage collection', async () => {
    const controller = new AbortController();
    const reading = readResponse(await send(controller.signal), 'json', controller.signal);
    for (let turn = 0; turn < 10; turn += 1) {
      await nextTurn();
      collectGarbage();
    }
    const reason = new Error('Time is up.');

    controller.abort(reason);

    await expect(reading).rejects.toBe(reason);
  });

  it.each([
    [16, undefined],
    [1, 2 ** 20],
  ])('rejects a body that is longer than %d MiB, and reads no more of it', async (mebibytes, bytesMax) => {
    let count = 0;
    let isCancelled = false;
    const body = new ReadableStream({
      pull: (stream) => {
        count += 1;
        stream.enqueue(new Uint8Array(2 ** 20));
      },
      cancel: () => {
        isCancelled = true;
      },
    });

    const reading = readResponse(new Response(body), 'text', AbortSignal.timeout(60_000), bytesMax);

    await expect(reading).rejects.toMatchObject({
      code: 'unexpected_response',
      detail: expect.stringContaining(`longer than ${mebibytes} MiB`),
    });
    expect(isCancelled).toBe(true);
    // The stream may have prepared one more chunk.
    expect(count).toBeLessThanOrEqual(mebibytes + 2);
  });

  it('reads a body of exactly that length', async () => {
    const text = 'x'.repeat(2 ** 20);

    const { body } = await readResponse(new Response(text), 'text', AbortSignal.timeout(60_000), 2 ** 20);

    expect(body).toBe(text);
  });
});
