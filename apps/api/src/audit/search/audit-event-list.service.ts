import { setImmediate as otherWork } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { PAGE_SIZE_DEFAULT, type AuditEventDto, type AuditEventQueryDto } from '@latchkey/auth-models';
import { ApplicationError } from '../../common/application-error.js';
import { type Principal } from '../../common/request/principal.js';
import { readInParts } from '../../common/read-in-parts.js';
import { type CursorPage, type SendableCursorList } from '../../http/lists/send-list.js';
import { formatCursor, parseCursor } from './audit-cursor.js';
import { AuditEventListRepository, type SequenceSpan } from './audit-event-list.repository.js';
import { type AuditEvent } from '../trail/audit-event.entity.js';
import { toAuditEventDto } from './audit-event.mapper.js';
import { auditFilter, type AuditFilter } from './audit-filter.js';
import { AuditReads } from './audit-reads.js';

const COLUMNS = [
  'id',
  'time',
  'actor.id',
  'actor.name',
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
 * Characters that `before` and `after` of one page, or one part of an export, may have together. An entry about a bulk change has up to 40,000, and
 * a page of 200 such entries would keep all other requests waiting.
 */
const PAGE_MAX_LENGTH = 131_072;

/** Entries that an export reads in one go. */
const ROWS_AT_ONCE = 100;

/** Which entries are asked for, and in which order. */
interface AuditSelection {
  readonly filter: AuditFilter;
  readonly span: SequenceSpan;
  readonly order: 'ASC' | 'DESC';
}

/** Lists of entries of the trail. */
@Injectable()
export class AuditEventListService {
  constructor(
    private readonly repository: AuditEventListRepository,
    private readonly reads: AuditReads,
  ) {}

  /**
   * The entries that match a query: newest first, or oldest first if what came after one is asked for.
   *
   * @throws ApplicationError `invalid_parameter` if the cursor is none, or there is no such entry to come after.
   */
  async find(query: AuditEventQueryDto, reader: Principal): Promise<SendableCursorList<AuditEventDto>> {
    const selection = await this.select(query);
    await this.reads.note(reader);
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
    const events = firstOf(found.slice(0, size));
    const last = events.at(-1);
    const page = { items: events.map(toAuditEventDto), size };
    if (after !== undefined) {
      // Also when there is nothing new yet: the next time there may be.
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
        const part = firstOf(rest);
        rest = rest.slice(part.length);
        yield part.map(toAuditEventDto);
        await otherWork();
      }
    }
  }

  private async select(query: AuditEventQueryDto): Promise<AuditSelection> {
    const { cursor, after } = query;
    if (cursor !== undefined && after !== undefined) {
      throw refusal('/cursor', 'not_with_after', 'cursor and after lead in two directions; send one of them');
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
      throw refusal('/after', 'event_unknown', 'there is no such entry, or no longer; begin without after');
    }
    return sequence;
  }
}

/** As many entries as fit on a page, at least one. */
function firstOf(events: readonly AuditEvent[]): AuditEvent[] {
  let length = 0;
  return events.filter(({ before, after }, index) => {
    length += (before?.length ?? 0) + (after?.length ?? 0);
    return index === 0 || length <= PAGE_MAX_LENGTH;
  });
}

function refusal(pointer: string, code: string, message: string): ApplicationError {
  return new ApplicationError('invalid_parameter', { errors: [{ pointer, code, message }] });
}
