import { Controller, Get, Param } from '@nestjs/common';
import { TokenUsageDto } from '@latchkey/auth-models';
import { ApiTags } from '@nestjs/swagger';
import { RequirePermissions } from '../../../common/request/policy.js';
import { CurrentPrincipal, type Principal } from '../../../common/request/principal.js';
import { ApiToken } from '../../../http/openapi/api-decorators.js';
import { TokenUsageService } from './token-usage.service.js';

/** Usage of single tokens. */
@Controller('tokens/:id/usage')
@ApiTags('tokens')
@ApiToken()
@RequirePermissions()
export class TokenUsageController {
  constructor(private readonly usage: TokenUsageService) {}

  /** Returns the daily use of a token of the caller in the last 90 days; with `tokens:read` of any token. */
  @Get()
  get(@Param('id') id: string, @CurrentPrincipal() actor: Principal): Promise<TokenUsageDto> {
    return this.usage.get(id, actor);
  }
}
