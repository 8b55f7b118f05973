import { Injectable } from '@nestjs/common';
import { BUILT_IN_PERMISSIONS, isPermission } from '@latchkey/auth-models';

/** A permission and the sentence that explains it. */
export interface PermissionDefinition {
  name: string;
  description: string;
}

/** Every permission there is: the server's own and those of feature modules. */
@Injectable()
export class PermissionRegistry {
  private readonly descriptions = new Map<string, string>(Object.entries(BUILT_IN_PERMISSIONS));

  /** @throws Error if a name has not the form of a permission, or is taken by another description. */
  register(permissions: readonly PermissionDefinition[]): void {
    for (const { name, description } of permissions) {
      if (!isPermission(name)) {
        throw new Error(`"${name}" is not a permission; the form is resource:action, such as reports:read`);
      }
      if (this.descriptions.has(name) && this.descriptions.get(name) !== description) {
        throw new Error(`The permission ${name} is registered twice, with different descriptions`);
      }
      this.descriptions.set(name, description);
    }
  }

  has(permission: string): boolean {
    return this.descriptions.has(permission);
  }

  /** Names of all permissions, sorted. */
  names(): string[] {
    return [...this.descriptions.keys()].sort();
  }

  /** All permissions, sorted by name. */
  definitions(): PermissionDefinition[] {
    return this.names().map((name) => ({ name, description: this.descriptions.get(name) ?? '' }));
  }
}
