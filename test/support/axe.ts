import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { type BrowserContextOptions, type Page } from 'playwright-core';

const AXE = readFileSync(
  createRequire(join(process.cwd(), 'package.json')).resolve('axe-core/axe.min.js'),
  'utf8',
);

/** The rules on colours, which alone can find more in another theme. */
const COLOUR_RULES = ['color-contrast', 'link-in-text-block'];

/** Colours are judged when nothing moves any more; without transitions a theme is there at once. */
const STAND_STILL = `
  const still = new CSSStyleSheet();
  still.replaceSync('*, *::before, *::after { transition: none !important; animation-duration: 1ms !important; }');
  document.adoptedStyleSheets = [still];
`;
const IS_DRAWN =
  'new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(() => resolve(true))))';

interface Finding {
  id: string;
  impact: string;
  nodes: { html: string }[];
}

/** What a browser profile needs: the console's policy forbids foreign scripts, so that axe-core has to go around it. */
export const FOR_AXE: BrowserContextOptions = {
  bypassCSP: true,
  reducedMotion: 'reduce',
  colorScheme: 'light',
};

/** Lets axe-core look at pages, in both themes, and keeps what it finds that keeps somebody out. */
export class Axe {
  private readonly found: string[] = [];

  private constructor(readonly page: Page) {}

  static async on(page: Page): Promise<Axe> {
    await page.addInitScript(AXE + STAND_STILL);
    return new Axe(page);
  }

  /** Looks at the page as it is now. */
  async look(screen: string): Promise<void> {
    await this.run(`${screen}, light`, {});
    await this.page.emulateMedia({ colorScheme: 'dark' });
    await this.run(`${screen}, dark`, { runOnly: { type: 'rule', values: COLOUR_RULES } });
    await this.page.emulateMedia({ colorScheme: 'light' });
  }

  /** What has been found since this was asked last, a line each. */
  takeFindings(): string[] {
    return this.found.splice(0);
  }

  private async run(where: string, options: object): Promise<void> {
    await this.page.evaluate(IS_DRAWN);
    const { violations } = await this.page.evaluate<{ violations: Finding[] }>(
      `axe.run(${JSON.stringify({ resultTypes: ['violations'], ...options })})`,
    );
    const serious = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical');
    this.found.push(
      ...serious.map(({ id, nodes }) => `${where}: ${id}: ${nodes.map(({ html }) => html).join(' | ')}`),
    );
  }
}
