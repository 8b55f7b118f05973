import { type INestApplication, type Type } from '@nestjs/common';
import { ModulesContainer } from '@nestjs/core';
import { DocumentBuilder, SwaggerModule, type OpenAPIObject } from '@nestjs/swagger';
import { ProblemDto } from '@latchkey/auth-models';
import { VERSION } from '../common/version.js';
import { Config } from '../config/config.js';
import { completeApiDocument } from '../representation/complete-api-document.js';
import { CONSTANT_HEADERS } from '../representation/constant-headers.js';
import { operationId } from '../representation/operation-id.js';
import { queryClass } from '../representation/route-parameters.js';
import { type ValidatedClass } from '../representation/validator-schemas.js';

const inCapitals = (field: string) => field.replace(/(^|-)[a-z]/g, (letter) => letter.toUpperCase());

/** Builds the OpenAPI document of every route of the application. */
export function describeApi(app: INestApplication): OpenAPIObject {
  const description = new DocumentBuilder()
    .setTitle('Latchkey')
    .setDescription(
      'A name and a password give a revocable user token (`POST /auth/login`); every other call sends it as ' +
        '`X-Auth-Token: base64(user:token)`, or as `Authorization: Bearer token`.\n\n' +
        'HEAD is answered as GET is, without the body.\n\n' +
        `Every answer has ${Object.keys(CONSTANT_HEADERS).map(inCapitals).join(', ')}, and over TLS ` +
        'Strict-Transport-Security. Every request may have X-Request-Id: up to 64 letters, digits or . _ : + = / -.\n\n' +
        'The answer to a request with several errors is the first of these: 404 or 405 for the path and method, 401, 403, ' +
        '406, 400 for the query and If-Match, 413, 415, 400 or 422 for the body, and then 404, 409, 412 or 428 for the resource. A ' +
        'query has at most 100 parameters. A body has at most 100 members and array items, beside the arrays that its ' +
        'schema allows; it has each member once. A problem lists the first 20 errors.\n\n' +
        'In XML the root is `<response>`, or `<problem>` of a problem; a member is an element, and an array one with an ' +
        '`<i>` an item, so that an empty array is an empty element, and what is absent has none. In CSV an array is its ' +
        "items with a space between, an empty one `[]`, and what is absent an empty cell; a `'` comes before what a " +
        'spreadsheet would take for a formula, at the start or after a semicolon.',
    )
    .setVersion(VERSION)
    .setLicense('MIT', 'https://opensource.org/license/mit')
    .addServer('/', 'This server.')
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
    { queryClasses: queryClassesOf(app), passwordMinLength: app.get(Config).passwordMinLength },
  );
}

function queryClassesOf(app: INestApplication): Map<string, ValidatedClass> {
  const controllers = [...app.get(ModulesContainer).values()]
    .flatMap((module) => [...module.controllers.values()])
    .map(({ metatype }) => metatype as Type);
  return new Map(
    controllers.flatMap((controller) =>
      Object.getOwnPropertyNames(controller.prototype as object).flatMap((method) => {
        const query = queryClass(controller, method);
        return query ? [[operationId(controller.name, method), query] as const] : [];
      }),
    ),
  );
}
