import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type EventDto, type EventTargetDto } from '@latchkey/auth-models';
import { verifyWebhook } from '@latchkey/client';
import { type Page } from 'playwright-core';
import { EventSender } from '../../apps/api/src/events/sender/event-sender.service.js';
import { type Headers } from '../support/api-client.js';
import { createUsers, useConsole } from '../support/browser/use-console.js';
import { visit } from '../support/browser/visit.js';
import { WebhookReceiver } from '../support/webhook-receiver.js';

let asAdmin: Headers;
let page: Page;
let receiver: WebhookReceiver;
let secret: string;

const inUse = useConsole(
  async (client, headers) => {
    asAdmin = headers;
    await createUsers(['sample'], client, headers);
  },
  { LATCHKEY_EVENT_HOSTS: '127.0.0.1' },
);

beforeAll(async () => {
  receiver = await WebhookReceiver.start();
  page = inUse.page;
});

afterAll(() => receiver.close());

const button = (name: string) => page.locator('main').getByRole('button', { name, exact: true });
const shown = (text: string | RegExp) => page.locator('main').getByText(text).first().waitFor();
const deliveries = () => page.getByRole('region', { name: 'Deliveries' }).getByRole('listitem');

async function fromMenu(item: string): Promise<void> {
  await button('More').click();
  await page.getByRole('menuitem', { name: item }).click();
}

async function confirm(action: string): Promise<void> {
  const question = page.getByRole('alertdialog');
  await question.getByRole('button', { name: action }).click();
  await question.waitFor({ state: 'detached' });
}

/** Reads the secret on the page, and leaves it. */
async function takeSecret(): Promise<string> {
  const text = await page.locator('app-webhook-secret code').innerText();
  await button('Copy secret').click();
  await button('Done').click();
  return text;
}

const targets = async () =>
  (
    await inUse.client.request<{ items: EventTargetDto[] }>('GET', '/event-targets?q=on-call', {
      headers: asAdmin,
    })
  ).body.items;

/** Waits until the server has sent all events that are due. */
const settle = () => inUse.app.get(EventSender, { strict: false }).settle();

/** Returns the last received event, verified with a secret. */
function lastEvent(secrets: string): Promise<EventDto> {
  const { headers, body } = receiver.requests.at(-1) ?? { headers: {}, body: '' };
  return verifyWebhook(body, headers, secrets);
}

