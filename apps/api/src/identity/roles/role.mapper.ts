import { type RoleDto } from '@latchkey/auth-models';
import { toRfc3339 } from '../../common/clock.js';
import { type Role } from './role.entity.js';

/** Builds the DTO of a role. `permissions` are the granted ones; built-in roles store only wildcards for them. */
export function toRoleDto(role: Role, permissions: Iterable<string>, userCount: number): RoleDto {
  return {
    name: role.name,
    ...(role.description !== '' && { description: role.description }),
    permissions: [...permissions].sort(),
    isBuiltIn: role.isBuiltIn,
    userCount,
    creationTime: toRfc3339(role.creationTime),
    version: role.version,
  };
}
