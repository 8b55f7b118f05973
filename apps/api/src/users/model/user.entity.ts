import {
  canonicalUserName,
  type CreateUserDto,
  DEFAULT_ROLE,
  isEmailAddress,
  type UserKind,
} from '@latchkey/auth-models';
import { Column, Entity, Index, PrimaryColumn } from 'typeorm';
import { v7 as uuid } from 'uuid';
import { type EpochMilliseconds } from '../../common/clock.service.js';
import { flag, instant } from '../../platform/database/columns.js';
import { skeletonOf } from '../../common/confusables/skeleton.js';

/** Person or service that owns tokens. */
@Entity('users')
export class User {
  @PrimaryColumn('varchar', { length: 36, primaryKeyConstraintName: 'PK_users' })
  id: string;

  /** Canonical name (RFC 8265); half of every `X-Auth-Token`, so it never changes. */
  @Index('IDX_users_name', { unique: true })
  @Column('varchar', { length: 256 })
  name: string;

  /**
   * Skeleton of the name (UTS #39); `null` for users older than skeletons whose name looks like an earlier
   * user's.
   */
  @Index('IDX_users_skeleton', { unique: true })
  @Column('varchar', { length: 1024, nullable: true, select: false })
  skeleton: string | null;

  @Column('varchar', { length: 400, nullable: true })
  displayName: string | null;

  /** Several users may have the same. */
  @Index('IDX_users_email')
  @Column('varchar', { length: 254, nullable: true })
  email: string | null;

  /** Person who gets the e-mail about a service, as {@link storeResponsible} returns it. */
  @Index('IDX_users_responsible')
  @Column('varchar', { length: 261, nullable: true })
  responsible: string | null;

  @Column('varchar', { length: 16 })
  kind: UserKind;

  @Column(flag(true))
  enabled: boolean;

  /**
   * argon2id in PHC form, or the hash of another system until the first login; absent = no login with a
   * password. Selected only where it is compared.
   */
  @Column('text', { nullable: true, select: false })
  passwordHash: string | null;

  /**
   * Tokens stamped at or before this are revoked, so one write revokes them all. Servers' clocks may be
   * behind, so the value always grows, and tokens are stamped from it instead of a clock.
   */
  @Column(instant({ default: 0 }))
  tokensRevokedBefore: EpochMilliseconds;

  @Column(instant())
  creationTime: EpochMilliseconds;

  @Column(instant({ nullable: true }))
  lastLoginTime: EpochMilliseconds | null;

  /** Digest of the secret in the set-up link, if there is a link. */
  @Index('IDX_users_setUpDigest', { unique: true })
  @Column('varchar', { length: 43, nullable: true, select: false })
  setUpDigest: string | null;

  @Column(instant({ nullable: true, select: false }))
  setUpExpirationTime: EpochMilliseconds | null;

  /**
   * Permissions and roles that the issuer of the link could delegate. The link is rejected if the user holds
   * others.
   */
  @Column('text', { nullable: true, select: false })
  setUpLimit: string | null;

  /** Time of the last message to the user about a lost password. */
  @Column(instant({ nullable: true, select: false }))
  lostPasswordTime: EpochMilliseconds | null;

  @Column('integer', { default: 0 })
  version: number;
}

/** User with sorted role names. */
export interface UserWithRoles {
  readonly user: User;
  readonly roles: readonly string[];
}

/** Roles of a user who is created without a list of roles. */
export const DEFAULT_ROLES: readonly string[] = [DEFAULT_ROLE];

const ADDRESS_PREFIX = 'mailto:';

/**
 * Returns the stored form of a responsible person: an address with a prefix, or the canonical name of a user.
 */
export function storeResponsible(given: string | null | undefined): string | null {
  if (given === null || given === undefined) {
    return null;
  }
  return isEmailAddress(given) ? ADDRESS_PREFIX + given : canonicalUserName(given);
}

/** Returns the address or the name in a stored form. */
export function readResponsible(stored: string): { address: string } | { name: string } {
  return stored.startsWith(ADDRESS_PREFIX)
    ? { address: stored.slice(ADDRESS_PREFIX.length) }
    : { name: stored };
}

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
    responsible: storeResponsible(dto.responsible),
    kind: dto.kind ?? 'human',
    enabled: dto.enabled ?? true,
    passwordHash,
    tokensRevokedBefore: 0,
    creationTime: now,
    lastLoginTime: null,
    setUpDigest: null,
    setUpExpirationTime: null,
    setUpLimit: null,
    lostPasswordTime: null,
    version: 0,
  });
}
