import type { BuiltInPermission } from '@latchkey/auth-models';
import type { PageName } from '../core/page-title';
import type { IconName } from '../shared/ui/icon';

/** A page that the navigation leads to. */
export interface Destination {
  readonly path: string;
  readonly page: PageName;
  readonly icon: IconName;
  /** The key that leads there after `g`. */
  readonly key: string;
  /** What somebody needs to hold to be led there; absent = nothing. */
  readonly permission?: BuiltInPermission;
}

/** The pages that the navigation leads to, the most used first. */
export const DESTINATIONS: readonly Destination[] = [
  { path: '/', page: 'home', icon: 'home', key: 'h' },
  { path: '/users', page: 'users', icon: 'users', key: 'u', permission: 'users:read' },
  { path: '/tokens', page: 'tokens', icon: 'key', key: 't' },
  { path: '/roles', page: 'roles', icon: 'roles', key: 'r', permission: 'roles:read' },
  { path: '/audit', page: 'audit', icon: 'audit', key: 'a', permission: 'audit:read' },
  { path: '/settings', page: 'settings', icon: 'settings', key: 's', permission: 'settings:read' },
];
