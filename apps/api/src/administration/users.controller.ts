import { type Readable } from 'node:stream';
import { Body, Controller, Get, Post, Query, Req, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { CreateUserDto, PageDto, UserDto, UserListQueryDto } from '@latchkey/auth-models';
import { type FastifyReply, type FastifyRequest } from 'fastify';
import { RequirePermissions } from '../common/policy.js';
import { CurrentPrincipal, type Principal } from '../common/principal.js';
import { ApiPage } from '../representation/api-page.js';
import { ApiToken } from '../representation/api-token.js';
import { entityTag } from '../representation/if-match.js';
import { sendList } from '../representation/send-list.js';
import { toUserDto } from '../users/user.mapper.js';
import { UsersService } from '../users/users.service.js';
import { UserListService } from './user-list.service.js';

/** Users, as administrators manage them. */
@Controller('users')
@ApiTags('users')
@ApiToken()
export class UsersController {
  constructor(
    private readonly users: UsersService,
    private readonly list: UserListService,
  ) {}

  /** One page of the users that match. */
  @Get()
  @ApiPage(UserDto)
  @RequirePermissions('users:read')
  find(
    @Query() query: UserListQueryDto,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<PageDto<UserDto> | Readable> {
    return sendList(query, this.list.find(query), request, reply);
  }

  /** Makes a user; nobody gives a role with permissions they do not hold. */
  @Post()
  @RequirePermissions('users:write')
  async create(
    @Body() wish: CreateUserDto,
    @CurrentPrincipal() actor: Principal,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<UserDto> {
    const { user, roles } = await this.users.create(wish, actor);
    reply.headers({ location: `/users/${encodeURIComponent(user.name)}`, etag: entityTag(user) });
    return toUserDto(user, roles, 0);
  }
}
