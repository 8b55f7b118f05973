import { chromium } from 'playwright-core';
import { chromiumLaunchOptions } from './chromium-options.mjs';

/** Jest's global setup: starts one Chromium for all test files. */
export default async function setUp() {
  const server = await chromium.launchServer({ ...(await chromiumLaunchOptions()), host: '127.0.0.1' });
  globalThis.chromiumServer = server;
  process.env.LATCHKEYTEST_CHROMIUM = server.wsEndpoint();
}
