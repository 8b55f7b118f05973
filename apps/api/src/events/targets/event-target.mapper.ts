import { createHash } from 'node:crypto';
import { type EventTargetDto, type EventType } from '@latchkey/auth-models';
import { toRfc3339 } from '../../common/clock.service.js';
import { type Principal } from '../../common/request/principal.js';
import { type EventTarget } from './event-target.entity.js';

/**
 * Returns the URL of a target as a reader sees it. URLs of chat services contain a secret, so only readers
 * who can change targets see the path.
 */
export function visibleUrl({ url }: EventTarget, reader: Principal): string | null {
  return url === null || reader.permissions.has('events:write') ? url : originOf(url);
}

/** Converts a target to its DTO. */
export function toEventTargetDto(target: EventTarget, waiting: number, reader: Principal): EventTargetDto {
  const { kind, format, addresses, toOwners, schedule, language, userName, api } = target;
  const url = visibleUrl(target, reader);
  const { disabledReason, failingSince, oldSecretExpirationTime } = target;
  return {
    name: target.name,
    kind,
    ...(url !== null && { url }),
    ...(format !== null && { format }),
    ...(kind === 'email' && { addresses: listOf(addresses), toOwners }),
    ...(schedule !== null && { schedule }),
    ...(language !== null && { language }),
    types: listOf(target.types) as EventType[],
    ...(userName !== null && { user: userName }),
    ...(api !== null && { api }),
    enabled: target.enabled,
    ...(disabledReason !== null && { disabledReason }),
    ...(failingSince !== null && { failingSince: toRfc3339(failingSince) }),
    waiting,
    ...(oldSecretExpirationTime !== null && {
      oldSecretExpirationTime: toRfc3339(oldSecretExpirationTime),
    }),
    creationTime: toRfc3339(target.creationTime),
    version: target.version,
  };
}

/** Returns the members of a target that the audit trail records. */
export function auditedTarget(target: EventTarget) {
  const { url, format, addresses, toOwners, schedule, language, types, userName, api, enabled } = target;
  return {
    // With a digest, so that a change of the path is recorded, but not the secret in it.
    url: url === null ? null : `${originOf(url)}/… (${digestOf(url)})`,
    format,
    addresses: listOf(addresses),
    toOwners,
    schedule,
    language,
    types: listOf(types),
    user: userName,
    api,
    enabled,
  };
}

function originOf(url: string): string {
  return URL.canParse(url) ? new URL(url).origin : '';
}

function digestOf(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 8);
}

function listOf(text: string): string[] {
  return text === '' ? [] : text.split(',');
}
