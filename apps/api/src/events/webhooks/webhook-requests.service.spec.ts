import { execFileSync } from 'node:child_process';
import { createSocket as createUdpSocket } from 'node:dgram';
import { Resolver } from 'node:dns/promises';
import { createServer, type IncomingMessage } from 'node:http';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer as createTlsServer, type Server as TlsServer } from 'node:https';
import { createServer as createTcpServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { Config } from '../../platform/config/config.js';
import { HostNames } from './host-names.service.js';
import { REQUEST_MILLISECONDS, WebhookRequests } from './webhook-requests.service.js';

const BODY = '{"type":"token.leaked"}';
const OK = 'HTTP/1.1 200 OK\r\n';

/** Resolver whose answers a test sets. */
class FakeNames extends HostNames {
  answers: (string[] | Error)[] = [];

  override resolve(name: string): Promise<string[]> {
    const answer = this.answers.shift() ?? new Error(`No answer for ${name}`);
    return answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer);
  }
}

const servers: Server[] = [];
const sockets = new Set<Socket>();

afterEach(async () => {
  jest.useRealTimers();
  sockets.forEach((socket) => socket.destroy());
  await Promise.all(servers.splice(0).map((server) => new Promise((resolve) => server.close(resolve))));
});

/** Starts a server on a loopback address and returns its port. */
async function listen(server: Server): Promise<number> {
  servers.push(server);
  server.on('connection', (socket: Socket) => sockets.add(socket.on('error', () => undefined)));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}

/** Starts a receiver that gets the connection once the head of a request arrived. */
function rawReceiver(answer: (socket: Socket) => void): Promise<number> {
  return listen(createTcpServer((socket) => socket.once('data', () => answer(socket))));
}

function create(eventHosts = '127.0.0.0/8', environment: NodeJS.ProcessEnv = {}) {
  const names = new FakeNames();
  const config = Config.read({ LATCHKEY_EVENT_HOSTS: eventHosts, ...environment });
  return { names, requests: new WebhookRequests(config, names) };
}

const post = (port: number, signal?: AbortSignal) =>
  create().requests.post(`http://127.0.0.1:${port}/hook`, { 'webhook-id': '1' }, BODY, signal);

