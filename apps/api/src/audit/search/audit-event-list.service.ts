import { setImmediate as otherWork } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { PAGE_SIZE_DEFAULT, type AuditEventDto, type AuditEventQueryDto } from '@latchkey/auth-models';
import { errorAt } from '../../common/application-error.js';
import { type Principal } from '../../common/request/principal.js';
import { readInParts } from '../../common/in-parts.js';
import { type CursorPage, type SendableList } from '../../http/lists/send-list.js';
import { auditFilter, type AuditFilter, formatCursor, parseCursor } from './audit-filter.js';
import { AuditEventListRepository } from './audit-event-list.repository.js';
import { type SequenceSpan } from './audit-search-sql.js';
import { type AuditEvent } from '../trail/audit-event.entity.js';
import { toAuditEventDto } from './audit-event.mapper.js';
import { AuditReads } from './audit-reads.service.js';

const COLUMNS = [
  'id',
  'time',
  'actor.id',
  'actor.name',
  'actor.tokenId',
  'subject.kind',
  'subject.id',
  'subject.name',
  'action',
  'outcome',
  'address',
  'traceId',
  'before',
  'after',
] as const;

/**
 * Maximum total length of `before` and `after` on one page, or in one part of an export. The entry of a bulk
 * change has up to 40,000 characters, and a page of 200 such entries would block all other requests.
 */
const PAGE_MAX_LENGTH = 131_072;

/** Entries that an export reads per statement. */
const ROWS_AT_ONCE = 100;

/** Requested entries and their order. */
interface AuditSelection {
  readonly filter: AuditFilter;
  readonly span: SequenceSpan;
  readonly order: 'ASC' | 'DESC';
}

/** Lists audit entries. */
@Injectable()
export class AuditEventListService {
  constructor(
    private readonly repository: AuditEventListRepository,
    private readonly reads: AuditReads,
  ) {}

  /**
   * Returns the entries that match a query: newest first, or oldest first with `after`.
   *
   * @throws ApplicationError `invalid_parameter` if the cursor is invalid or the entry in `after` does not
   *   exist.
   */
  async find(
    query: AuditEventQueryDto,
    reader: Principal,
  ): Promise<SendableList<AuditEventDto, CursorPage<AuditEventDto>>> {
    const selection = await this.select(query);
    await this.reads.recordOnce(reader);
    return {
      columns: COLUMNS,
      page: () => this.page(selection, query),
      all: () => this.all(selection),
    };
  }

  private async page(
    { filter, span, order }: AuditSelection,
    { after, size = PAGE_SIZE_DEFAULT }: AuditEventQueryDto,
  ): Promise<CursorPage<AuditEventDto>> {
    const found = await this.repository.find(filter, span, order, size + 1);
    const events = fitOnPage(found.slice(0, size));
    const last = events.at(-1);
    const page = { items: events.map(toAuditEventDto), size };
    if (after !== undefined) {
      // Return a link even if there are no new entries yet, so that clients can poll.
      return { ...page, next: { after: last?.id ?? after } };
    }
    return last && found.length > events.length
      ? { ...page, next: { cursor: formatCursor(last.sequence) } }
      : page;
  }

  private async *all({ filter, span, order }: AuditSelection): AsyncGenerator<AuditEventDto[]> {
    const read = (last: AuditEvent | undefined, limit: number) => {
      const end = last && { [order === 'ASC' ? 'after' : 'before']: last.sequence };
      return this.repository.find(filter, { ...span, ...end }, order, limit);
    };
    for await (const events of readInParts(read, ROWS_AT_ONCE)) {
      for (let rest = events; rest.length > 0;) {
        const part = fitOnPage(rest);
        rest = rest.slice(part.length);
        yield part.map(toAuditEventDto);
        await otherWork();
      }
    }
  }

  private async select(query: AuditEventQueryDto): Promise<AuditSelection> {
    const { cursor, after } = query;
    if (cursor !== undefined && after !== undefined) {
      throw errorAt(
        '/cursor',
        'not_with_after',
        'cursor and after exclude each other; send one of them',
        'invalid_parameter',
      );
    }
    const filter = auditFilter(query);
    const start = after === undefined ? 0 : await this.sequenceOf(after);
    const end = cursor === undefined ? Infinity : parseCursor(cursor);
    const span = await this.repository.spanOf(filter);
    return {
      filter,
      span: { after: Math.max(span.after, start), before: Math.min(span.before, end) },
      order: after === undefined ? 'DESC' : 'ASC',
    };
  }

  private async sequenceOf(id: string): Promise<number> {
    const sequence = await this.repository.sequenceOf(id);
    if (sequence === undefined) {
      throw errorAt(
        '/after',
        'event_unknown',
        'the entry does not exist or was removed; start without after',
        'invalid_parameter',
      );
    }
    return sequence;
  }
}

/** Returns the entries that fit on a page, at least one. */
function fitOnPage(events: readonly AuditEvent[]): AuditEvent[] {
  let length = 0;
  return events.filter(({ before, after }, index) => {
    length += (before?.length ?? 0) + (after?.length ?? 0);
    return index === 0 || length <= PAGE_MAX_LENGTH;
  });
}
