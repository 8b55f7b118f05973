const playwright = require('playwright-core');
const ApiEnvironment = require('../packages/api-environment.cjs');

/** Environment with Playwright, which is loaded once per process: each test file would need 0.6 s for it. */
module.exports = class BrowserEnvironment extends ApiEnvironment {
  constructor(config, context) {
    super(config, context);
    this.global.playwright = playwright;
  }
};
