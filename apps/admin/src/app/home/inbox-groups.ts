import type { IconName } from '../shared/icon';

/** The parameters of `GET /tokens` that a group of the inbox is made of. */
export type InboxFilter = Readonly<Record<string, string>>;

/** What a group of the inbox is called in the catalogue. */
export type InboxGroupName = 'expiring' | 'neverUsed' | 'unused' | 'ownerDisabled' | 'noExpiry';

/** Tokens that somebody should look at for one reason. */
export interface InboxGroup {
  readonly name: InboxGroupName;
  readonly icon: IconName;
  readonly filter: InboxFilter;
  /** The order of its rows: the most pressing first. */
  readonly sort: string;
  /** What is done about one of them, and about all; `open` leads to where that is decided. */
  readonly action: 'extend' | 'revoke' | 'open';
}

/** The groups of the inbox, the most pressing first. Sessions come and go by themselves, so that only API tokens are in it. */
export const INBOX_GROUPS: readonly InboxGroup[] = [
  {
    name: 'expiring',
    icon: 'clock',
    filter: { kind: 'api', state: 'expiring' },
    sort: 'expirationTime',
    action: 'extend',
  },
  {
    name: 'ownerDisabled',
    icon: 'user',
    filter: { kind: 'api', ownerDisabled: 'true' },
    sort: '-lastUsageTime',
    action: 'revoke',
  },
  {
    name: 'neverUsed',
    icon: 'key',
    filter: { kind: 'api', neverUsed: 'true', unusedSinceDays: '7' },
    sort: 'creationTime',
    action: 'revoke',
  },
  {
    name: 'unused',
    icon: 'sleep',
    filter: { kind: 'api', neverUsed: 'false', unusedSinceDays: '90' },
    sort: 'lastUsageTime',
    action: 'revoke',
  },
  {
    name: 'noExpiry',
    icon: 'infinity',
    filter: { kind: 'api', noExpiry: 'true' },
    sort: 'creationTime',
    action: 'open',
  },
];
