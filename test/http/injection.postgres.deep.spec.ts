import { testAllInputs } from '../support/sample-inputs.js';

testAllInputs();
await import('./injection.both.spec.js');
