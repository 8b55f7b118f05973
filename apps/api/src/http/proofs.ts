import { applyDecorators, HttpCode } from '@nestjs/common';
import { ApiNoContentResponse, ApiOkResponse } from '@nestjs/swagger';
import { RevocationProofDto } from '@latchkey/auth-models';
import { type FastifyReply } from 'fastify';
import { type Proof, type RevocationProof } from '../platform/revocation/revocation-proof.js';

/** Documents a revocation that can wait for acknowledgements, and sets its status without `await`. */
export function ApiProof({ type = RevocationProofDto, description = ACKNOWLEDGED } = {}): MethodDecorator {
  return applyDecorators(
    HttpCode(204),
    ApiNoContentResponse(),
    ApiOkResponse({ type, description: `With \`await\`: ${description}` }),
  );
}

const ACKNOWLEDGED = 'the number of verifiers and replicas, and how many have acknowledged the revocation.';

/** Waits for the acknowledgements of what was committed, and sets the status; `undefined` if the request has no `await`. */
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
