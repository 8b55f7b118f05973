import { jest } from '@jest/globals';
import {
  type Browser,
  type BrowserContext,
  type BrowserContextOptions,
  type LaunchOptions,
  type Locator,
  type Page,
} from 'playwright-core';

declare global {
  /** Starts the Chromium of the process, unless it is running. From the environment of the jest project. */
  var launchChromium: (options: LaunchOptions) => Promise<Browser>;
}

// Waits end as soon as the page is ready. These limits stop a test that hangs, and leave room for a busy
// machine.
const WAIT_MILLISECONDS = 60_000;
jest.setTimeout(4 * WAIT_MILLISECONDS);

/** Behavior that no page of the console may have. */
export interface Misbehavior {
  kind: 'basic challenge' | 'console' | 'csp' | 'exception' | 'foreign request';
  text: string;
}

/**
 * Script that stops the console from preloading other pages, because the browser is never idle. Preloading
 * requests about 60 files after each load. Most tests need few of them.
 */
const NEVER_IDLE = 'window.requestIdleCallback = () => 0';

/** Options of a context, and whether its pages preload the other pages as in production. */
export type ContextOptions = BrowserContextOptions & { preloads?: boolean };

/** Contexts of a test file in Chromium. Records every misbehavior of their pages. */
export class ConsoleBrowser {
  readonly misbehavior: Misbehavior[] = [];

  private readonly contexts: BrowserContext[] = [];

  private constructor(
    private readonly browser: Browser,
    readonly baseUrl: string,
  ) {}

  /** Uses Chromium from the process of the test: through a server, each call would be encoded twice. */
  static async launch(baseUrl: string): Promise<ConsoleBrowser> {
    const options = process.env.LATCHKEYTEST_CHROMIUM;
    if (!options) {
      throw new Error(
        'Chromium is not prepared. Add browser/chromium.global-setup.mjs as globalSetup to the jest project.',
      );
    }
    return new ConsoleBrowser(await launchChromium(JSON.parse(options) as LaunchOptions), baseUrl);
  }

  /** Opens a context with its own cookies and storage. */
  async context({ preloads = false, ...options }: ContextOptions = {}): Promise<BrowserContext> {
    const context = await this.browser.newContext({
      baseURL: this.baseUrl,
      viewport: { width: 1280, height: 800 },
      // A dialog takes the focus when its animation ends, and then receives what a quick test types
      // elsewhere.
      reducedMotion: 'reduce',
      ...options,
    });
    this.contexts.push(context);
    context.setDefaultTimeout(WAIT_MILLISECONDS);
    context.on('page', (page) => this.watch(page));
    if (!preloads) {
      await context.addInitScript(NEVER_IDLE);
    }
    return context;
  }

  /** Opens a path of the console in a new context. */
  async open(path: string, options?: ContextOptions): Promise<Page> {
    const page = await (await this.context(options)).newPage();
    await page.goto(path);
    return page;
  }

  /** Closes all contexts. The next test file uses Chromium again. */
  async close(): Promise<void> {
    await Promise.all(this.contexts.map((context) => context.close()));
  }

  private watch(page: Page): void {
    const record = (kind: Misbehavior['kind'], text: string) => this.misbehavior.push({ kind, text });
    page.on('console', (message) => {
      // Chromium reports each 4xx and 5xx response. Tests that provoke one check the page instead.
      if (
        ['error', 'warning'].includes(message.type()) &&
        !message.text().startsWith('Failed to load resource')
      ) {
        record(
          /content security policy|trusted ?type/i.test(message.text()) ? 'csp' : 'console',
          message.text(),
        );
      }
    });
    page.on('pageerror', (error) => record('exception', error.message));
    page.on('response', (response) => {
      // Chromium would open a login dialog of its own (B53).
      const challenge = response.headers()['www-authenticate'] ?? '';
      if (/\bbasic\b/i.test(challenge)) {
        record('basic challenge', `${response.url()}: ${challenge}`);
      }
    });
    page.on('request', (request) => {
      if (!request.url().startsWith(this.baseUrl) && !request.url().startsWith('data:')) {
        record('foreign request', request.url());
      }
    });
  }
}

/** Counts the clicks of a test. */
export class ClickCounter {
  count = 0;

  async click(target: Locator): Promise<void> {
    this.count += 1;
    await target.click();
  }
}
