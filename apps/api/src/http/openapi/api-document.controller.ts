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
import { HEADERS } from '@latchkey/auth-models';
import { ApplicationError } from '../../common/application-error.js';
import { FIELDS } from '../../common/request/header-fields.js';
import { Public } from '../../common/request/policy.js';
import { ENTITY_TAG, hasTag, IF_NONE_MATCH } from '../negotiation/entity-tag.js';
import { RepresentedAs } from '../negotiation/route-representation.js';
import { ApiDocument } from './api-document.js';
import { API_PAGE_FILES } from './api-page-files.js';
import { API_PAGE_FOLDER } from './api-page-folder.js';

/** Policy of the page: files of this server, and the inline styles of Swagger UI, but no inline scripts. */
const PAGE_POLICY =
  "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; object-src 'none'; base-uri 'none'; frame-ancestors 'none'";

/** Script that starts Swagger UI. */
const PAGE_SCRIPT_NAME = 'start.js';

// Without `validatorUrl: null` the page would send the document to a validator of Swagger.
const PAGE_SCRIPT =
  "SwaggerUIBundle({ url: '/openapi.json', dom_id: '#swagger-ui', deepLinking: true, validatorUrl: null });\n";

/** The page that shows the OpenAPI document. */
const PAGE = `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <title>Latchkey API</title>
    <link rel="stylesheet" href="/docs/swagger-ui.css" />
    <link rel="icon" type="image/png" href="/docs/favicon-32x32.png" />
  </head>
  <body>
    <div id="swagger-ui"></div>
    <script src="/docs/swagger-ui-bundle.js"></script>
    <script src="/docs/${PAGE_SCRIPT_NAME}"></script>
  </body>
</html>
`;

/** Serves the OpenAPI document and a page that shows it. */
@Controller()
@ApiTags('server')
@Public()
export class ApiDocumentController {
  constructor(private readonly document: ApiDocument) {}

  /** Returns this document. */
  @Get('openapi.json')
  @RepresentedAs({ isFixedType: true })
  @ApiHeader(IF_NONE_MATCH)
  @ApiOkResponse({
    description: 'The OpenAPI document, compressed if `Accept-Encoding` allows it.',
    schema: { type: 'object' },
    headers: {
      ...ENTITY_TAG,
      [HEADERS.contentEncoding]: { description: '`br` or `gzip`.', schema: { type: 'string' } },
    },
  })
  @ApiResponse({ status: 304, description: 'The client already has this document.', headers: ENTITY_TAG })
  async getApiDocument(@Headers() headers: IncomingHttpHeaders, @Res() reply: FastifyReply): Promise<void> {
    const { encoding, bytes, etag } = await this.document.encodedFor(headers[FIELDS.acceptEncoding]);
    reply.headers({ etag, vary: `${String(reply.getHeader(FIELDS.vary))}, Accept-Encoding` });
    if (hasTag(headers[FIELDS.ifNoneMatch], etag)) {
      await reply.status(304).send();
      return;
    }
    if (encoding !== 'identity') {
      reply.header(FIELDS.contentEncoding, encoding);
    }
    await reply.type('application/json; charset=utf-8').send(bytes);
  }

  /** Returns a page that shows this document. */
  @Get('docs')
  @RepresentedAs({ isFixedType: true })
  @ApiProduces('text/html')
  @ApiOkResponse({ description: 'The page.', schema: { type: 'string' } })
  getApiPage(@Res() reply: FastifyReply): void {
    reply
      .headers({ [FIELDS.contentSecurityPolicy]: PAGE_POLICY })
      .type('text/html; charset=utf-8')
      .send(PAGE);
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
    if (!API_PAGE_FILES.has(name)) {
      throw new ApplicationError('not_found', { detail: 'The API page has no such file. Open /docs.' });
    }
    return reply.sendFile(name, API_PAGE_FOLDER, { maxAge: '1h' });
  }
}
