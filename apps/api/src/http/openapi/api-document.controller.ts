import { type IncomingHttpHeaders } from 'node:http';
import { Controller, Get, Headers, Param, Res } from '@nestjs/common';
import {
  ApiExcludeEndpoint,
  ApiHeader,
  ApiOkResponse,
  ApiProduces,
  ApiResponse,
  ApiTags,
} from '@nestjs/swagger';
import { type FastifyReply } from 'fastify';
import { ApplicationError } from '../../common/application-error.js';
import { Public } from '../../common/request/policy.js';
import { RepresentedAs } from '../negotiation/route-representation.js';
import { ApiDocument } from './api-document.js';
import {
  PAGE,
  PAGE_FILES,
  PAGE_FOLDER,
  PAGE_POLICY,
  PAGE_SCRIPT,
  PAGE_SCRIPT_NAME,
} from './document-page.js';

const ENTITY_TAG = {
  ETag: { description: 'Changes with the document.', required: true, schema: { type: 'string' } },
} as const;

/** Serves the OpenAPI document, and a page to read it. */
@Controller()
@ApiTags('server')
@Public()
export class ApiDocumentController {
  constructor(private readonly document: ApiDocument) {}

  /** Returns this document. */
  @Get('openapi.json')
  @RepresentedAs({ isFixedType: true })
  @ApiHeader({ name: 'If-None-Match', required: false, description: 'Entity tags the client has, or `*`.' })
  @ApiOkResponse({
    description: 'The OpenAPI document, compressed where `Accept-Encoding` allows it.',
    schema: { type: 'object' },
    headers: {
      ...ENTITY_TAG,
      'Content-Encoding': { description: '`br` or `gzip`.', schema: { type: 'string' } },
    },
  })
  @ApiResponse({ status: 304, description: 'The client has this document already.', headers: ENTITY_TAG })
  async getApiDocument(@Headers() headers: IncomingHttpHeaders, @Res() reply: FastifyReply): Promise<void> {
    const { encoding, bytes, etag } = await this.document.encodedFor(headers['accept-encoding']);
    reply.headers({ etag, vary: `${String(reply.getHeader('vary'))}, Accept-Encoding` });
    if (hasTag(headers['if-none-match'], etag)) {
      await reply.status(304).send();
      return;
    }
    if (encoding !== 'identity') {
      reply.header('content-encoding', encoding);
    }
    await reply.type('application/json; charset=utf-8').send(bytes);
  }

  /** Returns a page that shows this document to people. */
  @Get('docs')
  @RepresentedAs({ isFixedType: true })
  @ApiProduces('text/html')
  @ApiOkResponse({ description: 'The page.', schema: { type: 'string' } })
  getApiPage(@Res() reply: FastifyReply): void {
    reply.headers({ 'content-security-policy': PAGE_POLICY }).type('text/html; charset=utf-8').send(PAGE);
  }

  /** Returns a file of the page. */
  @Get('docs/*')
  @ApiExcludeEndpoint()
  @RepresentedAs({ isFixedType: true })
  getApiPageFile(@Param('*') name: string, @Res() reply: FastifyReply): unknown {
    if (name === '') {
      return this.getApiPage(reply);
    }
    if (name === PAGE_SCRIPT_NAME) {
      return reply.type('text/javascript; charset=utf-8').send(PAGE_SCRIPT);
    }
    if (!PAGE_FILES.has(name)) {
      throw new ApplicationError('not_found', { detail: 'The API page has no such file. Open /docs.' });
    }
    return reply.sendFile(name, PAGE_FOLDER, { maxAge: '1h' });
  }
}

/** Whether an `If-None-Match` has an entity tag; weak ones count, too (RFC 9110, section 13.1.2). */
function hasTag(ifNoneMatch: string | undefined, etag: string): boolean {
  const tags = ifNoneMatch?.split(',').map((tag) => tag.trim().replace(/^W\//, '')) ?? [];
  return tags.includes(etag) || tags.includes('*');
}
