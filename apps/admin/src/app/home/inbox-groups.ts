import { ATTENTION_FILTERS } from '../shared/tokens/token';
import type { IconName } from '../shared/ui/icon';

/** The parameters of `GET /tokens` that a group of the inbox is made of. */
export type InboxFilter = Readonly<Record<string, string>>;

/** What a group of the inbox is called in the catalogue. */
export type InboxGroupName = keyof typeof ATTENTION_FILTERS;

/** What is done about tokens of the inbox: a later end, an end at all, or the end now. */
export type InboxAction = 'extend' | 'setExpiry' | 'revoke';

/** Tokens that somebody should look at for one reason. */
export interface InboxGroup {
  readonly name: InboxGroupName;
  readonly icon: IconName;
  readonly filter: InboxFilter;
  /** The order of its rows: the most pressing first. */
  readonly sort: string;
  /** What is done about one of them, and about all. */
  readonly action: InboxAction;
}

/** The groups of the inbox, the most pressing first. Sessions come and go by themselves, so that only API tokens are in it. */
export const INBOX_GROUPS: readonly InboxGroup[] = [
  group('expiring', 'clock', 'expirationTime', 'extend'),
  group('ownerDisabled', 'user', '-lastUsageTime', 'revoke'),
  group('neverUsed', 'key', 'creationTime', 'revoke'),
  group('unused', 'sleep', 'lastUsageTime', 'revoke'),
  group('noExpiry', 'infinity', 'creationTime', 'setExpiry'),
];

function group(name: InboxGroupName, icon: IconName, sort: string, action: InboxAction): InboxGroup {
  return { name, icon, filter: { kind: 'api', ...ATTENTION_FILTERS[name] }, sort, action };
}
