import { Injectable } from '@nestjs/common';
import { type AuditAction } from '@latchkey/auth-models';
import { AuditService } from '../audit/audit.service.js';
import { ApplicationError } from '../common/application-error.js';
import { Clock } from '../common/clock.js';
import { type Principal } from '../common/principal.js';
import { Writes } from '../database/writes.js';
import { TokensRepository } from './tokens.repository.js';

/** Ends tokens. What is revoked stays revoked. */
@Injectable()
export class RevocationsService {
  constructor(
    private readonly tokens: TokensRepository,
    private readonly audit: AuditService,
    private readonly writes: Writes,
    private readonly clock: Clock,
  ) {}

  /** Ends the presented token. @throws ApplicationError `token_revoked` if another request just did. */
  async logOut(actor: Principal): Promise<void> {
    const id = actor.token?.id ?? '';
    if (!(await this.revoke(id, 'authn_logout', actor))) {
      throw new ApplicationError('token_revoked');
    }
  }

  /** Ends a token of the caller's own. @throws ApplicationError `not_found`, alike for unknown and other people's. */
  async revokeOwn(id: string, actor: Principal): Promise<void> {
    const token = await this.tokens.findById(id);
    if (token?.userId !== actor.id || !(await this.revoke(id, 'authn_token_revoked', actor))) {
      throw new ApplicationError('not_found', {
        detail: 'You have no such token; it may have been revoked already.',
      });
    }
  }

  private revoke(id: string, action: AuditAction, actor: Principal): Promise<boolean> {
    return this.writes.transaction(async (tx) => {
      const isRevoked = await this.tokens.revoke(id, this.clock.now(), tx);
      if (isRevoked) {
        await this.audit.record(
          { action, actor, subject: { kind: 'token', id, name: actor.name }, origin: actor.origin },
          tx,
        );
      }
      return isRevoked;
    });
  }
}
