import { Body, Controller, Delete, Get, HttpCode, Param, Patch, Post, Query } from '@nestjs/common';
import { ApiConflictResponse, ApiTags } from '@nestjs/swagger';
import {
  CreateTokenTemplateDto,
  TokenTemplateDto,
  TokenTemplateListQueryDto,
  UpdateTokenTemplateDto,
} from '@latchkey/auth-models';
import { RequirePermissions } from '../common/request/policy.js';
import { CurrentPrincipal, type Principal } from '../common/request/principal.js';
import { type VersionCondition } from '../common/request/version-condition.js';
import { type SendableList } from '../http/lists/send-list.js';
import { Location } from '../http/location.js';
import { ApiIfMatch, demandVersion, ETag, IfMatch } from '../http/negotiation/if-match.js';
import { ApiPage, ApiToken } from '../http/openapi/api-decorators.js';
import { TokenTemplatesService } from './token-templates.service.js';

/** Templates for tokens that users can request. All users can see them. Changes require `tokens:write`. */
@Controller('token-templates')
@ApiTags('token-templates')
@ApiToken()
@RequirePermissions()
export class TokenTemplatesController {
  constructor(private readonly templates: TokenTemplatesService) {}

  /** Lists templates. */
  @Get()
  @ApiPage(TokenTemplateDto)
  find(@Query() query: TokenTemplateListQueryDto): SendableList<TokenTemplateDto> {
    return this.templates.find(query);
  }

  /** Creates a template. The caller must be able to grant its permissions and roles. */
  @Post()
  @ETag()
  @Location('/token-templates', 'name')
  @ApiConflictResponse({
    description: 'The name is taken, or the server has the maximum number of templates.',
  })
  @RequirePermissions('tokens:write')
  create(
    @Body() dto: CreateTokenTemplateDto,
    @CurrentPrincipal() actor: Principal,
  ): Promise<TokenTemplateDto> {
    return this.templates.create(dto, actor);
  }

  /** Returns a template. */
  @Get(':name')
  @ETag()
  get(@Param('name') name: string): Promise<TokenTemplateDto> {
    return this.templates.get(name);
  }

  /**
   * Changes a template. Requests keep what they copied from it. The caller must be able to grant the
   * permissions and roles that the request adds. A patch without changes keeps the version.
   */
  @Patch(':name')
  @ETag()
  @ApiIfMatch({ required: true })
  @RequirePermissions('tokens:write')
  update(
    @Param('name') name: string,
    @Body() dto: UpdateTokenTemplateDto,
    @IfMatch() ifMatch: VersionCondition | undefined,
    @CurrentPrincipal() actor: Principal,
  ): Promise<TokenTemplateDto> {
    return this.templates.update(name, dto, demandVersion(ifMatch, dto.version), actor);
  }

  /** Deletes a template. Requests keep what they copied from it. */
  @Delete(':name')
  @HttpCode(204)
  @ApiIfMatch({ required: false })
  @RequirePermissions('tokens:write')
  delete(
    @Param('name') name: string,
    @IfMatch() ifMatch: VersionCondition | undefined,
    @CurrentPrincipal() actor: Principal,
  ): Promise<void> {
    return this.templates.delete(name, ifMatch, actor);
  }
}
