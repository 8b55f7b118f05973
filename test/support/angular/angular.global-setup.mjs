import { prepareAngular } from './prepare-angular.mjs';

/** Jest's global setup of the tests in jsdom. */
export default function setUp() {
  return prepareAngular(process.env.LATCHKEYTEST_ANGULAR ?? '');
}
