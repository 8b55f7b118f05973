import { applyDecorators, HttpCode } from '@nestjs/common';
import { ApiNoContentResponse, ApiOkResponse } from '@nestjs/swagger';
import { RevocationProofDto } from '@latchkey/auth-models';
import { type FastifyReply } from 'fastify';
import { type Proof, type RevocationProof } from '../platform/revocation/revocation-proof.js';

const ACKNOWLEDGED = 'the number of verifiers and replicas, and how many have acknowledged the revocation.';

/** Documents the responses of a revocation with and without `await`. Without it, the status is 204. */
export function ApiProof({ type = RevocationProofDto, description = ACKNOWLEDGED } = {}): MethodDecorator {
  return applyDecorators(
    HttpCode(204),
    ApiNoContentResponse(),
    ApiOkResponse({ type, description: `With \`await\`: ${description}` }),
  );
}

/** Waits until the committed changes are acknowledged, and sets the status to 200. Returns `undefined` without `await`. */
export async function proofFor(
  seconds: number | undefined,
  proof: RevocationProof,
  reply: FastifyReply,
): Promise<Proof | undefined> {
  if (seconds === undefined) {
    return undefined;
  }
  reply.status(200);
  return proof.prove(seconds * 1_000);
}
