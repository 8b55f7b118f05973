import { chromiumLaunchOptions } from './chromium.mjs';

/** Unpacks Chromium once, before test files that run side by side would. */
export default async function setUp() {
  process.env.LATCHKEYTEST_CHROMIUM = JSON.stringify(await chromiumLaunchOptions());
}
