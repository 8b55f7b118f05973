import { type Page } from 'playwright-core';

/** Path that shows a page which needs no data. */
const ELSEWHERE = '/admin/nowhere';

/**
 * Opens a path of the console within the loaded console, like a link. Loading the console again takes most of
 * the time of a test, and only happens if the page has unsaved changes. Always renders the page anew, even if
 * it is open.
 */
export async function visit(page: Page, path: string): Promise<void> {
  if (!(await page.evaluate<boolean>("dispatchEvent(new Event('beforeunload', { cancelable: true }))"))) {
    await page.goto(path);
    return;
  }
  if (new URL(page.url()).pathname === path.split('?', 1)[0]) {
    await navigate(page, ELSEWHERE);
    await page.getByRole('heading', { name: 'Page not found' }).waitFor();
  }
  await navigate(page, path);
}

/** Changes the address like the back button, which the router follows. */
function navigate(page: Page, path: string): Promise<void> {
  return page.evaluate(
    `history.pushState(null, '', ${JSON.stringify(path)}); dispatchEvent(new PopStateEvent('popstate'))`,
  );
}
