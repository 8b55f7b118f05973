import type { ExplanationDto, MeDto } from '@latchkey/auth-models';
import type { BuiltInPermission, RemedyKind } from '@latchkey/auth-models/lists';

/** Action for a rejection: open a page, ask another user, or read the page about the error. */
export type RemedyAction =
  | {
      readonly kind: 'page';
      readonly commands: readonly string[];
      readonly queryParams?: Readonly<Record<string, string>>;
    }
  | {
      readonly kind: 'denied';
      /** Permission that the remedy requires. */
      readonly permission: BuiltInPermission;
      /** User who can apply the remedy without it. */
      readonly owner: string | null;
    }
  | { readonly kind: 'problem'; readonly href: string }
  | { readonly kind: 'none' };

/** Place of each remedy: the page of the token or of the user, the new token, or the page about the error. */
const PLACES: Record<RemedyKind, 'token' | 'user' | 'access' | 'apis' | 'newToken' | 'problem' | 'none'> = {
  correct_request: 'problem',
  correct_gateway: 'problem',
  send_credentials: 'problem',
  correct_user: 'problem',
  issue_token: 'newToken',
  investigate_canary: 'token',
  reset_password: 'user',
  send_code: 'problem',
  use_other_factor: 'user',
  create_set_up_link: 'user',
  enable_user: 'user',
  enable_token: 'token',
  rotate_token: 'token',
  renew_token: 'token',
  log_in: 'problem',
  add_second_factor: 'problem',
  use_new_secret: 'token',
  change_start: 'token',
  allow_address: 'token',
  trust_proxy: 'problem',
  raise_rate_limit: 'token',
  wait: 'user',
  widen_token: 'token',
  grant_role: 'access',
  register_permission: 'apis',
  ask_administrator: 'none',
  retry: 'none',
};

/** Returns the action that a signed-in user can take on a rejection. */
export function remedyAction(rejection: ExplanationDto, me: MeDto | null): RemedyAction {
  const { remedy, user, token, code, missingPermissions = [], missingRoles = [] } = rejection;
  const grant = [...missingPermissions, ...missingRoles].join(' ');
  const can = (permission: BuiltInPermission): boolean => me?.permissions.includes(permission) ?? false;
  const isOwn = user !== undefined && user === me?.name;
  const place = PLACES[remedy.kind];
  switch (place) {
    case 'token':
      if (token?.state === undefined) {
        return { kind: 'none' };
      }
      return isOwn || can('tokens:write')
        ? {
            kind: 'page',
            commands: ['/tokens', token.id],
            ...(remedy.kind === 'widen_token' && { queryParams: { grant } }),
          }
        : { kind: 'denied', permission: 'tokens:write', owner: user ?? null };
    case 'newToken':
      if (!isOwn && user !== undefined && !can('tokens:write')) {
        return { kind: 'denied', permission: 'tokens:write', owner: user };
      }
      return {
        kind: 'page',
        commands: ['/tokens', 'new'],
        ...(user !== undefined && { queryParams: { user } }),
      };
    case 'apis':
      return can('apis:read') && can('apis:write')
        ? { kind: 'page', commands: ['/apis'] }
        : { kind: 'denied', permission: 'apis:write', owner: null };
    case 'user':
    case 'access':
      if (!can('users:read') || !can('users:write')) {
        return { kind: 'denied', permission: 'users:write', owner: null };
      }
      if (user === undefined) {
        return { kind: 'page', commands: ['/users'] };
      }
      return {
        kind: 'page',
        commands: ['/users', user],
        ...(place === 'access' && { queryParams: { tab: 'access', grant } }),
      };
    case 'problem':
      return { kind: 'problem', href: `/problems/${code}` };
    case 'none':
      return { kind: 'none' };
  }
}
