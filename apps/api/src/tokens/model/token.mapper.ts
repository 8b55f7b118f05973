import { type PresentedTokenDto, type SupersededSecretDto, type UserTokenDto } from '@latchkey/auth-models';
import { type EpochMilliseconds, toRfc3339 } from '../../common/clock.service.js';
import { type Representation } from '../../http/negotiation/representations.js';
import { scopeMembers } from '../../permissions/scope.js';
import { type User } from '../../users/model/user.entity.js';
import { useLimitMembers } from './use-limits.js';
import { readAuthMethods, stateOf } from './token-state.js';
import { type Token } from './token.entity.js';

/** Columns of a user that its tokens depend on. */
export type TokenOwner = Pick<User, 'name' | 'enabled' | 'tokensRevokedBefore'>;

/** Columns of a token that responses may show. */
export type ShownToken = Omit<
  Token,
  'digest' | 'previousDigest' | 'maxScope' | 'rateWindow' | 'rateUses' | 'user'
>;

/** Returns a token as responses show it, without its secret. */
export function toUserTokenDto(token: ShownToken, owner: TokenOwner, now: EpochMilliseconds): UserTokenDto {
  return {
    id: token.id,
    user: owner.name,
    kind: token.kind,
    ...text('note', token.note),
    enabled: token.enabled,
    state: stateOf(token, owner, now),
    ...scopeMembers(token.scope),
    ...useLimitMembers(token),
    creationTime: toRfc3339(token.creationTime),
    ...time('expirationTime', token.expirationTime),
    ...time('idleExpirationTime', token.idleExpirationTime),
    ...time('lastUsageTime', token.lastUsageTime),
    ...text('lastUsageAddress', token.lastUsageAddress),
    ...text('lastUsageAgent', token.lastUsageAgent),
    ...text('lastUsageReportedBy', token.lastUsageReporter),
    ...superseded(token),
    ...time('leakReportTime', token.leakReportTime),
    ...time('acknowledgedTime', token.acknowledgedTime),
    tokenPreview: token.preview,
    ...text('createdByTokenId', token.parentTokenId),
    version: token.version,
  };
}

/** Returns a token for the only response that contains its secret. */
export function toUserTokenWithSecretDto(
  token: Token,
  owner: TokenOwner,
  now: EpochMilliseconds,
  secret: string,
): UserTokenDto {
  return { ...toUserTokenDto(token, owner, now), token: secret };
}

/** Returns the presented token for `GET /me`. */
export function toPresentedTokenDto(token: ShownToken, isSuperseded: boolean): PresentedTokenDto {
  return {
    id: token.id,
    kind: token.kind,
    ...text('note', token.note),
    ...scopeMembers(token.scope),
    ...useLimitMembers(token),
    ...time('expirationTime', token.expirationTime),
    ...time('idleExpirationTime', token.idleExpirationTime),
    isSuperseded,
    ...time('authTime', token.authTime),
    ...(token.authMethods !== null && { authMethods: readAuthMethods(token.authMethods) }),
  };
}

function superseded(token: ShownToken): { superseded?: SupersededSecretDto } {
  return token.previousExpirationTime === null
    ? {}
    : {
        superseded: {
          until: toRfc3339(token.previousExpirationTime),
          uses: token.previousUses,
          ...time('lastUsageTime', token.previousLastUsageTime),
          ...text('lastUsageAddress', token.previousLastUsageAddress),
          ...text('lastUsageAgent', token.previousLastUsageAgent),
          ...text('lastUsageReportedBy', token.previousLastUsageReporter),
        },
      };
}

function text(name: string, value: string | null): Record<string, string> {
  return value === null ? {} : { [name]: value };
}

function time(name: string, instant: EpochMilliseconds | null): Record<string, string> {
  return instant === null ? {} : { [name]: toRfc3339(instant) };
}

/** Response with a new secret as the `X-Auth-Token` value, for shell scripts. */
export const TOKEN_AS_TEXT: Representation = {
  mediaType: 'text/plain',
  contentType: 'text/plain; charset=utf-8',
  problemContentType: 'application/problem+json; charset=utf-8',
  encode: (json) => {
    const { user, token } = JSON.parse(json) as UserTokenDto;
    return Buffer.from(`${user}:${token}`).toString('base64');
  },
};
