import { Injectable } from '@nestjs/common';
import {
  EVENT_TARGETS_MAX,
  WEBHOOK_SECRET_GRACE_HOURS,
  type CreateEventTargetDto,
  type EventTargetDto,
  type UpdateEventTargetDto,
} from '@latchkey/auth-models';
import { AuditEntries } from '../../audit/search/audit-entries.service.js';
import { AuditService, changedMembers } from '../../audit/trail/audit.service.js';
import { ApplicationError } from '../../common/application-error.js';
import { Clock, toRfc3339 } from '../../common/clock.service.js';
import { type Principal } from '../../common/request/principal.js';
import { checkVersion, type VersionCondition } from '../../common/request/version-condition.js';
import { Writes } from '../../platform/database/writes.service.js';
import { EscalationPolicy } from '../../permissions/escalation-policy.service.js';
import { EventDeliveriesRepository } from '../deliveries/event-deliveries.repository.js';
import { type EventTarget } from './event-target.entity.js';
import { EventTargetListService } from './event-target-list.service.js';
import { checkComplete, EventTargetMembers } from './event-target-members.service.js';
import { EventTargetsRepository } from './event-targets.repository.js';
import { auditedTarget, toEventTargetDto } from './event-target.mapper.js';
import { TargetSecrets } from './target-secrets.service.js';

/** Creates, changes and deletes event targets, and rotates their secrets. */
@Injectable()
export class EventTargetsService {
  constructor(
    private readonly repository: EventTargetsRepository,
    private readonly list: EventTargetListService,
    private readonly members: EventTargetMembers,
    private readonly deliveries: EventDeliveriesRepository,
    private readonly secrets: TargetSecrets,
    private readonly escalation: EscalationPolicy,
    private readonly entries: AuditEntries,
    private readonly audit: AuditService,
    private readonly writes: Writes,
    private readonly clock: Clock,
  ) {}

  /**
   * Creates a target. The result has the secret of a signed webhook.
   *
   * @throws ApplicationError `validation_failed`, `name_taken` or `conflict`.
   */
  create(dto: CreateEventTargetDto, actor: Principal): Promise<EventTargetDto> {
    const { name, kind, types, enabled = true, ...optional } = dto;
    const members = { ...optional, types };
    this.members.check(kind, members, actor);
    return this.writes.transaction(async (tx) => {
      await this.escalation.lockAndRefresh(actor, tx);
      if ((await this.repository.count(tx)) >= EVENT_TARGETS_MAX) {
        throw new ApplicationError('conflict', {
          detail: `There are ${EVENT_TARGETS_MAX} event targets, the maximum. Delete one first.`,
        });
      }
      const isWebhook = kind === 'webhook';
      const columns = {
        name,
        kind,
        url: null,
        format: isWebhook ? ('standard' as const) : null,
        addresses: '',
        toOwners: false,
        schedule: isWebhook ? null : ('immediate' as const),
        language: isWebhook ? null : ('en' as const),
        types: '',
        userId: null,
        userName: null,
        api: null,
        enabled,
        disabledReason: null,
        failingSince: null,
        sealedSecret: null,
        oldSealedSecret: null,
        oldSecretExpirationTime: null,
        startSequence: await this.entries.newest(tx),
        ...(await this.members.columnsOf(members, tx)),
      };
      checkComplete(columns);
      const created = columns.format === 'standard' ? this.secrets.create(name) : undefined;
      const target = await this.repository.insert(
        { ...columns, ...(created && { sealedSecret: created.sealedSecret }) },
        tx,
      );
      await this.audit.recordNamed(
        'event_target_created',
        'event_target',
        name,
        actor,
        { after: auditedTarget(target) },
        tx,
      );
      return { ...toEventTargetDto(target, 0, actor), ...(created && { secret: created.secret }) };
    }, 'none');
  }