describe('WebhookRequests', () => {
  it('posts the body with its headers, and returns the status', async () => {
    const received: [IncomingMessage, string][] = [];
    const port = await listen(
      createServer((request, response) => {
        void request.toArray().then((chunks) => {
          received.push([request, Buffer.concat(chunks as Buffer[]).toString()]);
          response.writeHead(204).end();
        });
      }),
    );

    const outcome = await post(port);

    expect(outcome).toEqual({ status: 204, milliseconds: expect.any(Number) });
    const [[request, body] = []] = received;
    expect(body).toBe(BODY);
    expect(request?.headers).toEqual({
      host: `127.0.0.1:${port}`,
      'webhook-id': '1',
      'content-type': 'application/json',
      'content-length': String(BODY.length),
      'user-agent': 'Latchkey/0.1.0',
      connection: 'close',
    });
  });

  it.each([
    ['HTTP/1.1 500 Secret text\r\nContent-Length: 6\r\n\r\nsecret', 'The receiver responded with 500.'],
    [
      'HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n',
      'The receiver responded with 302. Latchkey does not follow redirects; use the final URL.',
    ],
    [
      'HTTP/1.1 101 Switching\r\nConnection: upgrade\r\nUpgrade: x\r\n\r\n',
      'The receiver responded with 101.',
    ],
    ['SSH-2.0-OpenSSH_9.2 secret\r\n', 'The receiver did not respond with valid HTTP.'],
    [`${OK}X-Long: ${'a'.repeat(20_000)}`, 'The receiver did not respond with valid HTTP.'],
    ['HTTP/1.1 103 Early Hints\r\n\r\n'.repeat(50), 'The receiver sent too many interim responses.'],
    ['', 'The receiver closed the connection.'],
  ])('reports %j without any of its text', async (answer, error) => {
    const port = await rawReceiver((socket) => (answer === '' ? socket.destroy() : socket.write(answer)));

    expect(await post(port)).toMatchObject({ error });
  });

  it.each([
    ['7', 7],
    ['Thu, 01 Jan 1970 00:00:00 GMT', 0],
    ['soon', undefined],
  ])('reads Retry-After: %s', async (value, seconds) => {
    const port = await rawReceiver((socket) =>
      socket.end(`HTTP/1.1 429 Slow\r\nRetry-After: ${value}\r\nContent-Length: 0\r\n\r\n`),
    );

    expect((await post(port)).retryAfter).toBe(seconds);
  });

  it('closes the connection to an endless body after at most 4 KiB and what the sockets buffer', async () => {
    let sent = 0;
    let closed: Promise<unknown> = Promise.resolve();
    const port = await rawReceiver((socket) => {
      closed = new Promise((resolve) => socket.on('close', resolve));
      socket.write(`${OK}Transfer-Encoding: chunked\r\n\r\n`);
      const chunk = `1000\r\n${'x'.repeat(4_096)}\r\n`;
      const write = () => {
        while (!socket.destroyed && socket.write(chunk)) {
          sent += 4_096;
        }
      };
      socket.on('drain', write);
      write();
    });

    const outcome = await post(port);
    await closed;

    expect(outcome.status).toBe(200);
    expect(sent).toBeLessThan(16_777_216);
  });

  it('accepts the status of a receiver whose body crawls, after a second', async () => {
    jest.useFakeTimers({ doNotFake: ['nextTick', 'setImmediate', 'setInterval', 'performance'] });
    let seconds = 0;
    const port = await rawReceiver((socket) => {
      const timer = setInterval(() => {
        socket.write('x');
        // One timer limits the request, the other one its body.
        if (jest.getTimerCount() === 2) {
          seconds += 1;
          jest.advanceTimersByTime(1_000);
        }
      }, 10);
      socket.on('close', () => clearInterval(timer)).write(`${OK}Content-Length: 4000000\r\n\r\n`);
    });

    expect((await post(port)).status).toBe(200);
    expect(seconds).toBe(1);
  });

  it.each([
    ['does not respond', () => undefined],
    [
      'sends its header byte by byte',
      (socket: Socket) => {
        const timer = setInterval(() => socket.write('x'), 100);
        socket.on('close', () => clearInterval(timer)).write(`${OK}X-Slow: `);
      },
    ],
  ])('gives up after 10 seconds if the receiver %s', async (_, answer) => {
    jest.useFakeTimers({ doNotFake: ['nextTick', 'setImmediate', 'setInterval', 'performance'] });
    let closed: Promise<unknown> = Promise.resolve();
    const port = await rawReceiver((socket) => {
      closed = new Promise((resolve) => socket.on('close', resolve));
      answer(socket);
      jest.advanceTimersByTime(REQUEST_MILLISECONDS);
    });

    expect((await post(port)).error).toBe('The receiver did not respond within 10 seconds.');
    await closed;
  });

  it('ends at once when the server stops', async () => {
    const stop = new AbortController();
    const port = await rawReceiver(() => stop.abort());

    expect((await post(port, stop.signal)).error).toBe('The server stopped before the receiver responded.');
    expect((await post(port, stop.signal)).error).toBe('The server stopped before the receiver responded.');
  });

  it('reports a receiver without TLS', async () => {
    const port = await rawReceiver((socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'));
    const { requests } = create();

    const { error } = await requests.post(`https://127.0.0.1:${port}/hook`, {}, BODY);

    expect(error).toBe('The port does not use TLS from the start.');
  });

  it('reports a refused connection', async () => {
    const port = await rawReceiver(() => undefined);
    await new Promise((resolve) => servers.splice(0)[0]?.close(resolve));

    expect((await post(port)).error).toBe('The receiver refused the connection.');
  });

  it.each([
    'http://127.0.0.1:3000',
    'https://127.0.0.1:3000',
    'https://anna:x@hooks.example.com',
    'http://8.8.8.8',
  ])('sends nothing to %s', async (url) => {
    expect((await create().requests.post(url, {}, BODY)).error).toMatch(/^url must/);
  });

  it.each([
    [['10.0.0.7'], 'is not public'],
    [['127.0.0.1', '::1'], 'is not public'],
    [['::ffff:169.254.169.254'], 'is not public'],
    [[], 'has no addresses'],
    [Object.assign(new Error('queryA ENOTFOUND'), { code: 'ENOTFOUND' }), 'LATCHKEY_EVENT_HOSTS'],
  ])('sends nothing to a name with the addresses %j', async (answer, error) => {
    const { names, requests } = create('fd00::1');
    names.answers = [answer];

    expect((await requests.post('https://hooks.example.com', {}, BODY)).error).toContain(error);
  });
});

describe('WebhookRequests with TLS', () => {
  let folder: string;
  let port: number;
  let server: TlsServer;
  /** Addresses that requests were sent to. */
  const received: unknown[] = [];

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'latchkey-webhook-'));
    const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')];
    const subject = ['-subj', '/CN=hooks.example.com', '-addext', 'subjectAltName=DNS:hooks.example.com'];
    const curve = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1'];
    execFileSync('openssl', ['req', '-x509', ...curve, '-nodes', '-keyout', key, '-out', cert, ...subject], {
      stdio: 'ignore',
    });
    server = createTlsServer({ key: readFileSync(key), cert: readFileSync(cert) }, ({ socket }, response) => {
      received.push(socket.localAddress);
      response.end();
    });
    await new Promise<void>((resolve) => server.listen(0, '0.0.0.0', resolve));
    port = (server.address() as AddressInfo).port;
  });

  afterAll(async () => {
    await new Promise((resolve) => server.close(resolve));
    rmSync(folder, { recursive: true });
  });

  function createTrusting() {
    const created = create('127.0.0.1');
    const ca = readFileSync(join(folder, 'cert.pem'));
    Object.assign(created.requests['agents']['https:'].options, { ca });
    return created;
  }

  it('dials the address that it checked, and asks for the name in the URL', async () => {
    const { names, requests } = createTrusting();
    names.answers = [['127.0.0.2', '127.0.0.1'], ['127.0.0.2']];
    const url = `https://hooks.example.com:${port}/hook`;

    expect((await requests.post(url, {}, BODY)).status).toBe(200);
    expect(received).toEqual(['127.0.0.1']);
    // The name now has another address, and no open connection is used.
    expect((await requests.post(url, {}, BODY)).error).toContain('is not public');
  });

  it('sends nothing to a receiver with an unknown certificate, or with one for another name', async () => {
    received.length = 0;
    const { names, requests } = create('127.0.0.1');
    names.answers = [['127.0.0.1']];
    const unknown = await requests.post(`https://hooks.example.com:${port}`, {}, BODY);
    const trusting = createTrusting();
    trusting.names.answers = [['127.0.0.1']];
    const other = await trusting.requests.post(`https://other.example.com:${port}`, {}, BODY);

    expect(unknown.error).toMatch(
      /^The certificate is not trusted: self-signed certificate\..*NODE_EXTRA_CA_CERTS/,
    );
    expect(other.error).toContain("does not match certificate's altnames");
    expect(received).toEqual([]);
  });

  it('verifies certificates even if NODE_TLS_REJECT_UNAUTHORIZED=0', () => {
    // Node reads the variable of the real process, which tests cannot set.
    expect(create().requests['agents']['https:'].options).toMatchObject({ rejectUnauthorized: true });
  });
});

