import { Injectable } from '@nestjs/common';
import { BUILT_IN_PERMISSIONS, isPermission } from '@latchkey/auth-models';

/** Permission and the sentence that describes it. */
export interface PermissionDefinition {
  name: string;
  description: string;
}

/** All permissions: those of the server and of feature modules. */
@Injectable()
export class PermissionRegistry {
  private readonly descriptions = new Map<string, string>(Object.entries(BUILT_IN_PERMISSIONS));

  /** @throws Error if a name is malformed, or is registered with another description. */
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

  /** Returns the names of all permissions, sorted. */
  names(): string[] {
    return [...this.descriptions.keys()].sort();
  }

  /** Returns all permissions, sorted by name. */
  definitions(): PermissionDefinition[] {
    return this.names().map((name) => ({ name, description: this.descriptions.get(name) ?? '' }));
  }
}