  /**
   * Changes a target. A patch without changes keeps the version and adds no audit entry.
   *
   * @throws ApplicationError `validation_failed`, `not_found`, `conflict`, or an error of the condition.
   */
  async update(
    name: string,
    dto: UpdateEventTargetDto,
    condition: VersionCondition,
    actor: Principal,
  ): Promise<EventTargetDto> {
    const { version: _, ...members } = dto;
    const { target, secret } = await this.writes.transaction(async (tx) => {
      await this.escalation.lockAndRefresh(actor, tx);
      const before = await this.repository.getByName(name, tx);
      checkVersion(condition, before.version);
      this.members.check(before.kind, members, actor, before.types);
      const edit = {
        ...(await this.members.columnsOf(members, tx, before)),
        ...(members.enabled === true &&
          !before.enabled && {
            disabledReason: null,
            failingSince: null,
            startSequence: await this.entries.newest(tx),
          }),
      };
      checkComplete({ ...before, ...edit });
      if (members.enabled === true || members.url !== undefined) {
        await this.deliveries.endPauses(name, this.clock.now(), tx);
      }
      const changes = changesOf(before, { ...before, ...edit });
      if (!changes) {
        return { target: before, secret: undefined };
      }
      const isSigned = (edit.format ?? before.format) === 'standard';
      const created = isSigned && before.sealedSecret === null ? this.secrets.create(name) : undefined;
      const stored = { ...edit, ...(created && { sealedSecret: created.sealedSecret }) };
      const updated = await this.repository.update(before, stored, condition, tx);
      if (members.enabled === false) {
        await this.deliveries.failWaiting(name, 'The target was disabled.', tx);
      }
      await this.audit.recordNamed('event_target_updated', 'event_target', name, actor, changes, tx);
      return { target: updated, secret: created?.secret };
    }, 'none');
    return { ...(await this.list.describe(target, actor)), ...(secret !== undefined && { secret }) };
  }

  /**
   * Deletes a target with its deliveries.
   *
   * @throws ApplicationError `not_found`, or an error of the condition.
   */
  async delete(name: string, condition: VersionCondition | undefined, actor: Principal): Promise<void> {
    await this.writes.transaction(async (tx) => {
      await this.escalation.lockAndRefresh(actor, tx);
      const target = await this.repository.getByName(name, tx);
      checkVersion(condition, target.version);
      await this.repository.delete(target, condition, tx);
      const change = { before: auditedTarget(target) };
      await this.audit.recordNamed('event_target_deleted', 'event_target', name, actor, change, tx);
    }, 'none');
  }

  /**
   * Replaces the secret of a webhook. The old one also signs for a day, and an older one no longer.
   *
   * @throws ApplicationError `not_found`, or `conflict` if the target does not sign, or an error of the
   *   condition.
   */
  async rotate(
    name: string,
    condition: VersionCondition | undefined,
    actor: Principal,
  ): Promise<EventTargetDto> {
    const { target, secret } = await this.writes.transaction(async (tx) => {
      await this.escalation.lockAndRefresh(actor, tx);
      const before = await this.repository.getByName(name, tx);
      checkVersion(condition, before.version);
      if (before.format !== 'standard') {
        throw new ApplicationError('conflict', {
          detail: 'Only webhooks with the format "standard" have a secret.',
        });
      }
      const created = this.secrets.create(name);
      const oldSecretExpirationTime = this.clock.now() + WEBHOOK_SECRET_GRACE_HOURS * 3_600_000;
      const edit = {
        sealedSecret: created.sealedSecret,
        oldSealedSecret: before.sealedSecret,
        oldSecretExpirationTime,
      };
      const updated = await this.repository.update(before, edit, condition, tx);
      const after = { oldSecretExpirationTime: toRfc3339(oldSecretExpirationTime) };
      await this.audit.recordNamed('event_target_rotated', 'event_target', name, actor, { after }, tx);
      return { target: updated, secret: created.secret };
    }, 'none');
    return { ...(await this.list.describe(target, actor)), secret };
  }
}

/** Returns the changes to record. A new user with the name of a deleted one is a change too. */
function changesOf(before: EventTarget, after: EventTarget) {
  const { userName: user } = after;
  const isOtherUser = before.userId !== after.userId;
  return (
    changedMembers(auditedTarget(before), auditedTarget(after)) ??
    (isOtherUser ? { before: { user }, after: { user } } : undefined)
  );
}
