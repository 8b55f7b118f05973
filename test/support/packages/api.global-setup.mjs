import config from '../../../jest.config.cjs';
import { prepareApi } from './prepare-api.mjs';

/** Jest's global setup of the tests of the whole API. */
export default function setUp() {
  return prepareApi(process.env.LATCHKEYTEST_API ?? '', config.compilerOptions);
}
