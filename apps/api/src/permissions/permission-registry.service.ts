import { Injectable } from '@nestjs/common';
import { apiOf, BUILT_IN_PERMISSIONS, isPermission, RESERVED_API_NAMES } from '@latchkey/auth-models';

/** Permission and the sentence that describes it. */
export interface PermissionDefinition {
  name: string;
  description: string;
}

/**
 * Permissions of the server itself, including those of feature modules. The database has those of other APIs.
 */
@Injectable()
export class PermissionRegistry {
  private readonly descriptions = new Map<string, string>(Object.entries(BUILT_IN_PERMISSIONS));
  private readonly apis = new Set([...RESERVED_API_NAMES, ...Object.keys(BUILT_IN_PERMISSIONS).map(apiOf)]);

  /** @throws Error if a name is malformed, or is registered with another description. */
  register(permissions: readonly PermissionDefinition[]): void {
    for (const { name, description } of permissions) {
      if (!isPermission(name)) {
        throw new Error(`"${name}" is not a permission; the form is api:action, such as reports:read`);
      }
      if (this.descriptions.has(name) && this.descriptions.get(name) !== description) {
        throw new Error(`The permission ${name} is registered twice, with different descriptions`);
      }
      this.descriptions.set(name, description);
      this.apis.add(apiOf(name));
    }
  }

  has(permission: string): boolean {
    return this.descriptions.has(permission);
  }

  /** Whether an API of the server has this name, or the name is reserved for one. */
  isReserved(api: string): boolean {
    return this.apis.has(api);
  }

  /** Returns the names of all permissions, sorted. */
  names(): string[] {
    return [...this.descriptions.keys()].sort();
  }

  /** Returns all permissions, sorted by name. */
  definitions(): PermissionDefinition[] {
    return this.names().map((name) => ({ name, description: this.descriptions.get(name) ?? '' }));
  }
}
