import { canonicalName, type CreateUserDto } from '@latchkey/auth-models';
import { v7 as uuid } from 'uuid';
import { type EpochMilliseconds } from '../common/clock.js';
import { User } from './user.entity.js';

/** The roles of who is made without any wish for them. */
export const DEFAULT_ROLES = ['user'];

/** A user as it is first stored, made from a wish that was validated. */
export function newUser(
  wish: Omit<CreateUserDto, 'password' | 'roles'>,
  passwordHash: string | null,
  now: EpochMilliseconds,
): User {
  const name = canonicalName(wish.name);
  if (name === null) {
    throw new Error('The name was not validated');
  }
  return Object.assign(new User(), {
    id: uuid(),
    name,
    displayName: wish.displayName ?? null,
    email: wish.email ?? null,
    kind: wish.kind ?? 'human',
    enabled: wish.enabled ?? true,
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
