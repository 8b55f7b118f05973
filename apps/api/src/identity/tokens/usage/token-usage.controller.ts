import { Controller, Get, Param } from '@nestjs/common';
import { TokenUsageDto } from '@latchkey/auth-models';
import { ApiTags } from '@nestjs/swagger';
import { RequirePermissions } from '../../../common/request/policy.js';
import { CurrentPrincipal, type Principal } from '../../../common/request/principal.js';
import { ApiToken } from '../../../http/openapi/api-decorators.js';
import { TokenUsageService } from './token-usage.service.js';

/** How often single tokens were used. */
@Controller('tokens/:id/usage')
@ApiTags('tokens')
@ApiToken()
@RequirePermissions()
export class TokenUsageController {
  constructor(private readonly usage: TokenUsageService) {}

  /** How often a token of one's own was used on each of the last 90 days; with `tokens:read` anybody's. */
  @Get()
  get(@Param('id') id: string, @CurrentPrincipal() actor: Principal): Promise<TokenUsageDto> {
    return this.usage.get(id, actor);
  }
}
