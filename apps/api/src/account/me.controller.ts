import { Controller, Get, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { MeDto } from '@latchkey/auth-models';
import { type FastifyReply } from 'fastify';
import { RequirePermissions } from '../common/policy.js';
import { CurrentPrincipal, type Principal } from '../common/principal.js';
import { ApiToken } from '../representation/api-token.js';
import { AccountService } from './account.service.js';

/** One's own account. No role is needed. */
@Controller('me')
@ApiTags('me')
@ApiToken()
@RequirePermissions()
export class MeController {
  constructor(private readonly account: AccountService) {}

  /** The caller's own account, with what the presented token may do. */
  @Get()
  async me(
    @CurrentPrincipal() actor: Principal,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<MeDto> {
    const me = await this.account.profile(actor);
    reply.header('etag', `"${me.version}"`);
    return me;
  }
}
