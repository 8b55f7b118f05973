import { beforeAll, describe, expect, it } from '@jest/globals';
import { type Page } from 'playwright-core';
import { createSampleData, useConsole } from '../support/browser/use-console.js';
import { visit } from '../support/browser/visit.js';

/** Milliseconds between the clicks. */
const PAUSES = [0, 60, 120, 200, 400];

let page: Page;
let id: string;

const inUse = useConsole(async (client, headers) => {
  ({ id } = await createSampleData(client, headers));
});

beforeAll(() => {
  page = inUse.page;
});

const dialogs = () => page.locator('mat-dialog-container');

describe('a double click', () => {
  it.each([
    ['New user', () => '/admin/users'],
    ['Import', () => '/admin/users'],
    ['Respond to a leak', () => `/admin/tokens/${id}`],
    ['Rotate', () => `/admin/tokens/${id}`],
    ['Set password', () => '/admin/users/sample'],
  ])('on %s opens one dialog, which stays open', async (name, path) => {
    const counts: number[] = [];
    for (const pause of PAUSES) {
      await visit(page, path());
      if (name === 'Set password') {
        await page.locator('main').getByRole('button', { name: 'More' }).click();
      }
      const button = page.getByRole('button', { name }).or(page.getByRole('menuitem', { name }));
      // Waits until it does not move.
      await button.first().hover();
      const box = await button.first().boundingBox();
      const [x, y] = [box!.x + box!.width / 2, box!.y + box!.height / 2];
      await page.mouse.click(x, y);
      await page.waitForTimeout(pause);
      await page.mouse.click(x, y, { clickCount: 2 });
      await dialogs().first().waitFor();
      // Longer than the animation of a dialog that closes.
      await page.waitForTimeout(400);
      counts.push(await dialogs().count());
      expect(
        await dialogs()
          .locator(':focus')
          .or(dialogs().and(page.locator(':focus')))
          .count(),
      ).toBe(1);
      await page.waitForTimeout(200);
      await page.keyboard.press('Escape');
      await dialogs().first().waitFor({ state: 'detached' });
    }

    expect(counts).toEqual(counts.map(() => 1));
  });

  it('beside a dialog still closes it, half a second after it was opened', async () => {
    await visit(page, '/admin/users');
    await page.getByRole('button', { name: 'New user' }).click();
    await dialogs().waitFor();
    await page.waitForTimeout(600);
    await page.mouse.click(5, 300);

    await dialogs().waitFor({ state: 'detached' });
  });
});
