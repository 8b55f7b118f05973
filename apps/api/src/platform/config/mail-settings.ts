import { isEmailAddress } from '@latchkey/auth-models/lists';

/** Sender of all messages. */
export interface MailSender {
  /** Display name, perhaps empty. */
  readonly name: string;
  readonly address: string;
}

/** Server that accepts messages, and their sender. */
export interface MailSettings {
  readonly host: string;
  readonly port: number;
  /** Whether the connection uses TLS from its start. Otherwise it begins with STARTTLS. */
  readonly isSecure: boolean;
  readonly credentials: { readonly user: string; readonly pass: string } | undefined;
  readonly sender: MailSender;
}

/** Port for the submission of messages (RFC 6409), and with TLS from the start (RFC 8314). */
const SUBMISSION_PORT = 587;
const SECURE_PORT = 465;

const LOOPBACK = /^(?:localhost|127(?:\.\d{1,3}){3}|::1)$/;

/** `Name <address>`, or the address alone. */
const SENDER = /^(?:(?<name>[^<>\p{C}]*?)\s*<(?<inBrackets>[^<>]+)>|(?<alone>[^<>\s]+))$/u;

/** Whether a host is this machine, so that the connection needs no TLS. */
export function isLoopback(host: string): boolean {
  return LOOPBACK.test(host);
}

/** Parses a sender. Returns `undefined` if it is not one plain address, perhaps with a name. */
export function parseSender(text: string): MailSender | undefined {
  const { name = '', inBrackets, alone } = SENDER.exec(text.trim())?.groups ?? {};
  const address = inBrackets ?? alone ?? '';
  return isEmailAddress(address) ? { name: name.replace(/^"(.*)"$/, '$1'), address } : undefined;
}

/** Parses `smtp://USER:PASSWORD@HOST:PORT` or `smtps://…`. Returns `undefined` for anything else. */
export function parseSmtpUrl(text: string): Omit<MailSettings, 'sender'> | undefined {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const hasMore = url && (url.search !== '' || url.hash !== '' || !/^\/?$/.test(url.pathname));
  if (!url || hasMore || url.hostname === '' || !/^smtps?:$/.test(url.protocol)) {
    return undefined;
  }
  const isSecure = url.protocol === 'smtps:';
  try {
    return {
      host: url.hostname.replace(/^\[(.*)\]$/, '$1'),
      port: Number(url.port) || (isSecure ? SECURE_PORT : SUBMISSION_PORT),
      isSecure,
      credentials:
        url.username === ''
          ? undefined
          : { user: decodeURIComponent(url.username), pass: decodeURIComponent(url.password) },
    };
  } catch {
    // A percent sign that encodes nothing.
    return undefined;
  }
}

/** Returns an SMTP URL without its credentials: with some providers, the user is a secret too. */
export function showSmtpUrl({ isSecure, host, port }: MailSettings): string {
  return `${isSecure ? 'smtps' : 'smtp'}://${host.includes(':') ? `[${host}]` : host}:${port}`;
}
