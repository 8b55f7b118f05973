import { EventEmitter, once } from 'node:events';
import { type AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { SMTPServer, type SMTPServerOptions } from 'smtp-server';

/** Message that the server accepted. */
export interface ReceivedMail {
  readonly from: string;
  readonly to: readonly string[];
  /** Header fields and body as sent. */
  readonly raw: string;
}

/** SMTP server on the loopback interface, which keeps the messages that it accepts. */
export class MailServer {
  readonly received: ReceivedMail[] = [];
  private readonly arrivals = new EventEmitter();

  private constructor(
    private readonly server: SMTPServer,
    readonly port: number,
  ) {}

  /** Starts a server without TLS and authentication, unless the options state otherwise. */
  static async start(options: SMTPServerOptions = {}): Promise<MailServer> {
    const server = new SMTPServer({
      authOptional: true,
      disabledCommands: ['STARTTLS'],
      disableReverseLookup: true,
      closeTimeout: 100,
      onData(stream, session, done) {
        void text(stream).then((raw) => {
          const { mailFrom, rcptTo } = session.envelope;
          mails.received.push({
            from: mailFrom === false ? '' : mailFrom.address,
            to: rcptTo.map(({ address }) => address),
            raw,
          });
          done();
          mails.arrivals.emit('mail');
        });
      },
      ...options,
    });
    // Clients that do not trust the certificate break the connection.
    server.on('error', () => undefined);
    server.listen(0, '127.0.0.1');
    await once(server.server, 'listening');
    const mails = new MailServer(server, (server.server.address() as AddressInfo).port);
    return mails;
  }

  /** Settings of a Latchkey server that sends to this one. */
  get environment() {
    return {
      LATCHKEY_SMTP_URL: `smtp://127.0.0.1:${this.port}`,
      LATCHKEY_MAIL_FROM: 'Latchkey <latchkey@example.org>',
      LATCHKEY_PUBLIC_URL: 'https://auth.example.org',
    };
  }

  /** Waits until the server has accepted a message that matches, if it has not yet. */
  async receive(matches: (mail: ReceivedMail) => boolean = () => true): Promise<void> {
    while (!this.received.some(matches)) {
      await once(this.arrivals, 'mail');
    }
  }

  /** Returns the plain text of the last message to an address, decoded. */
  textTo(address: string): string {
    const mail = this.received.findLast(({ to }) => to.includes(address));
    const [, part = ''] =
      /Content-Type: text\/plain[^]*?\r\n\r\n([^]*?)\r\n--[-_]/.exec(mail?.raw ?? '') ?? [];
    return /Content-Transfer-Encoding: quoted-printable/.test(mail?.raw ?? '') ? decode(part) : part;
  }

  close(): Promise<void> {
    return new Promise((resolve) => {
      this.server.close(() => resolve());
    });
  }
}

/** Decodes quoted-printable (RFC 2045). */
function decode(text: string): string {
  const bytes = text
    .replaceAll(/=\r\n/g, '')
    .replaceAll(/=([\dA-F]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
  return Buffer.from(bytes, 'latin1').toString('utf8');
}
