import type { HttpClient } from '@angular/common/http';
import type { PageDto, UserTokenDto } from '@latchkey/auth-models';
import type { Observable } from 'rxjs';
import { ATTENTION_FILTERS } from '../shared/tokens/token';
import type { IconName } from '../shared/ui/icon';

/** Query parameters of `GET /tokens`. */
export type InboxFilter = Readonly<Record<string, string>>;

/** Suggested change of the tokens of a group. */
export type InboxAction = 'extend' | 'setExpiry' | 'revoke';

/** Urgency of a group: after a theft, before an expiry, or whenever there is time. */
export type Urgency = 'now' | 'soon' | 'later';

/** Tokens that need attention for the same reason. */
export interface InboxGroup {
  readonly name: keyof typeof ATTENTION_FILTERS | 'canaryUsed' | 'leaked' | 'verifying';
  readonly urgency: Urgency;
  readonly icon: IconName;
  readonly filter: InboxFilter;
  /** Puts the most urgent token first. */
  readonly sort: string;
  /** `null` if the user must decide about each token on its page. */
  readonly action: InboxAction | null;
}

const EXPIRING: InboxGroup = {
  ...group('expiring', 'clock', 'expirationTime', 'extend'),
  urgency: 'soon',
};

/** Groups by urgency. Except for leaks, they leave out sessions, which are short-lived. */
export const INBOX_GROUPS: readonly InboxGroup[] = [
  {
    name: 'canaryUsed',
    urgency: 'now',
    icon: 'alert',
    filter: { kind: 'canary', neverUsed: 'false' },
    sort: '-lastUsageTime',
    action: null,
  },
  {
    name: 'leaked',
    urgency: 'now',
    icon: 'ban',
    filter: { leaked: 'true', state: 'active,expiring,pending,disabled,revoked' },
    sort: '-lastUsageTime',
    action: null,
  },
  {
    ...EXPIRING,
    name: 'verifying',
    icon: 'shield',
    filter: { ...EXPIRING.filter, verifying: 'true' },
  },
  { ...EXPIRING, filter: { ...EXPIRING.filter, verifying: 'false' } },
  group('ownerDisabled', 'user', '-lastUsageTime', 'revoke'),
  group('neverUsed', 'key', 'creationTime', 'revoke'),
  group('unused', 'sleep', 'lastUsageTime', 'revoke'),
  group('noExpiry', 'infinity', 'creationTime', 'setExpiry'),
  group('unusedPermissions', 'shield', '-lastUsageTime', null),
];

/** Reads the first tokens that match a filter, with their total. */
export function tokensOf(
  http: HttpClient,
  filter: InboxFilter,
  sort: string,
  size: number,
): Observable<PageDto<UserTokenDto>> {
  return http.get<PageDto<UserTokenDto>>('/tokens', { params: { ...filter, sort, size } });
}

/** Tokens that administrators have hidden: live ones, and revoked ones that were reported as leaked. */
export const HIDDEN_FILTERS: readonly InboxFilter[] = [
  { acknowledged: 'true' },
  { acknowledged: 'true', leaked: 'true', state: 'revoked' },
];

function group(
  name: keyof typeof ATTENTION_FILTERS,
  icon: IconName,
  sort: string,
  action: InboxGroup['action'],
): InboxGroup {
  return { name, urgency: 'later', icon, filter: { kind: 'api', ...ATTENTION_FILTERS[name] }, sort, action };
}
