import { beforeAll, describe, expect, it } from '@jest/globals';
import { type Page } from 'playwright-core';
import { tokenHeader, type Headers } from '../support/api-client.js';
import { visit } from '../support/browser/visit.js';
import { newUser, PASSWORD } from '../support/factories.js';
import { useConsole } from '../support/browser/use-console.js';
import { sampleInputs } from '../support/deep.js';
import { XSS_PAYLOADS } from './xss-payloads.js';

/** Number of rejections that the console lists. */
const LISTED = 20;
/** Number of deliveries on a page. */
const DELIVERIES = 25;

let asAdmin: Headers;
let page: Page;
const dialogs: string[] = [];
const tokenIds: string[] = [];

const nameOf = (index: number) => `mallory-${index}`;

const inUse = useConsole(
  async (_client, headers) => {
    asAdmin = headers;
    for (const [index, payload] of XSS_PAYLOADS.entries()) {
      await plant(nameOf(index), payload, index);
    }
  },
  { LATCHKEY_TRUSTED_PROXIES: '127.0.0.1' },
);

beforeAll(() => {
  page = inUse.page;
  page.on('dialog', (dialog) => {
    dialogs.push(dialog.message());
    void dialog.dismiss();
  });
});

/** Prefix of a payload, which identifies its place. */
type Place = 'named' | 'called' | 'note' | 'agent' | 'role' | 'target' | 'url' | 'address' | 'error';
const textAt = (place: Place, payload: string) => `${place} ${payload}`;

/**
 * Stores a payload in every text that a client can set: names, notes, descriptions, user agent and forwarded
 * address.
 */
async function plant(name: string, payload: string, index: number): Promise<void> {
  await inUse.client.createUser(newUser({ name, displayName: textAt('called', payload) }), asAdmin);
  const role = { name: `role-${index}`, description: textAt('role', payload), permissions: [] };
  await inUse.client.createRole(role, asAdmin);
  const { body } = await inUse.client.createUserToken(name, asAdmin, { note: textAt('note', payload) });
  tokenIds.push(body.id);
  const agent = { 'User-Agent': textAt('agent', payload), 'X-Forwarded-For': payload };
  await inUse.client.request('GET', '/me', { headers: { ...tokenHeader(body), ...agent } });
  await inUse.client.login(name, PASSWORD, { headers: agent });
}

/**
 * Renames users in the database, also in the audit trail. The API rejects such names, but the console must
 * not rely on it.
 */
function rename(): Promise<void> {
  const literal = (text: string) => `'${text.replaceAll("'", "''")}'`;
  return inUse.database.execute(
    ...XSS_PAYLOADS.flatMap((payload, index) => {
      const [before, after] = [literal(nameOf(index)), literal(textAt('named', payload))];
      return [
        `UPDATE users SET name = ${after} WHERE name = ${before}`,
        `UPDATE audit_events SET "subjectName" = ${after} WHERE "subjectName" = ${before}`,
      ];
    }),
  );
}

/**
 * Inserts event targets with a payload in the name and the URL, and a target whose deliveries have one in
 * address and error. The API rejects such names, and senders and receivers choose the errors.
 */
function plantTargets(): Promise<void> {
  const literal = (text: string) => `'${text.replaceAll("'", "''")}'`;
  const target = (name: string, url: string, reason: string) =>
    `INSERT INTO event_targets
       (name, kind, url, format, addresses, "toOwners", types, enabled, "disabledReason", "startSequence",
        "creationTime", version)
     VALUES (${literal(name)}, 'webhook', ${literal(url)}, 'standard', '', 0, 'token.leaked', 0, ${reason}, 0,
        ${Date.now()}, 0)`;
  return inUse.database.execute(
    ...XSS_PAYLOADS.flatMap((payload, index) => [
      target(textAt('target', payload), textAt('url', payload), index === 0 ? "'gone'" : 'NULL'),
      ...(index === 0 ? [target('hostile', textAt('url', payload), 'NULL')] : []),
      `INSERT INTO event_deliveries
         (id, target, sequence, recipient, event, type, subject, state, "creationTime", attempts, error)
       VALUES ('delivery-${String(index).padStart(2, '0')}', 'hostile', ${index},
         ${literal(textAt('address', payload))}, 'event', 'token.leaked', '', 'failed', ${Date.now()}, 1,
         ${literal(textAt('error', payload))})`,
    ]),
  );
}

/** Waits until the page shows these texts as they are. HTML collapses white space. */
async function expectTexts(...texts: string[]): Promise<void> {
  for (const text of texts) {
    await page
      .locator('main')
      .filter({ hasText: text.replace(/\s+/g, ' ') })
      .waitFor();
  }
}

const all = (place: Place) => XSS_PAYLOADS.map((payload) => textAt(place, payload));

// Covers B54 in docs/explanation/security.md.
describe('40 texts that would run scripts as markup', () => {
  it('are all in the list', () => {
    expect(XSS_PAYLOADS).toHaveLength(40);
  });

  it('are shown as text on their pages', async () => {
    for (const [index, payload] of sampleInputs([...XSS_PAYLOADS.entries()], 10)) {
      await visit(page, `/admin/users/${nameOf(index)}`);
      await expectTexts(textAt('called', payload));
      await visit(page, `/admin/tokens/${tokenIds[index]}`);
      await expectTexts(textAt('note', payload), textAt('agent', payload));
    }
  }, 180_000);

  it('are shown as text in lists', async () => {
    await rename();
    for (const agent of all('agent').slice(-LISTED)) {
      await inUse.client.me({ 'User-Agent': agent });
    }

    await visit(page, '/admin/users?size=100');
    await expectTexts(...all('named'), ...all('called'));
    await visit(page, '/admin/tokens?size=100');
    await expectTexts(...all('named'), ...all('note'));
    await visit(page, '/admin/explanations');
    await expectTexts(...all('agent').slice(-LISTED));
    await visit(page, '/admin/roles?size=100');
    await expectTexts(...all('role'));
  });

  it('are shown as text in the audit trail', async () => {
    await visit(page, '/admin/audit?action=user_created');
    await expectTexts(...all('named'));
    await visit(page, '/admin/audit?action=role_created');
    const details = page.getByRole('button', { name: /^Details/ });
    await details.first().waitFor();
    for (const [index, payload] of sampleInputs([...XSS_PAYLOADS.entries()], 10)) {
      // The latest entry is the first one.
      await details.nth(XSS_PAYLOADS.length - 1 - index).click();
      await expectTexts(textAt('role', payload));
    }
  });

  it('are shown as text on the pages of event targets', async () => {
    await plantTargets();
    await visit(page, '/admin/settings/events?size=100');
    await expectTexts(...all('target'), ...all('url'));
    await visit(page, '/admin/settings/events/hostile');
    await expectTexts(...all('url').slice(0, 1), ...all('address').slice(-DELIVERIES));
    await expectTexts(...all('error').slice(-DELIVERIES));
    await page.getByRole('button', { name: 'Older' }).click();
    await expectTexts(...all('address').slice(0, -DELIVERIES), ...all('error').slice(0, -DELIVERIES));
  });

  it('run no script on the home page', async () => {
    await visit(page, '/admin/');
    await expectTexts('Needs attention', ...all('target').slice(0, 1));
    await page.waitForLoadState('networkidle');
  });

  it('caused no dialogs, CSP violations, exceptions or requests to other hosts', () => {
    expect(dialogs).toEqual([]);
    expect(inUse.browser.misbehavior).toEqual([]);
  });
});
