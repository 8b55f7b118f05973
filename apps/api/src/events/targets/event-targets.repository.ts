import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { type TargetDisabledReason } from '@latchkey/auth-models';
import { type Repository } from 'typeorm';
import { Clock, type EpochMilliseconds } from '../../common/clock.service.js';
import { NamedRepository } from '../../platform/database/named.repository.js';
import { type WriteTransaction } from '../../platform/database/writes.service.js';
import { EventTarget } from './event-target.entity.js';

/** Queries on event targets, of which there are at most `EVENT_TARGETS_MAX`. */
@Injectable()
export class EventTargetsRepository extends NamedRepository<EventTarget> {
  constructor(@InjectRepository(EventTarget) targets: Repository<EventTarget>, clock: Clock) {
    super(
      targets,
      {
        notFound: 'There is no event target with this name. GET /event-targets lists all targets.',
        nameTaken: (name) => `An event target named ${name} already exists. Choose another name.`,
      },
      clock,
    );
  }

  findEnabled(tx?: WriteTransaction): Promise<EventTarget[]> {
    return this.seenBy(tx).findBy({ enabled: true });
  }

  /** Stores since when deliveries to a target fail; null = the last one succeeded. */
  async setFailingSince(
    { name, creationTime }: EventTarget,
    failingSince: EpochMilliseconds | null,
    tx: WriteTransaction,
  ): Promise<void> {
    // With the time of creation, because another target may have the name by then.
    await tx.update(EventTarget, { name, creationTime }, { failingSince });
  }

  /** Disables a target. Returns false if it was changed, disabled or deleted before. */
  async disable(
    { name, version, creationTime }: EventTarget,
    disabledReason: TargetDisabledReason,
    tx: WriteTransaction,
  ): Promise<boolean> {
    const disabled = { enabled: false, disabledReason, version: () => '"version" + 1' };
    const unchanged = { name, version, creationTime, enabled: true };
    return (await tx.update(EventTarget, unchanged, disabled)).affected === 1;
  }
}
