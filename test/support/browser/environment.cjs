const playwright = require('playwright-core');
const ApiEnvironment = require('../packages/api-environment.cjs');

/** Chromium of this process, which the test files use one after the other. */
let chromium;

/**
 * Environment with Playwright and Chromium, which are loaded and started once per process. Each test file
 * would need 0.6 s to load the one, and 0.7 s of processor time to start the other.
 */
module.exports = class BrowserEnvironment extends ApiEnvironment {
  constructor(config, context) {
    super(config, context);
    this.global.launchChromium = launchChromium;
  }

  async teardown() {
    if (chromium?.isConnected()) {
      await Promise.all(chromium.contexts().map((context) => context.close()));
      handlesOf(chromium).forEach((handle) => handle.unref());
    }
    await super.teardown();
  }
};

/** Starts Chromium, unless it is running already. */
async function launchChromium(options) {
  if (!chromium?.isConnected()) {
    chromium = await playwright.chromium.launch(options);
  }
  handlesOf(chromium).forEach((handle) => handle.ref());
  return chromium;
}

/**
 * Returns the process of Chromium and its pipes. While they are referenced, the process of the tests does not
 * exit. Chromium exits when its pipes are closed. `_connection` is private, checked with Playwright 1.65.1.
 */
function handlesOf(browser) {
  const process = browser._connection?.toImpl?.(browser)?.options?.browserProcess?.process;
  if (!process?.stdio) {
    throw new Error(
      `Cannot find the Chromium process in this version of Playwright. Update handlesOf() in ${__filename}.`,
    );
  }
  return [process, ...process.stdio.filter(Boolean)];
}
