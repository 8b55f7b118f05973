import { type Page } from 'playwright-core';
import { waitUntil } from '../wait-until.js';

/** Path that shows a page which needs no data. */
const ELSEWHERE = '/admin/nowhere';

/** Heading of that page, in each language. */
const NOT_FOUND = /^(?:Page not found|Seite nicht gefunden)$/;

/** Whether a dialog has something to lose, such as a link to copy. The router cannot close some of these. */
const MUST_LOAD =
  "document.querySelector('mat-dialog-container') && !dispatchEvent(new Event('beforeunload', { cancelable: true }))";

/**
 * Confirms that unsaved input may be lost, if the console asks, and returns whether the page is shown.
 * `navigationId` is private, checked with Angular 21.2: the router sets it just before it shows a page.
 */
const LEAVE_UNTIL_SHOWN = `[...document.querySelectorAll('[role=alertdialog] button')]
  .find(({ textContent }) => /^\\s*(Leave|Discard|Verlassen|Verwerfen)\\s*$/.test(textContent))?.click();
  history.state?.navigationId !== undefined`;

/**
 * Opens a path of the console within the loaded console, like a link, because loading the console again takes
 * most of the time of a test. Only loads it if a dialog has something to lose. Always renders the page anew,
 * even if it is open.
 */
export async function visit(page: Page, path: string): Promise<void> {
  if (await page.evaluate<boolean>(MUST_LOAD)) {
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
 * the page is loaded. Back then works as after a link. `ɵrouterPageId` is private, checked with Angular 21.2:
 * the router counts pages with it.
 */
async function navigate(page: Page, path: string): Promise<void> {
  await page.evaluate(`
    history.pushState({ ɵrouterPageId: (history.state?.ɵrouterPageId ?? 0) + 1 }, '', ${JSON.stringify(path)});
    dispatchEvent(new PopStateEvent('popstate', { state: history.state }));
  `);
  // `waitForFunction` uses eval, which the Content-Security-Policy of the page blocks.
  await waitUntil(() => page.evaluate<boolean>(LEAVE_UNTIL_SHOWN));
}
