import type { AuditAction, AuditEventDto } from '@latchkey/auth-models';

/** A field of an entry before and after the action. */
export interface AuditChange {
  readonly member: string;
  /** `null` if the entry does not have it. */
  readonly before: string | null;
  readonly after: string | null;
}

/** Formats values of entries. */
export interface AuditFormats {
  /** Formats the number of items that are not shown. */
  readonly more: (count: number) => string;
  /** Formats special values such as booleans and instants; `undefined` = no special value. */
  readonly termOf?: (value: unknown) => string | undefined;
}

/** Maximum number of list items shown. */
const ITEMS_MAX = 20;

/** Returns all fields of an entry. */
export function changesOf({ before, after }: AuditEventDto, formats: AuditFormats): AuditChange[] {
  const members = new Set([...Object.keys(before ?? {}), ...Object.keys(after ?? {})]);
  return [...members].map((member) => ({
    member,
    before: before === undefined ? null : formatAll(before[member], formats),
    after: after === undefined ? null : formatAll(after[member], formats),
  }));
}

/** Details that the summary of an action shows. */
const DETAILS: Partial<Record<AuditAction, readonly string[]>> = {
  user_created: ['roles'],
  authn_token_revoked: ['reason'],
  authn_token_expiring: ['days', 'tokens'],
  authn_old_secret_used: ['note', 'supersededUntil', 'userAgent'],
  authn_login_success: ['newNetwork', 'userAgent'],
  authn_login_fail: ['reason', 'userAgent', 'count'],
  excess_rate_limit_exceeded: ['userAgent', 'count'],
  backup_overdue: ['lastBackup'],
};

/**
 * Returns the fields for the one-line summary of an entry: changed values, targets of a bulk action, or
 * details.
 */
export function summaryOf(event: AuditEventDto, formats: AuditFormats): AuditChange[] {
  const { action, before, after, subject } = event;
  if (subject.name === 'bulk' && after !== undefined) {
    return changesOf({ ...event, before: undefined, after: bulkFields(after) }, formats);
  }
  const shown = DETAILS[action];
  if (before !== undefined && after !== undefined && !shown) {
    return changesOf(event, formats)
      .filter((change) => change.before !== change.after)
      .map((change) => shortened(change, before[change.member], after[change.member]));
  }
  return shown && after !== undefined
    ? changesOf({ ...event, before: undefined }, formats).filter(({ member }) => shown.includes(member))
    : [];
}

/** Returns the effect and targets of a bulk action, without what the name of the action states. */
function bulkFields({ action, role, ...rest }: Record<string, unknown>): Record<string, unknown> {
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

const NONE = '–';

/**
 * Maximum number of items in two lists that are both shown; longer ones are shown as removed and added items.
 */
const BOTH_ITEMS_MAX = 6;

function shortened(change: AuditChange, before: unknown, after: unknown): AuditChange {
  if (!Array.isArray(before) || !Array.isArray(after) || before.length + after.length <= BOTH_ITEMS_MAX) {
    return change;
  }
  const [former, present] = [before.map(String), after.map(String)];
  const removed = former.filter((item) => !present.includes(item)).map((item) => `− ${item}`);
  const added = present.filter((item) => !former.includes(item)).map((item) => `+ ${item}`);
  return { ...change, before: null, after: [...removed, ...added].join(', ') };
}

function formatAll(value: unknown, formats: AuditFormats): string {
  if (value === undefined || value === null) {
    return NONE;
  }
  if (Array.isArray(value)) {
    const shown = value.slice(0, ITEMS_MAX).map((item) => format(item, formats));
    const rest = value.length - shown.length;
    return value.length === 0 ? NONE : [...shown, ...(rest > 0 ? [formats.more(rest)] : [])].join(', ');
  }
  return format(value, formats);
}

/** Formats one value; objects are shown by their name. */
function format(value: unknown, { termOf }: AuditFormats): string {
  const special = termOf?.(value);
  if (special !== undefined || typeof value === 'string') {
    return special ?? String(value);
  }
  const { name, user, tokenPreview } = (value ?? {}) as {
    name?: unknown;
    user?: unknown;
    tokenPreview?: unknown;
  };
  if (typeof user === 'string' && typeof tokenPreview === 'string') {
    return `${user} (${tokenPreview})`;
  }
  const label = [name, user].find((text) => typeof text === 'string');
  return typeof label === 'string' ? label : JSON.stringify(value);
}
