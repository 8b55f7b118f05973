import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import tls from 'node:tls';
import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { type SMTPServerOptions } from 'smtp-server';
import { MailServer } from '../../../../../test/support/mail-server.js';
import { Config } from '../config/config.js';
import { testLetter } from './letters.js';
import { type MailError } from './mailer.service.js';
import { withMailer } from './with-mailer.js';

const TO = 'anna@example.org';
/** Reaches the loopback interface, but is not known as such, so the mailer requires TLS. */
const ELSEWHERE = '0.0.0.0';

let server: MailServer | undefined;
let folder: string;
let certificate: { key: string; cert: string };

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'latchkey-mail-'));
  const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')];
  execFileSync(
    'openssl',
    [
      ...['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'],
      ...['-keyout', key, '-out', cert, '-subj', '/CN=mail', '-addext', 'subjectAltName=IP:0.0.0.0'],
    ],
    { stdio: 'ignore' },
  );
  certificate = { key: readFileSync(key, 'utf8'), cert: readFileSync(cert, 'utf8') };
});

afterAll(() => rmSync(folder, { recursive: true }));

afterEach(async () => {
  jest.restoreAllMocks();
  await server?.close();
  server = undefined;
});

/** Starts a server and returns the configuration to send to it. */
async function configFor(options: SMTPServerOptions, host: string, credentials = ''): Promise<Config> {
  server = await MailServer.start(options);
  const scheme = options.secure ? 'smtps' : 'smtp';
  return Config.read({
    ...server.environment,
    LATCHKEY_SMTP_URL: `${scheme}://${credentials}${host}:${server.port}`,
  });
}

const send = (config: Config, to: readonly string[] = [TO], subject?: string) =>
  withMailer(config, (mailer) =>
    mailer.send({
      to,
      ...testLetter({ publicUrl: config.publicUrl, language: 'de' }),
      ...(subject !== undefined && { subject }),
    }),
  );

/** Trusts the certificate of the test, as NODE_EXTRA_CA_CERTS does. */
function trustCertificate(): void {
  const original = tls.createSecureContext;
  jest
    .spyOn(tls, 'createSecureContext')
    .mockImplementation((options) => original({ ...options, ca: certificate.cert }));
}

const STARTTLS = { disabledCommands: [] } satisfies SMTPServerOptions;

