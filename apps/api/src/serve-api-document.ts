import { type NestFastifyApplication } from '@nestjs/platform-fastify';
import { DocumentBuilder, SwaggerModule, type OpenAPIObject } from '@nestjs/swagger';
import { ProblemDto } from '@latchkey/auth-models';
import { type FastifyInstance } from 'fastify';
import { VERSION } from './common/version.js';
import { completeApiDocument } from './representation/complete-api-document.js';
import { operationId } from './representation/operation-id.js';

const PAGE = '/docs';

/** The page's own files, and the styles that its authors wrote inline; scripts only from files. */
const PAGE_POLICY =
  "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; object-src 'none'; base-uri 'none'; frame-ancestors 'none'";

/** Serves the OpenAPI document under `/openapi.json`, and a page to read it under `/docs`. */
export function serveApiDocument(app: NestFastifyApplication, server: FastifyInstance): void {
  server.addHook('onRoute', (route) => {
    if (route.url.startsWith(PAGE)) {
      route.onSend = (_request, reply, payload, done) => {
        reply.header('content-security-policy', PAGE_POLICY);
        if (reply.getHeader('content-type') === 'text/html') {
          reply.type('text/html; charset=utf-8');
        }
        done(null, payload);
      };
    }
  });
  SwaggerModule.setup('docs', app, () => describeApi(app), {
    jsonDocumentUrl: 'openapi.json',
    raw: ['json'],
    customSiteTitle: 'Latchkey API',
  });
}

function describeApi(app: NestFastifyApplication): OpenAPIObject {
  const description = new DocumentBuilder()
    .setTitle('Latchkey')
    .setDescription(
      'A name and a password give a revocable user token (`POST /auth/login`); every other call sends it as ' +
        '`X-Auth-Token: base64(user:token)`, or as `Authorization: Bearer token`.\n\n' +
        'HEAD is answered as GET is, without the body.\n\n' +
        'In XML the root is `<response>`, or `<problem>` of a problem; a member is an element, and an array one with an ' +
        '`<i>` an item, so that an empty array is an empty element, and what is absent has none. In CSV an array is its ' +
        "items with a space between, an empty one `[]`, and what is absent an empty cell; a `'` comes before what a " +
        'spreadsheet would take for a formula.',
    )
    .setVersion(VERSION)
    .addBasicAuth({ type: 'http', scheme: 'basic' }, 'basic')
    .addApiKey(
      { type: 'apiKey', in: 'header', name: 'X-Auth-Token', description: 'base64(user:token)' },
      'token',
    )
    .addBearerAuth(
      { type: 'http', scheme: 'bearer', bearerFormat: 'opaque', description: 'The token alone' },
      'bearer',
    )
    .addCookieAuth('__Host-latchkey', { type: 'apiKey', in: 'cookie' }, 'session-cookie')
    .build();
  return completeApiDocument(
    SwaggerModule.createDocument(app, description, {
      extraModels: [ProblemDto],
      operationIdFactory: operationId,
    }),
  );
}
