import { type Page } from 'playwright-core';
import { waitUntil } from '../wait-until.js';

/** Path that shows a page which needs no data. */
const ELSEWHERE = '/admin/nowhere';

/** Heading of that page, in each language. */
const NOT_FOUND = /^(?:Page not found|Seite nicht gefunden)$/;

/** Whether the console leaves the page without asking: there are no unsaved changes and no dialog. */
const MAY_LEAVE =
  "dispatchEvent(new Event('beforeunload', { cancelable: true })) && !document.querySelector('mat-dialog-container')";

/**
 * Opens a path of the console within the loaded console, like a link. Loading the console again takes most of
 * the time of a test, and only happens if the page has unsaved changes or a dialog. Always renders the page
 * anew, even if it is open.
 */
export async function visit(page: Page, path: string): Promise<void> {
  if (!(await page.evaluate<boolean>(MAY_LEAVE))) {
    await page.goto(path);
    return;
  }
  if (new URL(page.url()).pathname === path.split('?', 1)[0]) {
    await navigate(page, ELSEWHERE);
    await page.getByRole('heading', { name: NOT_FOUND }).waitFor();
  }
  await navigate(page, path);
}

/**
 * Changes the URL with the event of the back button, which the router follows, and waits until the code of
 * the page is loaded. Back then works as after a link. `ɵrouterPageId` and `navigationId` are private,
 * checked with Angular 21.2: the router counts pages with `ɵrouterPageId`, and sets `navigationId` just
 * before it shows a page.
 */
async function navigate(page: Page, path: string): Promise<void> {
  await page.evaluate(`
    history.pushState({ ɵrouterPageId: (history.state?.ɵrouterPageId ?? 0) + 1 }, '', ${JSON.stringify(path)});
    dispatchEvent(new PopStateEvent('popstate', { state: history.state }));
  `);
  // `waitForFunction` uses eval, which the Content-Security-Policy of the page blocks.
  await waitUntil(() => page.evaluate<boolean>('history.state?.navigationId !== undefined'));
}
