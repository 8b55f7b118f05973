export { latchkeyInterceptor } from './latchkey-interceptor.js';
export { type LatchkeyOptions, type SignOutReason } from './latchkey-options.js';
export {
  LatchkeySession,
  type SessionState,
  type SignInReason,
  type StepUpProof,
  withoutToken,
} from './latchkey-session.js';
export { provideLatchkey } from './provide-latchkey.js';
