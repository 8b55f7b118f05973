import { Injectable } from '@nestjs/common';
import {
  EVENT_TARGET_SORT_FIELDS,
  EVENT_TARGETS_MAX,
  WEBHOOK_SECRET_GRACE_HOURS,
  type CreateEventTargetDto,
  type EventTargetDto,
  type EventTargetListQueryDto,
  type UpdateEventTargetDto,
} from '@latchkey/auth-models';
import { AuditEntries } from '../audit/search/audit-entries.service.js';
import { AuditService, changedMembers } from '../audit/trail/audit.service.js';
import { ApplicationError, errorAt } from '../common/application-error.js';
import { Clock, DAY_MILLISECONDS, toRfc3339 } from '../common/clock.service.js';
import { type Principal } from '../common/request/principal.js';
import { checkVersion, type VersionCondition } from '../common/request/version-condition.js';
import { type SendableList } from '../http/lists/send-list.js';
import { memoryList } from '../http/lists/sorted-lists.js';
import { Config } from '../platform/config/config.js';
import { listSlice } from '../platform/database/queries/list-queries.js';
import { Writes, type WriteTransaction } from '../platform/database/writes.service.js';
import { UsersService } from '../users/users.service.js';
import { EventDeliveriesRepository } from './event-deliveries.repository.js';
import { type EventTarget } from './event-target.entity.js';
import { EventTargetsRepository } from './event-targets.repository.js';
import { auditedTarget, toEventTargetDto, visibleUrl } from './event-target.mapper.js';
import { TargetSecrets } from './target-secrets.service.js';
import { webhookUrlProblem } from './webhooks/receiver-rules.js';

const COLUMNS = [
  'name',
  'kind',
  'url',
  'format',
  'addresses',
  'toOwners',
  'schedule',
  'language',
  'types',
  'user',
  'api',
  'enabled',
  'disabledReason',
  'failingSince',
  'waiting',
  'oldSecretExpirationTime',
  'creationTime',
  'version',
] as const;

/** Members that only targets of the other kind have. */
const FOREIGN = {
  webhook: ['addresses', 'toOwners', 'schedule', 'language'],
  email: ['url', 'format'],
} as const;

/** Members of a request that a target stores. */
type TargetMembers = Omit<UpdateEventTargetDto, 'version'>;

/** Lists, creates, changes and deletes event targets. */
@Injectable()
export class EventTargetsService {
  constructor(
    private readonly repository: EventTargetsRepository,
    private readonly deliveries: EventDeliveriesRepository,
    private readonly secrets: TargetSecrets,
    private readonly entries: AuditEntries,
    private readonly users: UsersService,
    private readonly audit: AuditService,
    private readonly writes: Writes,
    private readonly config: Config,
    private readonly clock: Clock,
  ) {}

  /** Returns the matching targets, ordered by name by default. It sorts the few targets in memory. */
  find(query: EventTargetListQueryDto, reader: Principal): SendableList<EventTargetDto> {
    const text = (query.q ?? '').toLowerCase();
    const aDayAgo = this.clock.now() - DAY_MILLISECONDS;
    return memoryList({
      columns: COLUMNS,
      slice: listSlice(query, EVENT_TARGET_SORT_FIELDS, { field: 'name', isDescending: false }),
      findAll: async () =>
        (await this.repository.findAll()).filter(
          (target) =>
            // Not the stored URL: a reader who does not see its path could guess it letter by letter.
            [target.name, visibleUrl(target, reader) ?? '', target.addresses].some((one) =>
              one.toLowerCase().includes(text),
            ) &&
            (query.failing === undefined || query.failing === isFailing(target, aDayAgo)),
        ),
      toDtos: async (targets: readonly EventTarget[]) => {
        const waiting = await this.deliveries.countWaiting();
        return targets.map((target) => toEventTargetDto(target, waiting.get(target.name) ?? 0, reader));
      },
    });
  }

  /** @throws ApplicationError `not_found`. */
  async get(name: string, reader: Principal): Promise<EventTargetDto> {
    return this.describe(await this.repository.getByName(name), reader);
  }

