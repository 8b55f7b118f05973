import { Body, Controller, Get, HttpCode, Param, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { ExplanationDto, ExplanationListDto, ExplanationQueryDto } from '@latchkey/auth-models';
import { AllowSuperseded, Counted, RequirePermissions } from '../../common/request/policy.js';
import { CurrentPrincipal, type Principal } from '../../common/request/principal.js';
import { ApiToken } from '../../http/openapi/api-decorators.js';
import { ExplanationsService } from './explanations.service.js';

/** Explanations of rejected requests. */
@Controller('explanations')
@ApiTags('audit')
@ApiToken()
@RequirePermissions()
export class ExplanationsController {
  constructor(private readonly explanations: ExplanationsService) {}

  /**
   * Explains why a request was rejected with 401, 403 or 429: all checks, the one that failed, and a remedy.
   * `traceId` is the `X-Request-Id` of its response. Callers see the rejections of their own tokens; with
   * `audit:read`, all rejections. A limited token without `audit:read` sees those of the tokens that it can
   * list, and none of a canary. The server keeps the latest rejections for 24 hours, or until it restarts.
   * With replicas, each of them finds the rejections of all.
   */
  @Get(':traceId')
  @Counted()
  explainRequest(
    @Param('traceId') traceId: string,
    @CurrentPrincipal() actor: Principal,
  ): Promise<ExplanationDto> {
    return this.explanations.get(traceId, actor);
  }

  /**
   * Explains the latest rejections, at most 20, newest first: all that the caller can see, or those of one
   * token. A limited token that sees only itself and tokens created with it gets its own rejections, unless
   * it names another token.
   */
  @Post()
  @HttpCode(200)
  @AllowSuperseded()
  explainLatest(
    @Body() query: ExplanationQueryDto,
    @CurrentPrincipal() actor: Principal,
  ): Promise<ExplanationListDto> {
    return this.explanations.list(query, actor);
  }
}
