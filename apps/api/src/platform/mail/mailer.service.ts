import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { isEmailAddress } from '@latchkey/auth-models/lists';
import { type SendMailOptions, type SMTPPoolOptions, type Transporter } from 'nodemailer';
import { explainTlsError } from '../../common/tls-errors.js';
import { Config } from '../config/config.js';
import { isLoopback } from '../config/mail-settings.js';
import { LOGGER, type Logger } from '../logging/logger.js';
import { Metrics } from '../metrics/metrics.service.js';
import { traced } from '../telemetry/telemetry.js';

/** Message without its recipients. */
export interface MailContent {
  /** One line. */
  readonly subject: string;
  readonly text: string;
  readonly html: string;
}

/** Message to addresses. Each recipient sees all of them. */
export interface Mail extends MailContent {
  readonly to: readonly string[];
  /** Value of `Message-ID` without brackets, so that recipients can recognize duplicates. */
  readonly messageId?: string;
}

/** Error when a message was not sent. Its text is the reason, in one line. */
export class MailError extends Error {
  override readonly name = 'MailError';

  /** @param isPermanent whether another attempt to send this message would fail too. */
  constructor(
    message: string,
    readonly isPermanent: boolean,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/** Time limit of each step of the connection, and of a whole message. */
const STEP_MILLISECONDS = 10_000;
const MESSAGE_MILLISECONDS = 30_000;

const CONNECTIONS_MAX = 2;
const IDLE_MILLISECONDS = 10_000;

/** Messages that are sent or wait for a connection. */
const PENDING_MAX = 100;

const REASON_MAX_LENGTH = 200;

const SEND = { name: 'send e-mail', isCall: true, isRoot: true } as const;

/**
 * Header fields against loops: no other program responds to a message of this server (RFC 3834, and the
 * field of Microsoft Exchange).
 */
const AUTOMATIC = { 'Auto-Submitted': 'auto-generated', 'X-Auto-Response-Suppress': 'All' };

/** Sends messages by SMTP. */
@Injectable()
export class Mailer implements OnApplicationShutdown {
  private transport: Promise<Transporter> | undefined;
  private pending = 0;
  private readonly outcomes = { sent: 0, failed: 0 };

  constructor(
    private readonly config: Config,
    @Inject(LOGGER) private readonly logger: Logger,
    metrics: Metrics,
  ) {
    metrics.counts('latchkey_mails_total', 'E-mail messages, by outcome.', 'outcome', () => this.outcomes);
  }

  /** Whether the server can send messages. */
  get isConfigured(): boolean {
    return this.config.mail !== undefined;
  }

  /**
   * Sends a message and waits until the mail server has accepted it.
   *
   * @throws MailError if it was not accepted.
   */
  async send(mail: Mail): Promise<void> {
    if (this.pending >= PENDING_MAX) {
      throw new MailError('Too many messages wait for the mail server.', false);
    }
    this.pending += 1;
    try {
      await traced(SEND, () => this.deliver(mail));
      this.outcomes.sent += 1;
    } catch (error) {
      this.outcomes.failed += 1;
      throw error;
    } finally {
      this.pending -= 1;
    }
  }

  private async deliver({ to, messageId, subject, text, html }: Mail): Promise<void> {
    const { mail } = this.config;
    if (!mail) {
      throw new MailError('This server sends no e-mail. Set LATCHKEY_SMTP_URL and LATCHKEY_MAIL_FROM.', true);
    }
    // Stored addresses may be older than this check.
    const wrong = to.find((address) => !isEmailAddress(address));
    if (wrong !== undefined || to.length === 0) {
      throw new MailError(
        wrong === undefined
          ? 'There is no recipient.'
          : `${JSON.stringify(wrong)} is not a plain e-mail address.`,
        true,
      );
    }
    const message: SendMailOptions = {
      from: { ...mail.sender },
      // Objects, because strings are parsed and could contain more recipients.
      to: to.map((address) => ({ name: '', address })),
      subject: inOneLine(subject),
      text,
      html,
      headers: AUTOMATIC,
      ...(messageId !== undefined && { messageId: `<${inOneLine(messageId)}>` }),
      disableFileAccess: true,
      disableUrlAccess: true,
      signal: AbortSignal.timeout(MESSAGE_MILLISECONDS),
    };
    this.transport ??= this.open();
    try {
      await (await this.transport).sendMail(message);
    } catch (error) {
      throw toMailError(error);
    }
  }

  /**
   * Connects and authenticates without sending a message.
   *
   * @throws MailError if the mail server rejects that, or does not respond.
   */
  async verify(): Promise<void> {
    try {
      this.transport ??= this.open();
      await (await this.transport).verify();
    } catch (error) {
      throw toMailError(error);
    }
  }

  async onApplicationShutdown(): Promise<void> {
    const transport = await this.transport;
    transport?.close();
  }

  /** Loads the library, which most commands and servers without e-mail never need. */
  private async open(): Promise<Transporter> {
    const { createTransport } = await import('nodemailer');
    const transport = createTransport(transportOptions(this.config));
    // A connection that breaks while it is idle. Without a listener it would end the process.
    transport.on('error', (err) => this.logger.warn({ err }, 'The connection to the mail server failed.'));
    return transport;
  }
}

/** Returns the options of the connection. TLS is always verified, and required except on this machine. */
function transportOptions({ mail, publicUrl }: Config): SMTPPoolOptions & { pool: true } {
  const isLocal = mail !== undefined && isLoopback(mail.host);
  return {
    pool: true,
    host: mail?.host,
    port: mail?.port,
    secure: mail?.isSecure,
    auth: mail?.credentials,
    // A relay on this machine often offers STARTTLS with a certificate for another name.
    ...(isLocal ? { ignoreTLS: true } : { requireTLS: true }),
    name: new URL(publicUrl).hostname,
    maxConnections: CONNECTIONS_MAX,
    maxRequeues: 1,
    idleTimeout: IDLE_MILLISECONDS,
    connectionTimeout: STEP_MILLISECONDS,
    greetingTimeout: STEP_MILLISECONDS,
    socketTimeout: STEP_MILLISECONDS,
    dnsTimeout: STEP_MILLISECONDS,
    maxResponseSize: 65_536,
  };
}

/** Codes of errors about one message. All others concern the connection, whose settings can be corrected. */
const OF_MESSAGE = new Set(['EENVELOPE', 'EMESSAGE']);
/** Response to a sender who has to log in first (RFC 4954). It concerns the settings as well. */
const LOGIN_REQUIRED = 530;

function toMailError(error: unknown): MailError {
  const { code, responseCode, message, name } = error as Error & { code?: string; responseCode?: number };
  if (name === 'AbortError' || name === 'TimeoutError' || code === 'EABORT') {
    return new MailError('The mail server did not accept the message in time.', false, { cause: error });
  }
  const isPermanent =
    OF_MESSAGE.has(code ?? '') && (responseCode ?? 0) >= 500 && responseCode !== LOGIN_REQUIRED;
  return new MailError(reasonOf(message), isPermanent, { cause: error });
}

/** Advice about errors that another LATCHKEY_SMTP_URL fixes. The codes are of RFC 4954. */
const ADVICE: readonly (readonly [RegExp, string])[] = [
  [
    /STARTTLS|Greeting never received/,
    'If the port uses TLS from the start, use smtps:// in LATCHKEY_SMTP_URL',
  ],
  [/does not use TLS/, 'Use smtp:// in LATCHKEY_SMTP_URL'],
  [/: 530 /, 'Add the user and the password to LATCHKEY_SMTP_URL'],
  [/: 535 /, 'Correct the user and the password in LATCHKEY_SMTP_URL. Percent-encode special characters'],
];

/** Returns the reason of an error in one line, with what to do about it. */
function reasonOf(message: string): string {
  const reason = inOneLine(explainTlsError(message) ?? message);
  const [, advice] = ADVICE.find(([pattern]) => pattern.test(reason)) ?? [];
  return advice === undefined
    ? reason.slice(0, REASON_MAX_LENGTH)
    : `${reason.slice(0, REASON_MAX_LENGTH - advice.length - 2).replace(/\.$/, '')}. ${advice}`;
}

/** Replaces control characters and line breaks. */
function inOneLine(text: string): string {
  return text.replaceAll(/[\p{Cc}\u2028\u2029]+/gu, ' ').trim();
}
