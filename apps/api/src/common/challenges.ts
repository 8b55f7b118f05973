import { Injectable } from '@nestjs/common';
import { type ErrorCode } from '@latchkey/auth-models';
import { type FastifyRequest } from 'fastify';

/** Chooses the value of `WWW-Authenticate` for a request that is answered with 401. */
export type Challenge = (request: FastifyRequest, code: ErrorCode) => string;

/** Lets `auth/` decide the challenge of every 401, wherever it was thrown. */
@Injectable()
export class Challenges {
  private challenge: Challenge | undefined;

  use(challenge: Challenge): void {
    this.challenge = challenge;
  }

  of(request: FastifyRequest, code: ErrorCode): string | undefined {
    return this.challenge?.(request, code);
  }
}
