export { LatchkeyError, type LatchkeyErrorCode, type LatchkeyErrorOptions } from './latchkey-error.js';
