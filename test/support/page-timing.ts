import { type BrowserContext, type Page } from 'playwright-core';

/** The rows of a list: of a table, as cards, or as entries of the audit trail. */
const ROWS = 'tbody tr, app-list-cards li, app-audit-row';

// Runs in the page before anything of its own, so it is plain text: its types would be those of this file.
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
    // Rows that come, and other texts in those that are there.
    if (changes.some(({ target, addedNodes }) => isInRow(target) || [...addedNodes].some(holdsRow))) {
      // The frame in which the rows are painted, and the task after it.
      requestAnimationFrame(() => setTimeout(() => (window.rowsTime = performance.now())));
    }
  }).observe(document, { childList: true, characterData: true, subtree: true });
`;

const ROWS_AFTER_ANSWER = (path: string) => `new Promise((resolve) => {
  const look = () => {
    const answers = performance.getEntriesByType('resource')
      .filter(({ name }) => name.startsWith(location.origin + ${JSON.stringify(path)} + '?'));
    const milliseconds = window.rowsTime - answers.at(-1)?.responseEnd;
    milliseconds >= 0 ? resolve(milliseconds) : setTimeout(look, 20);
  };
  look();
})`;

/** Makes all pages of a profile note when rows are painted and what of them moves. */
export async function observeTiming(context: BrowserContext): Promise<void> {
  await context.addInitScript(OBSERVE);
}

/** Milliseconds between the end of the last answer with rows and the paint of these. */
export async function rowsAfterAnswer(page: Page, path: string): Promise<number> {
  return page.evaluate<number>(ROWS_AFTER_ANSWER(path));
}

/** Everything that moved without the person having done anything: how much, and what. */
export async function layoutShifts(page: Page): Promise<{ value: number; of: string[] }[]> {
  return JSON.parse(await page.evaluate<string>('JSON.stringify(window.layoutShifts)')) as {
    value: number;
    of: string[];
  }[];
}
