import { chromiumLaunchOptions } from './chromium-options.mjs';

/** Jest's global setup: unpacks Chromium once. Each test file starts its own. */
export default async function setUp() {
  process.env.LATCHKEYTEST_CHROMIUM = JSON.stringify(await chromiumLaunchOptions());
}
