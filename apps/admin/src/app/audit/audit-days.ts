import type { AuditEventDto } from '@latchkey/auth-models';
import { exactTime } from '../shared/time/format-time';

/** Consecutive entries of one request, newest first. */
export type AuditAct = readonly [AuditEventDto, ...AuditEventDto[]];

/** Acts of a local day, newest first. */
export interface AuditDay {
  readonly name: string;
  readonly acts: readonly AuditAct[];
}

/** Longest time between the first and the last entry of a request. */
const GROUPED_MILLISECONDS = 2000;

/** Groups entries by day, and by request within a day. */
export function auditDays(events: readonly AuditEventDto[], now: number, locale: string): AuditDay[] {
  const days: { name: string; acts: [AuditEventDto, ...AuditEventDto[]][] }[] = [];
  for (const event of events) {
    const name = dayName(event.time, now, locale);
    const day = days.at(-1);
    const act = day?.acts.at(-1);
    if (day?.name !== name) {
      days.push({ name, acts: [[event]] });
    } else if (act && isSameRequest(act[0], event)) {
      act.push(event);
    } else {
      day.acts.push([event]);
    }
  }
  return days;
}

/**
 * Whether two entries belong to one request. Clients choose the trace id and can reuse it for all their
 * requests. So failures, entries without an actor and entries that are far apart are never grouped.
 */
function isSameRequest(one: AuditEventDto, other: AuditEventDto): boolean {
  return (
    one.traceId !== undefined &&
    one.traceId === other.traceId &&
    one.actor?.id !== undefined &&
    one.actor.id === other.actor?.id &&
    one.address === other.address &&
    one.outcome === 'success' &&
    other.outcome === 'success' &&
    Math.abs(Date.parse(one.time) - Date.parse(other.time)) <= GROUPED_MILLISECONDS
  );
}

/** Names the local day of an instant: `Today`, `Yesterday`, or its date. */
function dayName(instant: string, now: number, locale: string): string {
  const day = new Date(instant).toDateString();
  const daysAgo = [0, 1].find((days) => {
    const date = new Date(now);
    // Not by milliseconds, because days have 23 to 25 hours.
    date.setDate(date.getDate() - days);
    return date.toDateString() === day;
  });
  if (daysAgo === undefined) {
    return exactTime(instant, locale, 'day');
  }
  const name = new Intl.RelativeTimeFormat(locale, { numeric: 'auto' }).format(-daysAgo, 'day');
  return name.charAt(0).toLocaleUpperCase(locale) + name.slice(1);
}
