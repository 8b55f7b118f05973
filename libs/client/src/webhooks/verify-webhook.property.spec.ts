import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { Webhook } from 'standardwebhooks';
import {
  createWebhookSecret,
  signWebhook,
} from '../../../../apps/api/src/events/webhooks/webhook-signature.js';
import { runs } from '../../../../test/support/unit/property-testing.js';
import { verifyWebhook, type WebhookHeaders } from './verify-webhook.js';
import { WebhookError } from './webhook-error.js';

interface Vector {
  name: string;
  body: string;
  headers: Record<string, string>;
  secrets: string[];
  /** Seconds since 1970. */
  now: number;
  outcome: string;
}

const VECTORS = JSON.parse(readFileSync('libs/conformance/webhooks.json', 'utf8')) as Vector[];
const SECRET = createWebhookSecret();
const OTHER = createWebhookSecret();
const NOW = Date.now();
const EVENT = { id: '1', type: 'token.leaked', timestamp: '2026-12-01T12:00:00.000Z', data: { tokens: [] } };
const BODY = JSON.stringify(EVENT);

const signed = (body = BODY, secrets = [SECRET], now = NOW) => signWebhook({ id: '1', now, body, secrets });

/** Returns the code of the error, or `accepted`. */
async function outcomeOf(
  body: string | Uint8Array,
  headers: WebhookHeaders,
  secrets: string | string[] = SECRET,
  now = NOW,
): Promise<string> {
  try {
    await verifyWebhook(body, headers, secrets, { now: () => now });
    return 'accepted';
  } catch (error) {
    if (error instanceof WebhookError) {
      return error.code;
    }
    throw error;
  }
}

describe('verifyWebhook', () => {
  it('returns the event, for the fields of Node and of the Fetch API, and for bytes', async () => {
    const event = await verifyWebhook(BODY, signed(), SECRET);

    expect(event).toEqual(EVENT);
    // The type narrows the data.
    expect(event.type === 'token.leaked' && event.data.tokens.length).toBe(0);
    expect(await verifyWebhook(Buffer.from(BODY), new Headers(signed()), SECRET)).toEqual(EVENT);
  });

  it.each(VECTORS)('decides on $name', async ({ body, headers, secrets, now, outcome }) => {
    expect(await outcomeOf(body, headers, secrets, now * 1_000)).toBe(outcome);
  });

  it('rejects several values of a field', async () => {
    expect(await outcomeOf(BODY, { ...signed(), 'webhook-id': ['1', '2'] })).toBe('invalid_signature');
  });

  it('throws a TypeError for a parsed body, and for a text that is not a secret', async () => {
    const parsed = EVENT as unknown as string;

    await expect(verifyWebhook(parsed, signed(), SECRET)).rejects.toThrow(TypeError);
    for (const secret of ['', 'whsec_', 'whsec_c2hvcnQ=', 'whsec_*', `whsec_${'A'.repeat(88)}`, []]) {
      await expect(verifyWebhook(BODY, signed(), secret)).rejects.toThrow(TypeError);
    }
    for (const missing of [undefined, '', [undefined]] as string[]) {
      await expect(verifyWebhook(BODY, signed(), missing)).rejects.toThrow(
        'The secret of the webhook is missing',
      );
    }
  });

  it('accepts what the reference library accepts, and nothing else', async () => {
    const change = fc.constantFrom('none', 'id', 'timestamp', 'signature', 'body', 'secret');
    const texts = fc.record({
      id: fc.uuid(),
      note: fc.string({ unit: 'binary' }),
      shift: fc.integer({ min: -400, max: 400 }),
    });
    let accepted = 0;

    await fc.assert(
      fc.asyncProperty(change, texts, fc.nat(), async (what, { id, note, shift }, at) => {
        const body = JSON.stringify({ type: 'token.created', note });
        const headers = signWebhook({ id, now: Date.now() + shift * 1_000, body, secrets: [OTHER, SECRET] });
        const altered = (text: string) => {
          const index = at % text.length;
          return text.slice(0, index) + (text[index] === '7' ? '8' : '7') + text.slice(index + 1);
        };
        const name = `webhook-${what}`;
        const request = { ...headers, ...(headers[name] && { [name]: altered(headers[name]) }) };
        const text = what === 'body' ? body.replace('created', 'revoked') : body;
        const secret = what === 'secret' ? createWebhookSecret() : SECRET;
        let isAccepted = true;
        try {
          new Webhook(secret).verify(text, request);
        } catch {
          isAccepted = false;
        }
        accepted += Number(isAccepted);

        expect((await outcomeOf(text, request, secret, Date.now())) === 'accepted').toBe(isAccepted);
      }),
      runs(300),
    );
    expect(accepted).toBeGreaterThan(50);
  });
});
