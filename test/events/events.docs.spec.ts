import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type EventTargetDto, type RedeliveredDto } from '@latchkey/auth-models';
import { verifyWebhook } from '../../libs/client/src/webhooks/verify-webhook.js';
import { CommandsOnPage } from '../support/docs/commands-on-page.js';
import { ADMIN } from '../support/factories.js';
import { Installation } from '../support/installation.js';
import { WebhookReceiver } from '../support/webhook-receiver.js';

let installation: Installation;
let receiver: WebhookReceiver;
let page: CommandsOnPage;
let secret: string | undefined;

beforeAll(async () => {
  receiver = await WebhookReceiver.start();
  installation = await Installation.open({ LATCHKEY_EVENT_HOSTS: '127.0.0.1' });
  const client = await installation.running();
  const asAdmin = await client.loginHeaders(ADMIN.name, ADMIN.password);
  page = new CommandsOnPage(
    'guides/events.md',
    { ...(installation.environment as Record<string, string>), TOKEN: asAdmin['X-Auth-Token'] ?? '' },
    {
      'http://127.0.0.1:3000': client.baseUrl,
      'https://hooks.example.com/latchkey': receiver.url,
    },
  );
});

afterAll(async () => {
  await installation.close();
  await receiver.close();
});

// In the order of the page: each step needs those before it.
describe('docs/guides/events.md', () => {
  it('creates a webhook, which receives a signed test event', async () => {
    ({ secret } = JSON.parse(await page.run('"kind": "webhook"')) as EventTargetDto);

    await page.run('events test on-call');

    const [{ body, headers } = { body: '', headers: {} }] = receiver.requests;
    expect(await verifyWebhook(body, headers, secret ?? '')).toMatchObject({ type: 'token.expiring' });
  });

  it('creates a target for e-mail', async () => {
    const target = JSON.parse(await page.run('"kind": "email"')) as EventTargetDto;

    expect(target).toMatchObject({ schedule: 'daily', language: 'de' });
  });

  it('rotates the secret of a webhook', async () => {
    const rotated = JSON.parse(await page.run('/rotate')) as EventTargetDto;

    expect(rotated.secret).toMatch(/^whsec_/);
    expect(rotated.secret).not.toBe(secret);
  });

  it('redelivers events', async () => {
    expect(JSON.parse(await page.run('/redeliver')) as RedeliveredDto).toEqual({ count: 0 });
  });

  it('has no other commands', () => {
    expect(page.notRun).toEqual([]);
  });
});