describe('Mailer.send', () => {
  it('sends text and HTML from the configured sender, marked as automatic', async () => {
    await send(await configFor({}, '127.0.0.1'));

    const [{ from, to, raw } = { raw: '' }] = server?.received ?? [];
    expect({ from, to }).toEqual({ from: 'latchkey@example.org', to: [TO] });
    expect(raw).toMatch(/^From: Latchkey <latchkey@example\.org>\r$/m);
    expect(raw).toMatch(/^Auto-Submitted: auto-generated\r$/m);
    expect(raw).toMatch(/^X-Auto-Response-Suppress: All\r$/m);
    expect(raw).toMatch(/^Content-Type: text\/html/m);
    expect(server?.textTo(TO)).toContain('Mit diesen Einstellungen kann Latchkey E-Mails senden.');
    expect(server?.textTo(TO)).toContain('https://auth.example.org');
  });

  it('authenticates after STARTTLS', async () => {
    const logins: unknown[] = [];
    const config = await configFor(
      {
        ...STARTTLS,
        ...certificate,
        authOptional: false,
        onAuth({ username, password }, { secure }, done) {
          logins.push({ username, password, secure });
          done(null, { user: username });
        },
      },
      ELSEWHERE,
      'anna%40example.org:p%3Ass@',
    );
    trustCertificate();

    await send(config);

    expect(logins).toEqual([{ username: 'anna@example.org', password: 'p:ss', secure: true }]);
    expect(server?.received).toHaveLength(1);
  });

  it('uses TLS from the start with smtps', async () => {
    const config = await configFor({ secure: true, ...certificate }, ELSEWHERE);
    trustCertificate();

    await send(config);

    expect(server?.received).toHaveLength(1);
  });

  it.each([
    ['an unknown certificate', STARTTLS, ELSEWHERE, false, /self-signed certificate\..*NODE_EXTRA_CA_CERTS/],
    ['an unknown certificate with smtps', { secure: true }, '127.0.0.1', false, /self-signed certificate\./],
    ['a certificate for another name', { secure: true }, '127.0.0.1', true, /IP: 127\.0\.0\.1 is not in the/],
  ])('fails if the server has %s', async (_, options, host, isTrusted, reason) => {
    const config = await configFor({ ...options, ...certificate }, host);
    if (isTrusted) {
      trustCertificate();
    }

    await expect(send(config)).rejects.toMatchObject({
      name: 'MailError',
      isPermanent: false,
      message: expect.stringMatching(reason),
    });

    expect(server?.received).toEqual([]);
  });

  it.each<[string, SMTPServerOptions, string, RegExp, boolean]>([
    ['offers no STARTTLS', {}, ELSEWHERE, /STARTTLS.*use smtps:/, false],
    [
      'requires a login',
      { authOptional: false },
      '127.0.0.1',
      /530.*Add the user and the password to LATCHKEY_SMTP_URL$/,
      false,
    ],
    [
      'has a full mailbox',
      { onRcptTo: (_address, _session, done) => done(failure(552, 'Mailbox full')) },
      '127.0.0.1',
      /552.*Mailbox full/,
      true,
    ],
    [
      'rejects the sender',
      { onMailFrom: (_address, _session, done) => done(failure(550, 'Unknown sender')) },
      '127.0.0.1',
      /550.*Unknown sender/,
      true,
    ],
    [
      'is busy',
      { onRcptTo: (_address, _session, done) => done(failure(451, 'Later')) },
      '127.0.0.1',
      /451.*Later/,
      false,
    ],
    [
      'rejects the content',
      {
        onData(stream, _session, done) {
          stream.resume().once('end', () => done(failure(554, 'Spam\r\nline two')));
        },
      },
      '127.0.0.1',
      /554.*Spam/,
      true,
    ],
  ])('fails if the server %s', async (_, options, host, reason, isPermanent) => {
    const config = await configFor(options, host);

    const error = await send(config).then(
      () => undefined,
      (thrown: MailError) => thrown,
    );

    expect(error).toMatchObject({ name: 'MailError', isPermanent, message: expect.stringMatching(reason) });
    expect(error?.message).not.toMatch(/[\r\n]/);
    expect(server?.received).toEqual([]);
  });

  it('sends no credentials without TLS', async () => {
    let logins = 0;
    const config = await configFor(
      {
        authOptional: true,
        allowInsecureAuth: true,
        onAuth(_credentials, _session, done) {
          logins += 1;
          done(null, { user: 'anna' });
        },
      },
      ELSEWHERE,
      'anna:secret@',
    );

    await expect(send(config)).rejects.toMatchObject({ name: 'MailError' });

    expect(logins).toBe(0);
  });

  it('explains that the user or the password is wrong', async () => {
    const config = await configFor(
      {
        authOptional: false,
        allowInsecureAuth: true,
        onAuth: (_credentials, _session, done) => done(failure(535, 'Credentials invalid')),
      },
      '127.0.0.1',
      'anna:wrong@',
    );

    await expect(send(config)).rejects.toMatchObject({
      isPermanent: false,
      message: expect.stringMatching(/535 Credentials invalid\. Correct the user and the password/),
    });
  });

  it('explains that a port does not use TLS from the start', async () => {
    const config = await configFor({}, '127.0.0.1');
    const secure = Config.read({
      ...server?.environment,
      LATCHKEY_SMTP_URL: `smtps://127.0.0.1:${config.mail?.port}`,
    });

    await expect(send(secure)).rejects.toMatchObject({
      message: 'The port does not use TLS from the start. Use smtp:// in LATCHKEY_SMTP_URL',
    });
  });

  it('fails if nothing listens, and does not reveal the credentials', async () => {
    const config = await configFor({}, '127.0.0.1', 'anna:marked-secret@');
    await server?.close();
    server = undefined;

    const error = await send(config).catch((thrown: unknown) => thrown);

    expect(error).toMatchObject({ name: 'MailError', isPermanent: false });
    expect(String(error)).not.toContain('marked-secret');
  });

  it('fails in time if the server is slow', async () => {
    // It sends the greeting character by character, so no step of the connection is idle.
    const slow = createServer((socket) => {
      const timer = setInterval(() => socket.write('2'), 50);
      socket.on('close', () => clearInterval(timer)).on('error', () => undefined);
    }).listen(0, '127.0.0.1');
    await once(slow, 'listening');
    const port = (slow.address() as { port: number }).port;
    const config = Config.read({
      LATCHKEY_SMTP_URL: `smtp://127.0.0.1:${port}`,
      LATCHKEY_MAIL_FROM: 'latchkey@example.org',
      LATCHKEY_PUBLIC_URL: 'https://auth.example.org',
    });
    const timeout = AbortSignal.timeout(200);
    jest.spyOn(AbortSignal, 'timeout').mockReturnValue(timeout);

    await expect(send(config)).rejects.toMatchObject({
      message: 'The mail server did not accept the message in time.',
      isPermanent: false,
    });
    await new Promise((resolve) => slow.close(resolve));
  });

  it.each([
    'anna',
    'anna@example.org, eve@example.org',
    'anna@example.org\r\nBcc: eve@example.org',
    'Anna <anna@example.org>',
    '"anna"@example.org',
    'anna@[127.0.0.1]',
    'anna@example.org ',
    'änna@example.org',
  ])('rejects the address %j before it connects', async (address) => {
    const config = await configFor({}, '127.0.0.1');

    await expect(send(config, [TO, address])).rejects.toMatchObject({ name: 'MailError', isPermanent: true });

    expect(server?.received).toEqual([]);
  });

  it('keeps the subject on one line', async () => {
    await send(await configFor({}, '127.0.0.1'), [TO], 'Note\r\nBcc: eve@example.org\u2028x');

    const [{ to, raw } = { raw: '' }] = server?.received ?? [];
    expect(to).toEqual([TO]);
    expect(raw).not.toMatch(/^Bcc:/im);
    expect(raw).toMatch(/^Subject: Note Bcc: eve@example\.org x\r$/m);
  });

  it('rejects messages while 100 others wait', async () => {
    const config = await configFor({}, '127.0.0.1');
    const letter = testLetter({ publicUrl: config.publicUrl, language: 'en' });
    const results = await withMailer(config, (mailer) =>
      Promise.allSettled(Array.from({ length: 102 }, () => mailer.send({ to: [TO], ...letter }))),
    );

    expect(results.map(({ status }) => status).lastIndexOf('fulfilled')).toBe(99);
    expect(results[100]).toMatchObject({
      reason: { name: 'MailError', message: expect.stringMatching(/^Too many/), isPermanent: false },
    });
  });

  it('sends nothing without settings', async () => {
    await expect(send(Config.read({}))).rejects.toMatchObject({
      name: 'MailError',
      message: expect.stringContaining('LATCHKEY_SMTP_URL'),
    });
  });
});

function failure(responseCode: number, message: string): Error {
  return Object.assign(new Error(message), { responseCode });
}
