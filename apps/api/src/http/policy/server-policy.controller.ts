import { createHash } from 'node:crypto';
import { Controller, Get, Headers, Res } from '@nestjs/common';
import { ApiHeader, ApiOkResponse, ApiResponse, ApiTags } from '@nestjs/swagger';
import { ServerPolicyDto } from '@latchkey/auth-models';
import { type FastifyReply } from 'fastify';
import { FIELDS } from '../../common/request/header-fields.js';
import { Public } from '../../common/request/policy.js';
import { Config } from '../../platform/config/config.js';
import { ENTITY_TAG, hasTag, IF_NONE_MATCH } from '../negotiation/entity-tag.js';
import { RepresentedAs } from '../negotiation/route-representation.js';
import { serverPolicy } from './server-policy.js';

/** Serves the public policy at a well-known URI (RFC 8615). */
@Controller('.well-known/latchkey')
@ApiTags('server')
@Public()
export class ServerPolicyController {
  private readonly json: Buffer;
  private readonly etag: string;

  constructor(config: Config) {
    this.json = Buffer.from(JSON.stringify(serverPolicy(config)));
    this.etag = `"${createHash('sha256').update(this.json).digest('base64url').slice(0, 22)}"`;
  }

  /**
   * Returns the settings that clients need: rules for passwords, lifetimes, limits and names. Clients may
   * cache it, and revalidate it with its ETag.
   */
  @Get()
  @RepresentedAs({ isFixedType: true })
  @ApiHeader(IF_NONE_MATCH)
  @ApiOkResponse({ type: ServerPolicyDto, headers: ENTITY_TAG })
  @ApiResponse({ status: 304, description: 'The client already has this policy.', headers: ENTITY_TAG })
  async getServerPolicy(
    @Headers(FIELDS.ifNoneMatch) ifNoneMatch: string | undefined,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    reply.headers({ etag: this.etag, [FIELDS.cacheControl]: 'no-cache' });
    if (hasTag(ifNoneMatch, this.etag)) {
      await reply.status(304).send();
      return;
    }
    await reply.type('application/json; charset=utf-8').send(this.json);
  }
}
