import { type Locator } from 'playwright-core';

/** Clicks, and counts how often. */
export class CountedClicks {
  /** How often it clicked. */
  count = 0;

  async click(target: Locator): Promise<void> {
    this.count += 1;
    await target.click();
  }
}
