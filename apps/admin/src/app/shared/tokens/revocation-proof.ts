import type { RevocationProofDto } from '@latchkey/auth-models';
import type { Texts } from '../../core/texts/texts';

/** Seconds to wait until verifiers and replicas have acknowledged a revocation. */
export const AWAIT_SECONDS = 2;

/** Returns the message after a revocation. If there are verifiers, it states how many reject the tokens. */
export function withProof(done: string, proof: RevocationProofDto | undefined, { tokens }: Texts): string {
  const { verifiers, acknowledged, milliseconds } = proof ?? NO_PROOF;
  return verifiers === 0
    ? done
    : `${done} ${tokens.revocation.rejectedBy(acknowledged, verifiers, milliseconds)}`;
}

const NO_PROOF = { verifiers: 0, acknowledged: 0, milliseconds: 0 };
