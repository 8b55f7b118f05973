import { describe, expect, it } from '@jest/globals';
import { type ApiClient, type Headers } from '../support/api-client.js';
import { createSampleData, useConsole } from '../support/browser/use-console.js';
import { visit } from '../support/browser/visit.js';

let client: ApiClient;
let asAdmin: Headers;
const inUse = useConsole(async (api, headers) => {
  client = api;
  asAdmin = headers;
  await createSampleData(api, headers);
});

/** Creates a claim link and returns its path. */
async function createLink(note: string): Promise<string> {
  const { body } = await client.createOffer('sample', asAdmin, { note, expiresIn: 86_400 });
  return `/admin/claim#${body.link?.split('#')[1]}`;
}

describe('a claim link', () => {
  it('is created in the form for a new token, and revoked in the list of offers', async () => {
    const { page } = inUse;
    await visit(page, '/admin/tokens/offers?user=sample');
    await page.getByRole('link', { name: 'Send a claim link' }).click();
    await page.getByLabel('What is it for?').fill('handed over');
    await page.getByRole('button', { name: 'Create claim link' }).click();
    await page.getByRole('heading', { name: 'Claim link created' }).waitFor();

    expect(await page.locator('.code-box code').textContent()).toMatch(/\/admin\/claim#[\w-]{22}$/);
    expect(await page.locator('main').textContent()).toContain('90 days after its creation');
    await page.getByRole('button', { name: 'Copy link' }).click();
    await page.getByRole('link', { name: 'Done' }).click();
    await page.getByRole('link', { name: 'Hand out a token' }).click();
    await page.getByRole('button', { name: 'Revoke: Link from admin, sample' }).click();
    await page.getByRole('alertdialog').getByRole('button', { name: 'Revoke' }).click();
    await page.getByText('Offer revoked.').waitFor();
    await page.getByRole('listitem').filter({ hasText: 'handed over' }).getByText('revoked').waitFor();
  });

  it('gives the secret to one of two people, and warns the other', async () => {
    const link = await createLink('two people');
    const pages = await Promise.all([inUse.browser.open(link), inUse.browser.open(link)]);
    await Promise.all(pages.map((page) => page.getByText('two people').waitFor()));

    await Promise.all(pages.map((page) => page.getByRole('button', { name: 'Create the token' }).click()));

    const headings = await Promise.all(
      pages.map(async (page) => {
        const heading = page.getByRole('heading', { name: /^(Your token|This link was already used)$/ });
        await heading.waitFor();
        return heading.textContent();
      }),
    );
    expect(headings.sort()).toEqual(['This link was already used', 'Your token']);
    const texts = await Promise.all(pages.map((page) => page.locator('main').textContent()));
    const [loser = '', winner = ''] = texts
      .map((text) => text ?? '')
      .sort((one, other) => Number(/latchkey_/.test(one)) - Number(/latchkey_/.test(other)));
    expect(winner).toMatch(/latchkey_[0-9A-Za-z]{33}/);
    expect(loser).toContain('If that was not you, tell admin immediately');
    expect(pages.map((page) => new URL(page.url()).hash)).toEqual(['', '']);
    await Promise.all(pages.map((page) => page.context().close()));
  });

  it('opens in a tab that shows another link, unless a secret was not copied yet', async () => {
    const page = await inUse.browser.open(await createLink('first link'));
    await page.getByText('first link').waitFor();
    const second = await createLink('second link');
    await page.goto(second);
    await page.getByText('second link').waitFor();
    expect(new URL(page.url()).hash).toBe('');
    await page.getByRole('button', { name: 'Create the token' }).click();
    await page.getByRole('heading', { name: 'Your token' }).waitFor();
    await page.goto(await createLink('while the secret is shown'));
    await page.getByRole('heading', { name: 'Your token' }).waitFor();
    await page.getByRole('button', { name: 'Copy token' }).click();
    await page.goto(second);
    await page.getByRole('heading', { name: 'This link was already used' }).waitFor();

    expect(new URL(page.url()).hash).toBe('');
    await page.context().close();
  });

  it('explains unknown and incomplete links', async () => {
    const unknown = await inUse.browser.open('/admin/claim#AAAAAAAAAAAAAAAAAAAAAA');
    await unknown.getByRole('heading', { name: 'This link does not work' }).waitFor();
    const incomplete = await inUse.browser.open('/admin/claim');
    await incomplete.getByRole('heading', { name: 'This link is incomplete' }).waitFor();
    await Promise.all([unknown, incomplete].map((page) => page.context().close()));
  });
});
