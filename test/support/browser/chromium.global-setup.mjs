import prepare from '../packages/api.global-setup.mjs';
import { chromiumLaunchOptions } from './chromium-options.mjs';

/** Jest's global setup: unpacks Chromium once. Each worker starts it once. */
export default async function setUp() {
  await prepare();
  process.env.LATCHKEYTEST_CHROMIUM = JSON.stringify(await chromiumLaunchOptions());
}
