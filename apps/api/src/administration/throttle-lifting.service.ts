import { Injectable } from '@nestjs/common';
import { canonicalName } from '@latchkey/auth-models';
import { AuditService } from '../audit/audit.service.js';
import { type Principal } from '../common/principal.js';
import { Writes } from '../database/writes.js';
import { ThrottleService } from '../throttle/throttle.service.js';
import { Actors } from '../users/actors.js';
import { UsersRepository } from '../users/users.repository.js';

/** Lifts what failed log-ins have brought upon a name. */
@Injectable()
export class ThrottleLiftingService {
  constructor(
    private readonly users: UsersRepository,
    private readonly throttle: ThrottleService,
    private readonly actors: Actors,
    private readonly audit: AuditService,
    private readonly writes: Writes,
  ) {}

  /**
   * Lifts the throttle of a name in any spelling, and returns whether somebody has it. Names that nobody has are throttled,
   * too.
   */
  async lift(given: string, actor: Principal): Promise<boolean> {
    const name = canonicalName(given) ?? given;
    const user = await this.users.findByName(name);
    await this.writes.transaction(async (tx) => {
      await this.actors.lockFor(actor, tx);
      await this.throttle.lift(name, tx);
      await this.audit.record(
        {
          action: 'authn_throttle_lifted',
          actor,
          origin: actor.origin,
          subject: { kind: 'user', id: user?.id ?? null, name },
        },
        tx,
      );
    }, 'nobody');
    return user !== null;
  }
}
