import { Controller, Get, Param, Res } from '@nestjs/common';
import { ApiExcludeEndpoint, ApiOkResponse, ApiProduces, ApiTags } from '@nestjs/swagger';
import { type FastifyReply } from 'fastify';
import { ApplicationError } from '../common/application-error.js';
import { Public } from '../common/policy.js';
import { RepresentedAs } from '../representation/route-representation.js';
import { ApiDocument } from './api-document.js';
import {
  PAGE,
  PAGE_FILES,
  PAGE_FOLDER,
  PAGE_POLICY,
  PAGE_SCRIPT,
  PAGE_SCRIPT_NAME,
} from './document-page.js';

/** Serves the OpenAPI document, and a page to read it. */
@Controller()
@ApiTags('server')
@Public()
export class ApiDocumentController {
  constructor(private readonly document: ApiDocument) {}

  /** Returns this document. */
  @Get('openapi.json')
  @RepresentedAs({ isFixedType: true })
  @ApiOkResponse({ description: 'The OpenAPI document.', schema: { type: 'object' } })
  getApiDocument(@Res() reply: FastifyReply): void {
    reply.type('application/json; charset=utf-8').send(this.document.json());
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
