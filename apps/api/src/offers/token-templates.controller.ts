import { type Readable } from 'node:stream';
import { Body, Controller, Delete, Get, HttpCode, Param, Patch, Post, Query, Req, Res } from '@nestjs/common';
import { ApiConflictResponse, ApiTags } from '@nestjs/swagger';
import {
  CreateTokenTemplateDto,
  PageDto,
  TokenTemplateDto,
  TokenTemplateListQueryDto,
  UpdateTokenTemplateDto,
} from '@latchkey/auth-models';
import { type FastifyReply, type FastifyRequest } from 'fastify';
import { FIELDS } from '../common/request/header-fields.js';
import { RequirePermissions } from '../common/request/policy.js';
import { CurrentPrincipal, type Principal } from '../common/request/principal.js';
import { type VersionCondition } from '../common/request/version-condition.js';
import { sendList } from '../http/lists/send-list.js';
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
  find(
    @Query() query: TokenTemplateListQueryDto,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<PageDto<TokenTemplateDto> | Readable> {
    return sendList(query, this.templates.find(query), request, reply);
  }

  /** Creates a template. The caller must be able to grant its permissions and roles. */
  @Post()
  @ETag()
  @ApiConflictResponse({
    description: 'The name is taken, or the server has the maximum number of templates.',
  })
  @RequirePermissions('tokens:write')
  async create(
    @Body() dto: CreateTokenTemplateDto,
    @CurrentPrincipal() actor: Principal,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<TokenTemplateDto> {
    const template = await this.templates.create(dto, actor);
    reply.header(FIELDS.location, `/token-templates/${template.name}`);
    return template;
  }

  /** Returns a template. */
  @Get(':name')
  @ETag()
  get(@Param('name') name: string): Promise<TokenTemplateDto> {
    return this.templates.get(name);
  }

  /**
   * Changes a template. Requests keep what they copied from it. The caller must be able to grant the permissions and roles that the
   * request adds. A patch without changes keeps the version.
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
