import { type BrowserContext, type Page } from 'playwright-core';

/** Allowed layout shift of a page while it loads: a tenth of the value that counts as good. */
export const SHIFT_MAX = 0.01;

/** Rows of a list: table rows, cards, or entries of the audit trail. */
const ROWS = 'tbody tr, app-list-cards li, app-audit-row';

// Runs in the page before its own scripts. As text, it is not checked against the types of Node.
const OBSERVE = `
  window.layoutShifts = [];
  new PerformanceObserver((list) => list.getEntries()
    .filter((entry) => !entry.hadRecentInput)
    .forEach((entry) => window.layoutShifts.push({
      value: entry.value,
      of: entry.sources.map(({ node }) => (node?.parentElement ?? node)?.closest?.('[class],app-root,main')?.outerHTML.slice(0, 120)),
    }))).observe({ type: 'layout-shift', buffered: true });
  const isInRow = (node) => (node.closest ? node : node.parentElement)?.closest(${JSON.stringify(ROWS)});
  const holdsRow = (node) => isInRow(node) || node.querySelector?.(${JSON.stringify(ROWS)});
  new MutationObserver((changes) => {
    // New rows, and changed text in existing rows.
    if (changes.some(({ target, addedNodes }) => isInRow(target) || [...addedNodes].some(holdsRow))) {
      // Waits for the frame in which the rows are painted, and for the task after it.
      requestAnimationFrame(() => setTimeout(() => (window.rowsTime = performance.now())));
    }
  }).observe(document, { childList: true, characterData: true, subtree: true });
`;

const ROWS_AFTER_RESPONSE = (path: string) => `new Promise((resolve) => {
  const look = () => {
    const responses = performance.getEntriesByType('resource')
      .filter(({ name }) => name.startsWith(location.origin + ${JSON.stringify(path)} + '?'));
    const milliseconds = window.rowsTime - responses.at(-1)?.responseEnd;
    milliseconds >= 0 ? resolve(milliseconds) : setTimeout(look, 20);
  };
  look();
})`;

/** Records the time at which rows are painted, and layout shifts, on all pages of a context. */
export async function observeTiming(context: BrowserContext): Promise<void> {
  await context.addInitScript(OBSERVE);
}

/** Returns the milliseconds between the last response from `path` and the paint of its rows. */
export async function rowsAfterResponse(page: Page, path: string): Promise<number> {
  return page.evaluate<number>(ROWS_AFTER_RESPONSE(path));
}

/** Returns the layout shifts that no user input caused, with the elements that moved. */
export async function layoutShifts(page: Page): Promise<{ value: number; of: string[] }[]> {
  return JSON.parse(await page.evaluate<string>('JSON.stringify(window.layoutShifts)')) as {
    value: number;
    of: string[];
  }[];
}
