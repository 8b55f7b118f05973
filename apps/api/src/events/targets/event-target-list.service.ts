import { Injectable } from '@nestjs/common';
import {
  EVENT_TARGET_SORT_FIELDS,
  type EventTargetDto,
  type EventTargetListQueryDto,
} from '@latchkey/auth-models';
import { Clock, DAY_MILLISECONDS } from '../../common/clock.service.js';
import { type Principal } from '../../common/request/principal.js';
import { type SendableList } from '../../http/lists/send-list.js';
import { memoryList } from '../../http/lists/sorted-lists.js';
import { listSlice } from '../../platform/database/queries/list-queries.js';
import { EventDeliveriesRepository } from '../deliveries/event-deliveries.repository.js';
import { type EventTarget } from './event-target.entity.js';
import { EventTargetsRepository } from './event-targets.repository.js';
import { toEventTargetDto, visibleUrl } from './event-target.mapper.js';

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

/** Lists and describes event targets. */
@Injectable()
export class EventTargetListService {
  constructor(
    private readonly repository: EventTargetsRepository,
    private readonly deliveries: EventDeliveriesRepository,
    private readonly clock: Clock,
  ) {}

  /** Returns the matching targets, by default in order of name. Sorts in memory, as there are few. */
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

  /** Returns the DTO of a target. */
  async describe(target: EventTarget, reader: Principal): Promise<EventTargetDto> {
    const waiting = await this.deliveries.countWaiting([target.name]);
    return toEventTargetDto(target, waiting.get(target.name) ?? 0, reader);
  }
}

/** Whether the server disabled a target, or its deliveries have failed since before a time. */
function isFailing({ enabled, disabledReason, failingSince }: EventTarget, before: number): boolean {
  return disabledReason !== null || (enabled && failingSince !== null && failingSince <= before);
}
