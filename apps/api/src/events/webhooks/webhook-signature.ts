import { createHmac, randomBytes } from 'node:crypto';

/** Prefix of webhook secrets, as in the Standard Webhooks specification. */
export const WEBHOOK_SECRET_PREFIX = 'whsec_';

/** The specification requires 24 to 64 bytes. */
const SECRET_BYTES = 32;

/** Message to sign. */
interface SignedMessage {
  /** Id of the event: the same in all attempts, so that receivers recognize duplicates. */
  readonly id: string;
  /** Time of the attempt in milliseconds. Receivers reject old messages, so each attempt has its own. */
  readonly now: number;
  readonly body: string;
  /** Valid secrets: two during a rotation. */
  readonly secrets: readonly string[];
}

/** Creates the secret of a target. */
export function createWebhookSecret(): string {
  return WEBHOOK_SECRET_PREFIX + randomBytes(SECRET_BYTES).toString('base64');
}

/** Returns the header fields of a webhook (Standard Webhooks 1.0), with one signature for each secret. */
export function signWebhook({ id, now, body, secrets }: SignedMessage): Record<string, string> {
  const timestamp = String(Math.floor(now / 1_000));
  const signatures = secrets.map((secret) => {
    const key = Buffer.from(secret.slice(WEBHOOK_SECRET_PREFIX.length), 'base64');
    return `v1,${createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64')}`;
  });
  return {
    'webhook-id': id,
    'webhook-timestamp': timestamp,
    'webhook-signature': signatures.join(' '),
  };
}
