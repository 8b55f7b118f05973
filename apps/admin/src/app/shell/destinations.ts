import type { BuiltInPermission } from '@latchkey/auth-models';
import type { BasePageName } from '../core/page-title';
import type { IconName } from '../shared/ui/icon';

export interface Destination {
  readonly path: string;
  readonly page: BasePageName;
  readonly icon: IconName;
  /** Second key of the shortcut that opens the page. */
  readonly key: string;
  /** Required to see the page. */
  readonly permission?: BuiltInPermission;
}

export const DESTINATIONS: readonly Destination[] = [
  { path: '/', page: 'home', icon: 'home', key: 'h' },
  { path: '/users', page: 'users', icon: 'users', key: 'u', permission: 'users:read' },
  { path: '/tokens', page: 'tokens', icon: 'key', key: 't' },
  { path: '/roles', page: 'roles', icon: 'roles', key: 'r', permission: 'roles:read' },
  { path: '/apis', page: 'apis', icon: 'api', key: 'p', permission: 'apis:read' },
  { path: '/audit', page: 'audit', icon: 'audit', key: 'a', permission: 'audit:read' },
  { path: '/explanations', page: 'rejections', icon: 'ban', key: 'e' },
  { path: '/settings', page: 'settings', icon: 'settings', key: 's', permission: 'settings:read' },
];
