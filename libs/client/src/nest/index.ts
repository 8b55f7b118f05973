import 'reflect-metadata';

export * from '../verifier/index.js';
export { LATCHKEY_VERIFIER, LatchkeyGuard } from './latchkey.guard.js';
export { LatchkeyModule, type LatchkeyModuleAsyncOptions } from './latchkey.module.js';
export {
  Authenticated,
  CurrentPrincipal,
  Public,
  RequirePermissions,
  RequireProof,
  RequireRoles,
} from './policy.js';
