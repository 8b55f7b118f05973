import { Injectable } from '@nestjs/common';
import {
  PAGE_SIZE_DEFAULT,
  type EventDto,
  type EventListQueryDto,
  type EventType,
} from '@latchkey/auth-models';
import { AuditEntries, type EntryWithSubjects } from '../audit/search/audit-entries.service.js';
import { AuditReads } from '../audit/search/audit-reads.service.js';
import { errorAt } from '../common/application-error.js';
import { type Principal } from '../common/request/principal.js';
import { type CursorPage, type SendableList } from '../http/lists/send-list.js';
import { actionsOf, toEvent, visibleTypes } from './event.mapper.js';

const COLUMNS = ['id', 'type', 'timestamp', 'data'] as const;

/** Entries that are read at once. Most are events. */
const ENTRIES = 200;

/** Entries that are read for one page at most. A page can have fewer events than requested. */
const ENTRIES_MAX = 2_000;

/** Query with the types of events that the reader may see. */
interface EventQuery extends Omit<EventListQueryDto, 'type'> {
  readonly types: readonly EventType[];
}

/** Lists events. */
@Injectable()
export class EventListService {
  constructor(
    private readonly entries: AuditEntries,
    private readonly reads: AuditReads,
  ) {}

  /** @throws ApplicationError `invalid_parameter` if the event in `after` does not exist. */
  async find(
    dto: EventListQueryDto,
    reader: Principal,
  ): Promise<SendableList<EventDto, CursorPage<EventDto>>> {
    const query = { ...dto, types: visibleTypes(reader, dto.type?.split(',')) };
    const start = query.after === undefined ? undefined : await this.sequenceOf(query.after);
    await this.reads.recordOnce(reader);
    return {
      columns: COLUMNS,
      page: () => (start === undefined ? this.newest(query) : this.following(query, start)),
      all: () => this.all(query, start ?? 0),
    };
  }

  private async newest({ size = PAGE_SIZE_DEFAULT, types }: EventQuery): Promise<CursorPage<EventDto>> {
    const items: EventDto[] = [];
    let before = Number.MAX_SAFE_INTEGER;
    for (let read = 0; read < ENTRIES_MAX && items.length < size; read += ENTRIES) {
      const found = await this.entries.readBefore(before, actionsOf(types), ENTRIES);
      items.push(...eventsIn(found, types));
      before = found.at(-1)?.entry.sequence ?? 0;
      if (found.length < ENTRIES) {
        break;
      }
    }
    return { items: items.slice(0, size), size };
  }

  private async following(
    { after = '', size = PAGE_SIZE_DEFAULT, types }: EventQuery,
    start: number,
  ): Promise<CursorPage<EventDto>> {
    const items: EventDto[] = [];
    let next = after;
    let sequence = start;
    for (
      let read = 0, hasMore = true;
      hasMore && read < ENTRIES_MAX && items.length < size;
      read += ENTRIES
    ) {
      const part = await this.entries.readAfter(sequence, actionsOf(types), ENTRIES);
      for (const found of part.entries) {
        if (items.length < size) {
          items.push(...eventsIn([found], types));
          // Entries that are no events move the cursor too.
          next = found.entry.id;
        }
      }
      sequence = part.last;
      hasMore = part.hasMore;
    }
    return { items, size, next: { after: next } };
  }

  private async *all({ types }: EventQuery, start: number): AsyncGenerator<EventDto[]> {
    let sequence = start;
    for (let hasMore = true; hasMore;) {
      const part = await this.entries.readAfter(sequence, actionsOf(types), ENTRIES);
      yield eventsIn(part.entries, types);
      sequence = part.last;
      hasMore = part.hasMore;
    }
  }

  private async sequenceOf(id: string): Promise<number> {
    const sequence = await this.entries.sequenceOf(id);
    if (sequence === undefined) {
      throw errorAt(
        '/after',
        'event_unknown',
        'the event does not exist or was removed; start without after',
        'invalid_parameter',
      );
    }
    return sequence;
  }
}

function eventsIn(entries: readonly EntryWithSubjects[], types: readonly EventType[]): EventDto[] {
  return entries.flatMap(({ entry, about }) => {
    const event = toEvent(entry, about);
    return event && types.includes(event.type) ? [event] : [];
  });
}
