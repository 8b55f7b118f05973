import { Injectable } from '@nestjs/common';
import { type ErrorCode } from '@latchkey/auth-models';
import { type FastifyRequest } from 'fastify';

/** Takes note of a request that is about to be answered with 403. Never fails. */
export type RefusalNote = (request: FastifyRequest, code: ErrorCode) => Promise<void>;

/** Lets `audit/` take note of every 403, wherever it was thrown. */
@Injectable()
export class Refusals {
  private takeNote: RefusalNote | undefined;

  use(note: RefusalNote): void {
    this.takeNote = note;
  }

  /** Resolves when the note is taken. */
  async note(request: FastifyRequest, code: ErrorCode): Promise<void> {
    await this.takeNote?.(request, code);
  }
}
