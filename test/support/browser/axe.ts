import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { type BrowserContextOptions, type Page } from 'playwright-core';

const AXE = readFileSync(
  createRequire(join(process.cwd(), 'package.json')).resolve('axe-core/axe.min.js'),
  'utf8',
);

/** Rules about colors: the only ones whose result depends on the theme. */
const COLOR_RULES = ['color-contrast', 'link-in-text-block'];

/** Option for a page with an open menu or dialog. */
const COVERED = { rules: { 'target-size': { enabled: false } } };

/** Theme of the pages. */
export type Theme = 'light' | 'dark';

/** Disables transitions, so that axe-core sees the final colors of a theme immediately. */
const DISABLE_TRANSITIONS = `
  const still = new CSSStyleSheet();
  still.replaceSync('*, *::before, *::after { transition: none !important; animation-duration: 1ms !important; }');
  document.adoptedStyleSheets = [still];
`;
const AFTER_NEXT_PAINT =
  'new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(() => resolve(true))))';

/**
 * Disables rules whose violations are not collected, such as `region`, and enables `target-size`, which is
 * new in WCAG 2.2. `_audit` is private, checked with axe-core 4.14.1: `axe.getRules()` returns no impacts.
 */
const SELECT_RULES = `
  axe.configure({
    rules: axe._audit.rules
      .filter(({ impact }) => impact !== 'serious' && impact !== 'critical')
      .map(({ id }) => ({ id, enabled: false }))
      .concat({ id: 'target-size', enabled: true }),
  });
`;

interface Violation {
  id: string;
  impact: string;
  nodes: { html: string }[];
}

/** Options of a browser context for axe-core, which the console's Content Security Policy would block. */
export const AXE_CONTEXT_OPTIONS: BrowserContextOptions = {
  bypassCSP: true,
  colorScheme: 'light',
};

/** Accessibility checks with axe-core. Collects serious and critical violations. */
export class Axe {
  private readonly violations: string[] = [];

  private constructor(
    readonly page: Page,
    private readonly themes: readonly Theme[],
  ) {}

  static async on(page: Page, themes: readonly Theme[] = ['light', 'dark']): Promise<Axe> {
    await page.addInitScript(AXE + SELECT_RULES + DISABLE_TRANSITIONS);
    return new Axe(page, themes);
  }

  /** Checks the current state of the page: in themes after the first, only its colors. */
  async check(screen: string): Promise<void> {
    for (const [index, theme] of this.themes.entries()) {
      await this.page.emulateMedia({ colorScheme: theme });
      const options = index === 0 ? {} : { runOnly: { type: 'rule', values: COLOR_RULES } };
      await this.run(`${screen}, ${theme}`, options);
    }
  }

  /** Returns the violations since the last call, one per line. */
  takeViolations(): string[] {
    return this.violations.splice(0);
  }

  private async run(where: string, options: object): Promise<void> {
    await this.page.evaluate(AFTER_NEXT_PAINT);
    // Elements below an open menu cannot be clicked, even if they are partly visible.
    const isCovered = (await this.page.locator('.cdk-overlay-backdrop').count()) > 0;
    const { violations } = await this.page.evaluate<{ violations: Violation[] }>(
      `axe.run(${JSON.stringify({ resultTypes: ['violations'], ...options, ...(isCovered && COVERED) })})`,
    );
    const serious = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical');
    this.violations.push(
      ...serious.map(({ id, nodes }) => `${where}: ${id}: ${nodes.map(({ html }) => html).join(' | ')}`),
    );
  }
}
