import { type UserTokenDto } from '@latchkey/auth-models';
import { toRfc3339, type EpochMilliseconds } from '../common/clock.js';
import { type Token } from './token.entity.js';

/** A token as the API shows it: without its secret. */
export function toUserTokenDto(token: Token, user: string): UserTokenDto {
  return {
    id: token.id,
    user,
    kind: token.kind,
    ...(token.note !== null && { note: token.note }),
    enabled: token.enabled,
    ...(token.permissions !== null && { permissions: token.permissions.split(' ').filter(Boolean) }),
    creationTime: toRfc3339(token.creationTime),
    ...time('expirationTime', token.expirationTime),
    ...time('idleExpirationTime', token.idleExpirationTime),
    ...time('lastUsageTime', token.lastUsageTime),
    ...(token.lastUsageAddress !== null && { lastUsageAddress: token.lastUsageAddress }),
    tokenPreview: token.preview,
    ...(token.parentTokenId !== null && { createdByTokenId: token.parentTokenId }),
    version: token.version,
  };
}

/** A token in the answer that hands its secret over. */
export function toUserTokenWithSecretDto(token: Token, user: string, secret: string): UserTokenDto {
  return { ...toUserTokenDto(token, user), token: secret };
}

function time(name: string, instant: EpochMilliseconds | null): Record<string, string> {
  return instant === null ? {} : { [name]: toRfc3339(instant) };
}