  /**
   * Creates a target. The result has the secret of a signed webhook.
   *
   * @throws ApplicationError `validation_failed`, `name_taken` or `conflict`.
   */
  create(dto: CreateEventTargetDto, actor: Principal): Promise<EventTargetDto> {
    const { name, kind, types, enabled = true, ...optional } = dto;
    const members = { ...optional, types };
    this.checkMembers(kind, members);
    return this.writes.transaction(async (tx) => {
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
        ...(await this.columnsOf(members, tx)),
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
      const before = await this.repository.getByName(name, tx);
      checkVersion(condition, before.version);
      this.checkMembers(before.kind, members);
      const edit = {
        ...(await this.columnsOf(members, tx)),
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
    return { ...(await this.describe(target, actor)), ...(secret !== undefined && { secret }) };
  }

  /**
   * Deletes a target with its deliveries.
   *
   * @throws ApplicationError `not_found`, or an error of the condition.
   */
  async delete(name: string, condition: VersionCondition | undefined, actor: Principal): Promise<void> {
    await this.writes.transaction(async (tx) => {
      const target = await this.repository.getByName(name, tx);
      checkVersion(condition, target.version);
      await this.repository.delete(target, condition, tx);
      const change = { before: auditedTarget(target) };
      await this.audit.recordNamed('event_target_deleted', 'event_target', name, actor, change, tx);
    }, 'none');
  }

  /**
   * Replaces the secret of a webhook. The old one also signs for a day.
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
    return { ...(await this.describe(target, actor)), secret };
  }

  private async describe(target: EventTarget, reader: Principal): Promise<EventTargetDto> {
    const waiting = await this.deliveries.countWaiting();
    return toEventTargetDto(target, waiting.get(target.name) ?? 0, reader);
  }

  /** @throws ApplicationError `validation_failed` for a member of the other kind, or a bad URL. */
  private checkMembers(kind: EventTarget['kind'], members: TargetMembers): void {
    const foreign = FOREIGN[kind].find((member) => members[member as keyof TargetMembers] !== undefined);
    if (foreign !== undefined) {
      throw errorAt(`/${foreign}`, 'not_for_kind', `${foreign} is not for targets of the kind ${kind}`);
    }
    const problem = members.url === undefined ? undefined : webhookUrlProblem(members.url, this.config);
    if (problem !== undefined) {
      throw errorAt('/url', 'webhook_url', problem);
    }
  }

  private async columnsOf(
    { user, types, addresses, ...members }: TargetMembers,
    tx: WriteTransaction,
  ): Promise<Partial<EventTarget>> {
    return {
      ...members,
      ...(types !== undefined && { types: [...types].sort().join(',') }),
      ...(addresses !== undefined && { addresses: addresses.join(',') }),
      ...(user === null && { userId: null, userName: null }),
      ...(typeof user === 'string' && (await this.filterBy(user, tx))),
    };
  }

  private async filterBy(name: string, tx: WriteTransaction): Promise<Partial<EventTarget>> {
    try {
      const user = await this.users.getByName(name, tx);
      return { userId: user.id, userName: user.name };
    } catch (error) {
      throw error instanceof ApplicationError && error.code === 'not_found'
        ? errorAt('/user', 'unknown_user', 'there is no user with this name')
        : error;
    }
  }
}

/** Whether the server disabled a target, or its deliveries have failed since before a time. */
function isFailing({ enabled, disabledReason, failingSince }: EventTarget, before: number): boolean {
  return disabledReason !== null || (enabled && failingSince !== null && failingSince <= before);
}

/** Returns the changes to record, also if another user has the name of the former one, who was deleted. */
function changesOf(before: EventTarget, after: EventTarget) {
  const { userName: user } = after;
  const isOtherUser = before.userId !== after.userId;
  return (
    changedMembers(auditedTarget(before), auditedTarget(after)) ??
    (isOtherUser ? { before: { user }, after: { user } } : undefined)
  );
}

/** @throws ApplicationError `validation_failed` if a target has nowhere to send to. */
function checkComplete({ kind, url, addresses, toOwners }: Partial<EventTarget>): void {
  if (kind === 'webhook' && !url) {
    throw errorAt('/url', 'required', 'a webhook needs a url');
  }
  if (kind === 'email' && !addresses && !toOwners) {
    throw errorAt('/addresses', 'required', 'e-mail needs addresses, or toOwners');
  }
}