/** Answer of a name server: the resource records, as A or AAAA by length. `null` = it does not answer. */
type Records = Record<string, number[][] | null>;

/** Starts a name server, and returns a resolver that only asks this one. */
async function startNameServer(records: Records) {
  const server = createUdpSocket('udp4');
  server.on('message', (query, { port, address }) => {
    const labels: string[] = [];
    let at = 12;
    for (let length = query[at] ?? 0; length > 0; length = query[at] ?? 0) {
      labels.push(query.toString('latin1', at + 1, at + 1 + length));
      at += length + 1;
    }
    const question = query.subarray(12, at + 5);
    const known = records[labels.join('.')];
    if (known === null) {
      return;
    }
    const bytes = query.readUInt16BE(at + 1) === 28 ? 16 : 4;
    const answers = (known ?? []).filter((data) => data.length === bytes);
    const flags = known ? [0x81, 0x80] : [0x81, 0x83];
    const header = [...query.subarray(0, 2), ...flags, 0, 1, 0, answers.length, 0, 0, 0, 0];
    const rows = answers.map((data) => [
      0xc0,
      12,
      0,
      bytes === 16 ? 28 : 1,
      0,
      1,
      0,
      0,
      0,
      0,
      0,
      bytes,
      ...data,
    ]);
    server.send(Buffer.concat([Buffer.from(header), question, Buffer.from(rows.flat())]), port, address);
  });
  await new Promise<void>((resolve) => server.bind(0, '127.0.0.1', resolve));
  const names = new (class extends HostNames {
    protected override createResolver(): Resolver {
      const resolver = new Resolver({ timeout: 5_000, tries: 1 });
      resolver.setServers([`127.0.0.1:${server.address().port}`]);
      return resolver;
    }
  })();
  return { names, stop: () => server.close() };
}

describe('HostNames', () => {
  it('resolves a public name by DNS, and stops when the request does', async () => {
    const { names, stop } = await startNameServer({
      'both.example': [
        [192, 0, 2, 7],
        [0x20, 1, 0xd, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 7],
      ],
      'ipv4.example': [[192, 0, 2, 8]],
      'silent.example': null,
    });
    const limit = new AbortController();
    try {
      expect(await names.resolve('both.example', limit.signal)).toEqual(['192.0.2.7', '2001:db8::7']);
      expect(await names.resolve('ipv4.example', limit.signal)).toEqual(['192.0.2.8']);
      await expect(names.resolve('none.example', limit.signal)).rejects.toMatchObject({ code: 'ENOTFOUND' });
      const silent = names.resolve('silent.example', limit.signal);
      limit.abort();
      await expect(silent).rejects.toMatchObject({ code: 'ECANCELLED' });
    } finally {
      stop();
    }
  });

  it('resolves a listed name as the system does, with one query for simultaneous callers', async () => {
    const names = new HostNames();
    const [one, other] = [names.resolveListed('localhost'), names.resolveListed('localhost')];

    expect(other).toBe(one);
    expect(await one).toContain('127.0.0.1');
    await expect(names.resolveListed('no-such-host.invalid')).rejects.toMatchObject({
      syscall: 'getaddrinfo',
    });
    expect(await names.resolveListed('localhost')).toContain('127.0.0.1');
  });
});
