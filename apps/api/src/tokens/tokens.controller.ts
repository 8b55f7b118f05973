import { Controller, Delete, HttpCode, Param } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { RequirePermissions } from '../common/policy.js';
import { CurrentPrincipal, type Principal } from '../common/principal.js';
import { ApiToken } from '../representation/api-token.js';
import { RevocationsService } from './revocations.service.js';

/** Single tokens. */
@Controller('tokens')
@ApiTags('tokens')
@ApiToken()
@RequirePermissions()
export class TokensController {
  constructor(private readonly revocations: RevocationsService) {}

  /** Revokes a token of one's own. */
  @Delete(':id')
  @HttpCode(204)
  revoke(@Param('id') id: string, @CurrentPrincipal() actor: Principal): Promise<void> {
    return this.revocations.revokeOwn(id, actor);
  }
}
