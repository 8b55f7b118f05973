import {
  chromium,
  type Browser,
  type BrowserContext,
  type BrowserContextOptions,
  type Page,
} from 'playwright-core';

/** What a page did that no page of the console may do. */
export interface Misbehaviour {
  kind: 'basic challenge' | 'console' | 'csp' | 'exception' | 'foreign request';
  text: string;
}

/** A real Chromium that looks at the console and writes down what goes wrong. */
export class ConsoleBrowser {
  /** Everything that went wrong, on all pages. */
  readonly misbehaviour: Misbehaviour[] = [];

  private constructor(
    private readonly browser: Browser,
    readonly baseUrl: string,
  ) {}

  static async launch(baseUrl: string): Promise<ConsoleBrowser> {
    const options = process.env.LATCHKEYTEST_CHROMIUM;
    if (!options) {
      throw new Error('No Chromium was prepared; the jest project needs chromium.global-setup');
    }
    return new ConsoleBrowser(await chromium.launch(JSON.parse(options) as object), baseUrl);
  }

  /** A browser profile of its own: cookies and storage of nobody else. */
  async profile(options: BrowserContextOptions = {}): Promise<BrowserContext> {
    const context = await this.browser.newContext({
      baseURL: this.baseUrl,
      viewport: { width: 1280, height: 800 },
      ...options,
    });
    context.setDefaultTimeout(20_000);
    context.on('page', (page) => this.watch(page));
    return context;
  }

  /** Opens an address of the console in a profile of its own. */
  async open(path: string, options?: BrowserContextOptions): Promise<Page> {
    const page = await (await this.profile(options)).newPage();
    await page.goto(path);
    return page;
  }

  close(): Promise<void> {
    return this.browser.close();
  }

  private watch(page: Page): void {
    const note = (kind: Misbehaviour['kind'], text: string) => this.misbehaviour.push({ kind, text });
    page.on('console', (message) => {
      // Chromium itself reports each answer of 4xx and 5xx; tests that provoke one look at the page.
      if (
        ['error', 'warning'].includes(message.type()) &&
        !message.text().startsWith('Failed to load resource')
      ) {
        note(
          /content security policy|trusted ?type/i.test(message.text()) ? 'csp' : 'console',
          message.text(),
        );
      }
    });
    page.on('pageerror', (error) => note('exception', error.message));
    page.on('response', (response) => {
      // Chromium would cover the page with a dialog of its own (B53).
      const challenge = response.headers()['www-authenticate'] ?? '';
      if (/\bbasic\b/i.test(challenge)) {
        note('basic challenge', `${response.url()}: ${challenge}`);
      }
    });
    page.on('request', (request) => {
      if (!request.url().startsWith(this.baseUrl) && !request.url().startsWith('data:')) {
        note('foreign request', request.url());
      }
    });
  }
}
