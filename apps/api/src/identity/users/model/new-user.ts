import { canonicalUserName, DEFAULT_ROLE, type CreateUserDto } from '@latchkey/auth-models';
import { v7 as uuid } from 'uuid';
import { type EpochMilliseconds } from '../../../common/clock.js';
import { skeletonOf } from '../../../common/confusables/skeleton.js';
import { User } from './user.entity.js';

/** Roles of a user who is created without a list of roles. */
export const DEFAULT_ROLES: readonly string[] = [DEFAULT_ROLE];

/** Builds a new user from a validated DTO. */
export function newUser(
  dto: Omit<CreateUserDto, 'password' | 'roles'>,
  passwordHash: string | null,
  now: EpochMilliseconds,
): User {
  const name = canonicalUserName(dto.name);
  if (name === null) {
    throw new Error('The name was not validated');
  }
  return Object.assign(new User(), {
    id: uuid(),
    name,
    skeleton: skeletonOf(name),
    displayName: dto.displayName ?? null,
    email: dto.email ?? null,
    kind: dto.kind ?? 'human',
    enabled: dto.enabled ?? true,
    passwordHash,
    tokensEndedBefore: 0,
    creationTime: now,
    lastLoginTime: null,
    setUpDigest: null,
    setUpExpirationTime: null,
    setUpLimit: null,
    version: 0,
  });
}
