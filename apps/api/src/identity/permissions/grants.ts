import { Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import { PermissionRegistry } from './permission-registry.js';
import { type Role } from '../roles/role.entity.js';

/** What somebody's roles amount to. */
export interface Grants {
  /** Names of the roles, sorted. */
  readonly roles: readonly string[];
  readonly permissions: ReadonlySet<string>;
  /** Permissions in these roles that this build does not know, and so does not give. */
  readonly unknownPermissions: readonly string[];
}

/** Combinations of roles remembered; there are few, and each is small. */
const REMEMBERED_MAX = 10_000;

/**
 * Reads roles as one statement returns them: `name permission permission` with commas between the roles. The same
 * text gives the same object, so that a request costs a look-up and not a parse.
 */
@Injectable()
export class GrantsReader {
  private readonly remembered = new LRUCache<string, Grants>({ max: REMEMBERED_MAX });

  constructor(private readonly registry: PermissionRegistry) {}

  read(text: string | null): Grants {
    const known = this.remembered.get(text ?? '');
    if (known) {
      return known;
    }
    const grants = this.parse(text ?? '');
    this.remembered.set(text ?? '', grants);
    return grants;
  }

  /** What holding all of these roles amounts to. */
  readRoles(roles: readonly Pick<Role, 'name' | 'permissions'>[]): Grants {
    return this.read(roles.map(({ name, permissions }) => `${name} ${permissions}`).join(','));
  }

  private parse(text: string): Grants {
    const roles: string[] = [];
    const permissions = new Set<string>();
    const unknownPermissions = new Set<string>();
    for (const [role, ...granted] of text.split(',').map((part) => part.split(' '))) {
      if (role) {
        roles.push(role);
        for (const pattern of granted.filter(Boolean)) {
          const expanded = this.expand(pattern);
          expanded?.forEach((permission) => permissions.add(permission));
          if (!expanded) {
            unknownPermissions.add(pattern);
          }
        }
      }
    }
    return { roles: roles.sort(), permissions, unknownPermissions: [...unknownPermissions].sort() };
  }

  /** Returns the permissions that a name or a built-in role's pattern stands for, or `undefined` if it is not known. */
  private expand(pattern: string): string[] | undefined {
    if (pattern === '*') {
      return this.registry.names();
    }
    if (pattern === '*:read') {
      return this.registry.names().filter((name) => name.endsWith(':read'));
    }
    // A feature module that was removed, or a newer build, leaves permissions behind that are not registered here.
    return this.registry.has(pattern) ? [pattern] : undefined;
  }
}
