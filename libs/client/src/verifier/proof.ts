import type { AuthMethod } from '@latchkey/auth-models';
import { type Principal } from './verifier.js';

/** Proof that the session of a token must have. API tokens have none. */
export interface ProofDemands {
  /** Maximum age of the last login or step-up, in whole seconds. */
  readonly fresh?: number;
  /** Methods, such as `otp`, of which the session must have one. */
  readonly methods?: readonly AuthMethod[];
}

const METHODS = ['pwd', 'otp', 'recovery_code', 'passkey'] as const satisfies readonly AuthMethod[];
/** 366 days, as on the server. */
const FRESH_MAX = 31_622_400;

/**
 * Whether a session has the demanded proof. The age is in whole seconds, because the server sends the time of
 * the proof in seconds.
 *
 * @param now time of day, in milliseconds.
 */
export function hasProof(
  { authTime, authMethods = [] }: Principal,
  { fresh, methods }: ProofDemands,
  now: number,
): boolean {
  if (!demandsProof({ fresh, methods })) {
    return true;
  }
  const isFresh =
    fresh === undefined || Math.floor(now / 1_000) - Date.parse(authTime ?? '') / 1_000 <= fresh;
  return authTime !== undefined && isFresh && hasMethod(authMethods, methods);
}

/** Whether any proof is demanded. */
export function demandsProof({ fresh, methods }: ProofDemands): boolean {
  return fresh !== undefined || methods !== undefined;
}

/** Whether a session has one of the demanded methods. */
export function hasMethod(own: readonly string[], methods: readonly string[] | undefined): boolean {
  return methods === undefined || methods.some((method) => own.includes(method));
}

/** Checks demands. @throws TypeError if a misspelt member or value would accept all sessions, or none. */
export function checkProofDemands(demands: ProofDemands): void {
  const { fresh, methods } = demands;
  if ('fresh' in demands && !(Number.isInteger(fresh) && Number(fresh) >= 1 && Number(fresh) <= FRESH_MAX)) {
    throw new TypeError(`"fresh" must be a whole number of seconds from 1 to ${FRESH_MAX}.`);
  }
  if ('methods' in demands && !isListOfMethods(methods)) {
    throw new TypeError(`"methods" must be an array with one or several of ${METHODS.join(', ')}.`);
  }
}

function isListOfMethods(methods: unknown): boolean {
  return (
    Array.isArray(methods) &&
    methods.length > 0 &&
    methods.every((method) => (METHODS as readonly unknown[]).includes(method))
  );
}
