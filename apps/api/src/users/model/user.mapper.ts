import { type MeDto, type ProfileDto, type UserDto } from '@latchkey/auth-models';
import { toRfc3339 } from '../../common/clock.service.js';
import { readResponsible, type User } from './user.entity.js';

/** Builds the members that both DTOs share. */
function toProfile(user: User, roles: readonly string[]): ProfileDto {
  return {
    id: user.id,
    name: user.name,
    ...(user.displayName !== null && { displayName: user.displayName }),
    ...(user.email !== null && { email: user.email }),
    kind: user.kind,
    roles: [...roles],
    enabled: user.enabled,
    creationTime: toRfc3339(user.creationTime),
    ...(user.lastLoginTime !== null && { lastLoginTime: toRfc3339(user.lastLoginTime) }),
    version: user.version,
  };
}

/** Builds the DTO of a user for administrators. */
export function toUserDto(user: User, roles: readonly string[], tokenCount: number): UserDto {
  const { responsible } = user;
  const named = responsible === null ? undefined : readResponsible(responsible);
  return {
    ...toProfile(user, roles),
    ...(named && { responsible: 'address' in named ? named.address : named.name }),
    tokenCount,
  };
}

/** Builds the DTO of the caller's own account. */
export function toMeDto(user: User, roles: readonly string[], permissions: Iterable<string>): MeDto {
  return { ...toProfile(user, roles), permissions: [...permissions].sort() };
}
