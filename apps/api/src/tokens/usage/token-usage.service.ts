import { Injectable } from '@nestjs/common';
import {
  type AddressUseDto,
  type DailyTokenUsageDto,
  type PermissionUseDto,
  TOKEN_ADDRESS_DAYS,
  TOKEN_RETENTION_DAYS,
  type TokenUsageDto,
} from '@latchkey/auth-models';
import { Clock, dateOf, dayOf } from '../../common/clock.service.js';
import { type Principal } from '../../common/request/principal.js';
import { scopeMembers } from '../../permissions/scope.js';
import { TokenAccess } from '../access/token-access.service.js';
import { type TokenLastUse } from './token-last-use.entity.js';
import { TokenLastUsesRepository } from './token-last-uses.repository.js';
import { type TokenUsage } from './token-usage.entity.js';
import { TokenUsageRepository } from './token-usage.repository.js';

/** Reads the use of tokens. */
@Injectable()
export class TokenUsageService {
  constructor(
    private readonly usage: TokenUsageRepository,
    private readonly lastUses: TokenLastUsesRepository,
    private readonly access: TokenAccess,
    private readonly clock: Clock,
  ) {}

  /** Returns the use of a token that the caller can see. @throws ApplicationError `not_found`. */
  async get(id: string, actor: Principal): Promise<TokenUsageDto> {
    const token = await this.access.getReadable(id, actor);
    const today = dayOf(this.clock.now());
    const days = await this.usage.findSince(token.id, today - TOKEN_RETENTION_DAYS + 1);
    const lastUses = await this.lastUses.find(token.id);
    const permissions = scopeMembers(token.scope).permissions?.sort();
    return {
      days: days.map((day) => toUsageDayDto(day)),
      ...(permissions && { permissions: permissions.map((name) => toPermissionUseDto(name, lastUses)) }),
      addresses: lastUses
        .filter(({ kind, day }) => kind === 'address' && day > today - TOKEN_ADDRESS_DAYS)
        .sort(seenFirst)
        .map(toAddressUseDto),
    };
  }
}

function toUsageDayDto(usage: TokenUsage): DailyTokenUsageDto {
  return {
    date: dateOf(usage.day),
    uses: usage.uses,
    supersededUses: usage.supersededUses,
    ...(usage.lastUsageAddress !== null && { lastUsageAddress: usage.lastUsageAddress }),
    ...(usage.lastUsageAgent !== null && { lastUsageAgent: usage.lastUsageAgent }),
    ...(usage.lastUsageReporter !== null && { lastUsageReportedBy: usage.lastUsageReporter }),
  };
}

/**
 * Orders addresses that the server saw before reported ones, which a service can invent, and each by day, the
 * latest first.
 */
function seenFirst(one: TokenLastUse, other: TokenLastUse): number {
  return Number(one.reporter !== null) - Number(other.reporter !== null) || other.day - one.day;
}

function toAddressUseDto({ value: address, day, reporter }: TokenLastUse): AddressUseDto {
  return { address, lastUseDate: dateOf(day), ...(reporter !== null && { reportedBy: reporter }) };
}

function toPermissionUseDto(permission: string, lastUses: readonly TokenLastUse[]): PermissionUseDto {
  const use = lastUses.find(({ kind, value }) => kind === 'permission' && value === permission);
  return { permission, ...(use && { lastUseDate: dateOf(use.day) }) };
}
