import { Injectable } from '@nestjs/common';
import { TOKEN_RETENTION_DAYS, type DailyTokenUsageDto, type TokenUsageDto } from '@latchkey/auth-models';
import { Clock, dateOf, dayOf } from '../../../common/clock.js';
import { type Principal } from '../../../common/request/principal.js';
import { TokenAccess } from '../access/token-access.js';
import { type TokenUsage } from './token-usage.entity.js';
import { TokenUsageRepository } from './token-usage.repository.js';

/** Reads the daily use of tokens. */
@Injectable()
export class TokenUsageService {
  constructor(
    private readonly usage: TokenUsageRepository,
    private readonly access: TokenAccess,
    private readonly clock: Clock,
  ) {}

  /** Returns the daily use of a token that the caller can see. @throws ApplicationError `not_found`. */
  async get(id: string, actor: Principal): Promise<TokenUsageDto> {
    const token = await this.access.getReadable(id, actor);
    const today = dayOf(this.clock.now());
    const days = await this.usage.findSince(token.id, today - TOKEN_RETENTION_DAYS + 1);
    return { days: days.map((day) => toUsageDayDto(day)) };
  }
}

function toUsageDayDto(usage: TokenUsage): DailyTokenUsageDto {
  return {
    date: dateOf(usage.day),
    uses: usage.uses,
    supersededUses: usage.supersededUses,
    ...(usage.lastUsageAddress !== null && { lastUsageAddress: usage.lastUsageAddress }),
    ...(usage.lastUsageAgent !== null && { lastUsageAgent: usage.lastUsageAgent }),
  };
}
