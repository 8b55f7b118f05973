import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { Webhook } from 'standardwebhooks';
import { runs } from '../../../../../test/support/unit/property-testing.js';
import { createWebhookSecret, signWebhook } from './webhook-signature.js';

describe('signWebhook', () => {
  it('signs as the specification shows', () => {
    // Example of the Standard Webhooks specification.
    const headers = signWebhook({
      id: 'msg_p5jXN8AQM9LWM0D4loKWxJek',
      now: 1_614_265_330_000,
      body: '{"test": 2432232314}',
      secrets: ['whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'],
    });

    expect(headers).toEqual({
      'webhook-id': 'msg_p5jXN8AQM9LWM0D4loKWxJek',
      'webhook-timestamp': '1614265330',
      'webhook-signature': 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
    });
  });

  it('has a signature that the reference library accepts, for each of two secrets', () => {
    fc.assert(
      fc.property(fc.uuid(), fc.string({ unit: 'binary' }), (id, text) => {
        const secrets = [createWebhookSecret(), createWebhookSecret()];
        const body = JSON.stringify({ text });
        const headers = signWebhook({ id, now: Date.now(), body, secrets });

        for (const secret of secrets) {
          expect(new Webhook(secret).verify(body, headers)).toEqual({ text });
        }
        expect(() => new Webhook(createWebhookSecret()).verify(body, headers)).toThrow(/signature/);
      }),
      runs(50),
    );
  });
});

describe('createWebhookSecret', () => {
  it('returns 32 random bytes', () => {
    const [one, other] = [createWebhookSecret(), createWebhookSecret()];

    expect(Buffer.from(one.replace('whsec_', ''), 'base64')).toHaveLength(32);
    expect(one).not.toBe(other);
  });
});
