import { explainTlsError } from '../../common/tls-errors.js';

/** Error whose message is for the administrators of the target. */
export class ReceiverError extends Error {
  override readonly name = 'ReceiverError';
}

const ERROR_LENGTH_MAX = 200;

const MESSAGES: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'The receiver refused the connection.',
  ECONNRESET: 'The receiver closed the connection.',
  EPIPE: 'The receiver closed the connection.',
  ENOTFOUND:
    'The host of the receiver does not exist in DNS. If only this machine knows it, add it to LATCHKEY_EVENT_HOSTS.',
  ENODATA: 'The host of the receiver has no addresses.',
  ETIMEOUT: 'The name server of the host did not respond.',
  ESERVFAIL: 'The name server of the host failed.',
  ETIMEDOUT: 'The receiver did not accept the connection in time.',
  EHOSTUNREACH: 'The receiver is unreachable.',
  ENETUNREACH: 'The receiver is unreachable.',
};

/** Describes why a request failed, in one line of at most 200 characters. */
export function describeRequestError(error: unknown): string {
  // An attempt with several addresses has one error for each of them.
  const cause = error instanceof AggregateError ? (error.errors[0] as unknown) : error;
  const { code, message } = cause as NodeJS.ErrnoException;
  if (code?.startsWith('HPE_')) {
    return 'The receiver did not respond with valid HTTP.';
  }
  const text = MESSAGES[code ?? ''] ?? explainTlsError(message) ?? message;
  return Array.from(text.split(/[\r\n]/, 1)[0] ?? '')
    .slice(0, ERROR_LENGTH_MAX)
    .join('');
}
