import { type TypedEvent } from '@latchkey/auth-models';
import { WebhookError } from './webhook-error.js';

const SECRET_PREFIX = 'whsec_';
/** Secrets and signatures of the Standard Webhooks specification. */
const SECRET_BYTES = { min: 24, max: 64 };
/** 32 bytes in base64 without spare bits. */
const SIGNATURE = /^v1,([A-Za-z0-9+/]{42}[AEIMQUYcgkosw048]=)$/;
/** Signatures to check. Latchkey sends two during a rotation of the secret. */
const SIGNATURES_MAX = 8;
/** Seconds since 1970. */
const TIMESTAMP = /^\d{1,12}$/;
const TOLERANCE_SECONDS = 300;

/** Header fields of a request: those of Node, Express and Fastify, or of the Fetch API. */
export type WebhookHeaders =
  { get(name: string): string | null } | Readonly<Record<string, string | readonly string[] | undefined>>;

/** Options of {@link verifyWebhook}. */
export interface WebhookOptions {
  /** Maximum difference between the clocks, and maximum age of a message. 300 seconds by default. */
  toleranceSeconds?: number;
  /** Current time in milliseconds. `Date.now` by default. */
  now?: () => number;
}

/**
 * Verifies a webhook of Latchkey by the Standard Webhooks specification, and returns its event.
 *
 * Latchkey delivers each event at least once. Skip events whose `id` you have already processed, and types
 * that you do not know.
 *
 * @param body body as received, before it is parsed.
 * @param secrets secret of the target, or several during a rotation. One of them must match.
 * @throws WebhookError if the request is not a valid webhook.
 * @throws TypeError if the body is already parsed, or a secret is not a webhook secret.
 */
export async function verifyWebhook(
  body: string | Uint8Array,
  headers: WebhookHeaders,
  secrets: string | readonly string[],
  { toleranceSeconds = TOLERANCE_SECONDS, now = Date.now }: WebhookOptions = {},
): Promise<TypedEvent> {
  if (typeof body !== 'string' && !(ArrayBuffer.isView(body) && body.BYTES_PER_ELEMENT === 1)) {
    throw new TypeError('Pass the body as received: a string or bytes, not the parsed JSON.');
  }
  const keys = [secrets].flat().map(keyOf);
  if (keys.length === 0) {
    throw new TypeError('Pass at least one secret.');
  }
  const id = fieldOf(headers, 'webhook-id');
  const timestamp = fieldOf(headers, 'webhook-timestamp');
  const signatures = fieldOf(headers, 'webhook-signature').split(' ').slice(0, SIGNATURES_MAX);
  const bytes = typeof body === 'string' ? new TextEncoder().encode(body) : body;
  const message = concatenate(new TextEncoder().encode(`${id}.${timestamp}.`), bytes);
  if (!(await matchesAny(signatures, keys, message))) {
    throw new WebhookError('invalid_signature', 'The webhook has no valid signature.');
  }
  const age = Math.floor(now() / 1_000) - Number(timestamp);
  if (!TIMESTAMP.test(timestamp) || Math.abs(age) > toleranceSeconds) {
    throw new WebhookError('outside_tolerance', 'The webhook is too old, or from the future.');
  }
  return eventIn(bytes);
}

function fieldOf(headers: WebhookHeaders, name: string): string {
  const value = typeof headers.get === 'function' ? headers.get(name) : (headers as Fields)[name];
  if (typeof value !== 'string' || value === '') {
    throw new WebhookError('invalid_signature', `The request has no valid header field ${name}.`);
  }
  return value;
}

/** Bytes as the Web Crypto API accepts them. */
type Bytes = Uint8Array<ArrayBuffer>;

type Fields = Readonly<Record<string, string | readonly string[] | undefined>>;

function keyOf(secret: string): Bytes {
  if (typeof secret !== 'string' || secret === '') {
    throw new TypeError('The secret of the webhook is missing. Is its environment variable set?');
  }
  const key = decode(secret.startsWith(SECRET_PREFIX) ? secret.slice(SECRET_PREFIX.length) : secret);
  if (!key || key.length < SECRET_BYTES.min || key.length > SECRET_BYTES.max) {
    throw new TypeError('The secret is not a webhook secret. Webhook secrets start with whsec_.');
  }
  return key;
}

/** Compares in constant time: `subtle.verify` does. */
async function matchesAny(
  signatures: readonly string[],
  keys: readonly Bytes[],
  message: Bytes,
): Promise<boolean> {
  const algorithm = { name: 'HMAC', hash: 'SHA-256' };
  const decoded = signatures.flatMap((text) => decode(SIGNATURE.exec(text)?.[1] ?? '') ?? []);
  for (const bytes of keys) {
    const key = await crypto.subtle.importKey('raw', bytes, algorithm, false, ['verify']);
    for (const signature of decoded) {
      if (await crypto.subtle.verify('HMAC', key, signature, message)) {
        return true;
      }
    }
  }
  return false;
}

function eventIn(bytes: Uint8Array): TypedEvent {
  let event: unknown;
  try {
    event = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    event = undefined;
  }
  if (typeof event !== 'object' || event === null || typeof (event as TypedEvent).type !== 'string') {
    throw new WebhookError('malformed_body', 'The body of the webhook is not an event.');
  }
  return event as TypedEvent;
}

function concatenate(first: Uint8Array, second: Uint8Array): Bytes {
  const bytes = new Uint8Array(first.length + second.length);
  bytes.set(first);
  bytes.set(second, first.length);
  return bytes;
}

/** Decodes base64. Returns `null` for other texts and an empty one. */
function decode(base64: string): Bytes | null {
  try {
    return base64 === '' ? null : Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
  } catch {
    return null;
  }
}
