import type { AuditEventDto } from '@latchkey/auth-models';

/** A member of what an entry tells, before and after. */
export interface AuditChange {
  readonly member: string;
  /** `null` where an entry tells nothing of it. */
  readonly before: string | null;
  readonly after: string | null;
}

/** Items of a list that are shown. */
const SHOWN = 20;

/** What an entry tells, member by member. */
export function changesOf({ before, after }: AuditEventDto, more: (count: number) => string): AuditChange[] {
  const members = new Set([...Object.keys(before ?? {}), ...Object.keys(after ?? {})]);
  return [...members].map((member) => ({
    member,
    before: before === undefined ? null : textOf(before[member], more),
    after: after === undefined ? null : textOf(after[member], more),
  }));
}

function textOf(value: unknown, more: (count: number) => string): string {
  if (value === undefined || value === null) {
    return '–';
  }
  if (Array.isArray(value)) {
    const shown = value.slice(0, SHOWN).map((item) => wordOf(item));
    const rest = value.length - shown.length;
    return value.length === 0 ? '–' : [...shown, ...(rest > 0 ? [more(rest)] : [])].join(', ');
  }
  return wordOf(value);
}

/** A value in a word; of many together, what people know each by. */
function wordOf(value: unknown): string {
  if (typeof value === 'string') {
    return value;
  }
  const { name, user } = (value ?? {}) as { name?: unknown; user?: unknown };
  const known = [name, user].find((word) => typeof word === 'string');
  return typeof known === 'string' ? known : JSON.stringify(value);
}
