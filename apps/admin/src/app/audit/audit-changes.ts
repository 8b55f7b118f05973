import type { AuditEventDto } from '@latchkey/auth-models';

/** A member of what an entry tells, before and after. */
export interface AuditChange {
  readonly member: string;
  /** `null` where an entry tells nothing of it. */
  readonly before: string | null;
  readonly after: string | null;
}

/** How what an entry tells is put into words. */
export interface AuditWords {
  /** How many items of a list are not shown. */
  readonly more: (count: number) => string;
  /** What a value is called, where it has a word of its own. */
  readonly termOf?: (value: unknown) => string | undefined;
}

/** Items of a list that are shown. */
const SHOWN = 20;

/** What an entry tells, member by member. */
export function changesOf({ before, after }: AuditEventDto, words: AuditWords): AuditChange[] {
  const members = new Set([...Object.keys(before ?? {}), ...Object.keys(after ?? {})]);
  return [...members].map((member) => ({
    member,
    before: before === undefined ? null : textOf(before[member], words),
    after: after === undefined ? null : textOf(after[member], words),
  }));
}

/**
 * What an entry comes to in one line: what an edit made different, whom a change of many was about, and which roles somebody
 * was created with.
 */
export function summaryOf(event: AuditEventDto, words: AuditWords): AuditChange[] {
  const { action, before, after, subject } = event;
  if (subject.name === 'bulk' && after !== undefined) {
    return changesOf({ ...event, before: undefined, after: ofMany(after) }, words);
  }
  if (before !== undefined && after !== undefined) {
    return changesOf(event, words)
      .filter((change) => change.before !== change.after)
      .map((change) => shortened(change, before[change.member], after[change.member]));
  }
  return action === 'user_created' && after !== undefined
    ? changesOf(event, words).filter(({ member }) => member === 'roles')
    : [];
}

/** What a change of many did to each of them, and whom it was about; what the act says is left out. */
function ofMany({ action, role, ...rest }: Record<string, unknown>): Record<string, unknown> {
  switch (action) {
    case 'enable':
    case 'disable':
      return { enabled: action === 'enable', ...rest };
    case 'addRole':
      return { roles: `+ ${String(role)}`, ...rest };
    case 'removeRole':
      return { roles: `− ${String(role)}`, ...rest };
    default:
      return rest;
  }
}

const NOTHING = '–';

/** Two lists with more items than this are told by what went and what came. */
const BOTH_SHOWN = 6;

function shortened(change: AuditChange, before: unknown, after: unknown): AuditChange {
  if (!Array.isArray(before) || !Array.isArray(after) || before.length + after.length <= BOTH_SHOWN) {
    return change;
  }
  const [former, present] = [before.map(String), after.map(String)];
  const gone = former.filter((item) => !present.includes(item)).map((item) => `− ${item}`);
  const added = present.filter((item) => !former.includes(item)).map((item) => `+ ${item}`);
  return { ...change, before: null, after: [...gone, ...added].join(', ') };
}

function textOf(value: unknown, words: AuditWords): string {
  if (value === undefined || value === null) {
    return NOTHING;
  }
  if (Array.isArray(value)) {
    const shown = value.slice(0, SHOWN).map((item) => wordOf(item, words));
    const rest = value.length - shown.length;
    return value.length === 0 ? NOTHING : [...shown, ...(rest > 0 ? [words.more(rest)] : [])].join(', ');
  }
  return wordOf(value, words);
}

/** A value in a word; of many together, what people know each by. */
function wordOf(value: unknown, { termOf }: AuditWords): string {
  const own = termOf?.(value);
  if (own !== undefined || typeof value === 'string') {
    return own ?? String(value);
  }
  const { name, user } = (value ?? {}) as { name?: unknown; user?: unknown };
  const known = [name, user].find((word) => typeof word === 'string');
  return typeof known === 'string' ? known : JSON.stringify(value);
}
