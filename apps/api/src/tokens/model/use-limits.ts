import { isDeepStrictEqual } from 'node:util';
import {
  formatNetwork,
  isInNetwork,
  metadataHeader,
  parseNetwork,
  type Network,
  type UpdateTokenDto,
  type UserTokenDto,
} from '@latchkey/auth-models';
import { toRfc3339 } from '../../common/clock.service.js';
import { type PresentedUseLimits } from '../../common/request/principal.js';
import { type Token } from './token.entity.js';

/** Use limits of a token, as the column stores them. `notBefore` and `usesLeft` have columns of their own. */
export type UseLimits = Pick<UserTokenDto, 'allowedAddresses' | 'maxUses' | 'rateLimit' | 'metadata'>;

/** Columns with the use limits of a token. */
export type UseLimitColumns = Pick<Token, 'useLimits' | 'notBefore' | 'usesLeft'>;

/** Parses stored use limits. */
export function readUseLimits(stored: string | null): UseLimits {
  return stored === null ? {} : (JSON.parse(stored) as UseLimits);
}

/** Returns the stored form of use limits; `null` for none. */
export function toStored({ allowedAddresses, maxUses, rateLimit, metadata }: UseLimits): string | null {
  const stored = JSON.stringify({ allowedAddresses, maxUses, rateLimit, metadata });
  return stored === '{}' ? null : stored;
}

/** Prepares stored use limits for requests. */
export function toPresented(stored: string): PresentedUseLimits {
  const { allowedAddresses, maxUses, rateLimit, metadata } = readUseLimits(stored);
  return {
    ...(allowedAddresses && { networks: networksOf(allowedAddresses) }),
    hasMaxUses: maxUses !== undefined,
    ...(rateLimit && { rateLimit }),
    ...(metadata && { metadata, metadataHeader: metadataHeader(metadata) }),
  };
}

/** Whether an address is in one of the networks; `false` for a text that is no address. */
export function containsAddress(networks: readonly Network[], text: string): boolean {
  const address = parseNetwork(text);
  return address !== null && networks.some((network) => isInNetwork(address, network));
}

/**
 * Returns the members of a response or an audit entry. Use limits that the token does not have are absent.
 */
export function useLimitMembers({ useLimits, notBefore, usesLeft }: UseLimitColumns) {
  return {
    ...readUseLimits(useLimits),
    ...(notBefore !== null && { notBefore: toRfc3339(notBefore) }),
    ...(usesLeft !== null && { usesLeft }),
  };
}

/** Returns use limits with the changes of a request: `null` removes one, `undefined` keeps it. */
export function withChanges(
  useLimits: UseLimits,
  { allowedAddresses, maxUses, rateLimit, metadata }: Partial<UpdateTokenDto>,
): UseLimits {
  const addresses = allowedAddresses && [
    ...new Set(networksOf(allowedAddresses).map((network) => formatNetwork(network))),
  ];
  const { limit, windowSeconds } = rateLimit ?? {};
  const limits = limit === undefined || windowSeconds === undefined ? rateLimit : { limit, windowSeconds };
  return {
    allowedAddresses: changed(useLimits.allowedAddresses, addresses),
    maxUses: changed(useLimits.maxUses, maxUses),
    rateLimit: changed(useLimits.rateLimit, limits),
    metadata: changed(useLimits.metadata, metadata),
  };
}

function changed<T>(before: T | undefined, requested: T | null | undefined): T | undefined {
  return requested === undefined ? before : (requested ?? undefined);
}

/** Whether other addresses include all of these; `undefined` = all addresses. */
export function areWithin(
  inner: readonly string[] | undefined,
  outer: readonly string[] | undefined,
): boolean {
  if (outer === undefined || inner === undefined) {
    return outer === undefined;
  }
  const outerNetworks = networksOf(outer);
  return networksOf(inner).every((network) => outerNetworks.some((other) => isInNetwork(network, other)));
}

/** Returns the addresses that are in both lists. */
export function intersectAddresses(
  addresses: readonly string[] | undefined,
  others: readonly string[],
): string[] {
  if (addresses === undefined) {
    return [...others];
  }
  const common = networksOf(addresses).flatMap((network) =>
    networksOf(others).flatMap((other) => {
      const smaller = network.prefix < other.prefix ? other : network;
      return isInNetwork(smaller, network) && isInNetwork(smaller, other) ? [formatNetwork(smaller)] : [];
    }),
  );
  return [...new Set(common)];
}

/** Whether metadata is equal, ignoring the order of its members. */
export function isSameMetadata(one: UseLimits['metadata'], other: UseLimits['metadata']): boolean {
  return isDeepStrictEqual(one, other);
}

function networksOf(addresses: readonly string[]): Network[] {
  return addresses.flatMap((address) => parseNetwork(address) ?? []);
}
