export { LatchkeyError } from '../http/latchkey-error.js';
export { type RequestHeaders } from './credentials.js';
export { type ProofDemands } from './proof.js';
export { VerificationError, type ErrorResponse, type VerificationErrorCode } from './verification-error.js';
export {
  createVerifier,
  type Origin,
  type Principal,
  reportRejection,
  requireScope,
  type Verifier,
  type VerifierOptions,
  type VerifierStatus,
  type VerifyOptions,
} from './verifier.js';