// The steps depend on each other.
describe('an event target', () => {
  it('is created in the settings, after errors at their fields', async () => {
    await visit(page, '/admin/settings');
    await page.getByRole('link', { name: 'New event target' }).click();
    await page.getByLabel('Name', { exact: true }).fill('on-call');
    await page.getByLabel('URL', { exact: true }).fill(receiver.url);
    const chosen = page.locator('app-type-picker input:checked');
    while ((await chosen.count()) > 0) {
      await chosen.first().uncheck();
    }
    await button('Create target').click();
    await page.locator('fieldset:focus', { hasText: 'Select at least one type of event.' }).waitFor();
    await page.getByLabel('URL', { exact: true }).fill(receiver.url.replace('127.0.0.1', '10.0.0.1'));
    await page.getByRole('combobox', { name: 'Only for this user' }).fill('nobody');
    await page.getByRole('checkbox', { name: 'Token created' }).check();
    await button('Create target').click();
    await shown(/^Use a URL that starts with https/);
    await page.getByLabel('URL', { exact: true }).fill(receiver.url);
    await button('Create target').click();
    await shown('There is no user with this name.');

    expect(await targets()).toEqual([]);
  });

  it('shows its secret once, and asks before it is lost', async () => {
    await page.getByRole('combobox', { name: 'Only for this user' }).fill('');
    await button('Create target').click();
    await page.locator('app-webhook-secret').waitFor();
    await button('Done').click();
    await page.getByRole('alertdialog', { name: 'Leave without copying?' }).waitFor();
    await page.getByRole('alertdialog').getByRole('button', { name: 'Cancel' }).click();
    secret = await takeSecret();
    await page.getByRole('heading', { name: 'on-call' }).waitFor();

    expect(secret).toMatch(/^whsec_/);
    expect(await page.content()).not.toContain(secret);
  });

  it('receives a signed test event', async () => {
    await button('Send test event').click();
    await shown('The target received the test event.');

    expect(await lastEvent(secret)).toMatchObject({ type: 'token.expiring' });
  });

  it('shows why a test event and a delivery failed', async () => {
    receiver.status = 503;
    await button('Send test event').click();
    await shown('The test event did not arrive.');
    await inUse.client.createUserToken('sample', asAdmin, { note: 'CI' });
    await shown('There are no deliveries yet.');
    await settle();
    await button('Refresh').click();
    await deliveries().filter({ hasText: 'HTTP 503' }).waitFor();

    expect(await deliveries().innerText()).toMatch(/Token created[\s\S]*Waiting[\s\S]*next attempt/);
  });

  it('redelivers one event, and all events since a time', async () => {
    receiver.status = 204;
    await page.getByRole('button', { name: /^Redeliver: Token created/ }).click();
    await page.getByText('The event is being redelivered.').waitFor();
    await settle();
    await button('Refresh').click();
    await deliveries().filter({ hasText: 'HTTP 204' }).waitFor();
    const delivered = await lastEvent(secret);
    receiver.requests.length = 0;
    await fromMenu('Redeliver events…');
    await page.getByRole('dialog').getByRole('button', { name: 'Redeliver' }).click();
    await page.getByText('Redelivering 1 event.').waitFor();
    await settle();

    expect(delivered.data.tokens).toMatchObject([{ user: 'sample', note: 'CI' }]);
    expect(await lastEvent(secret)).toEqual(delivered);
  });

  it('rotates its secret, and signs with both', async () => {
    await fromMenu('Rotate secret');
    await confirm('Rotate secret');
    const rotated = await takeSecret();
    await shown('Old secret works until');
    await button('Send test event').click();
    await shown('The target received the test event.');

    expect(rotated).not.toBe(secret);
    expect(await lastEvent(rotated)).toEqual(await lastEvent(secret));
  });

  it('is edited, and keeps the changes of others', async () => {
    await page.getByRole('link', { name: 'Edit' }).click();
    await page.getByRole('checkbox', { name: 'Token created' }).uncheck();
    await page.getByRole('checkbox', { name: 'User disabled' }).check();
    await inUse.client.request('PATCH', '/event-targets/on-call', {
      headers: { ...asAdmin, 'If-Match': '*' },
      body: { user: 'sample' },
    });
    await button('Save changes').click();
    await shown('only sample');

    const [target] = await targets();
    expect(target?.user).toBe('sample');
    expect(target?.types).toContain('user.disabled');
    expect(target?.types).not.toContain('token.created');
  });

  it('is in the inbox after the server disabled it, and can be enabled again', async () => {
    receiver.status = 410;
    await inUse.client.request('PATCH', '/users/sample', {
      headers: { ...asAdmin, 'If-Match': '*' },
      body: { enabled: false },
    });
    await settle();
    await visit(page, '/admin/');
    await shown('The event target on-call does not work');
    await page.getByRole('link', { name: /^Show target/ }).click();
    await shown('The receiver responded with 410');
    await button('Enable').click();
    await page.getByText('on-call enabled.').waitFor();

    expect((await targets())[0]).toMatchObject({ enabled: true });
  });

  it('is visible to auditors, without its path and without actions', async () => {
    const reader = await inUse.signedIn('reader', '/admin/settings/events/on-call');
    await reader.getByText('The path is hidden').waitFor();

    expect(await reader.locator('main').innerText()).not.toContain('/hook');
    expect(await reader.getByRole('button', { name: 'Send test event' }).count()).toBe(0);
    await reader.context().close();
  });

  it('is deleted after a confirmation, and linked in the audit trail', async () => {
    await fromMenu('Delete');
    await confirm('Delete');
    await page.getByText('on-call deleted.').waitFor();
    expect(await targets()).toEqual([]);

    await visit(page, '/admin/audit?subject=on-call');
    const link = page.getByRole('link', { name: 'on-call' }).first();
    expect(await link.getAttribute('href')).toBe('/admin/settings/events/on-call');
  });
});
