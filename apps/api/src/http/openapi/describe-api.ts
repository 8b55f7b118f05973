import { type INestApplication, type Type } from '@nestjs/common';
import { ModulesContainer } from '@nestjs/core';
import { DocumentBuilder, SwaggerModule, type OpenAPIObject } from '@nestjs/swagger';
import { PROBLEM_ERRORS_MAX, ProblemDto } from '@latchkey/auth-models';
import { VERSION } from '../../common/version.js';
import { Config } from '../../platform/config/config.js';
import { DEPTH_MAX, NAME_MAX_LENGTH, VALUES_MAX } from '../bodies/check-plain-json.js';
import { completeApiDocument, type Application } from './complete-api-document.js';
import { CONSTANT_HEADERS } from '../server/constant-headers.js';
import { ENCODED_MAX } from '../negotiation/encode-with.js';
import { operationId } from './operation-id.js';
import { bodyClass, queryClass } from '../negotiation/route-parameters.js';
import { type ValidatedClass } from './schemas/validator-schemas.js';

const inCapitals = (field: string) => field.replace(/(^|-)[a-z]/g, (letter) => letter.toUpperCase());

/** Builds the OpenAPI document of every route of the application. */
export function describeApi(app: INestApplication): OpenAPIObject {
  const description = new DocumentBuilder()
    .setTitle('Latchkey')
    .setDescription(
      'A name and a password give a revocable user token (`POST /auth/login`); every other call sends it as ' +
        '`X-Auth-Token: base64(user:token)`, or as `Authorization: Bearer token`.\n\n' +
        'HEAD returns the same header fields as GET, without the body.\n\n' +
        `Every answer has ${Object.keys(CONSTANT_HEADERS).map(inCapitals).join(', ')}, and over TLS ` +
        'Strict-Transport-Security. Every request may have X-Request-Id: up to 64 letters, digits or . _ : + = / -.\n\n' +
        'The answer to a request with several errors is the first of these: 404 or 405 for the path and method, 401, 403, ' +
        '406, 400 for the query and If-Match, 413, 415, 400 or 422 for the body, and then 404, 409, 412 or 428 for the resource. ' +
        `A query has at most ${VALUES_MAX} parameters. A body has at most ${VALUES_MAX} members and array items, beside the ` +
        `arrays that its schema allows, and at most ${DEPTH_MAX} levels. Duplicate members are rejected. Names have at most ` +
        `${NAME_MAX_LENGTH} characters. A problem lists the first ${PROBLEM_ERRORS_MAX} errors. An answer of more than ` +
        `${ENCODED_MAX / 1024} KiB is JSON, whatever Accept says.\n\n` +
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
    { ...classesOf(app), passwordMinLength: app.get(Config).passwordMinLength },
  );
}

/** The classes that queries and bodies are validated with, those of feature modules too. */
function classesOf(app: INestApplication): Pick<Application, 'queryClasses' | 'bodyClasses'> {
  const queryClasses = new Map<string, ValidatedClass>();
  const bodyClasses = new Map<string, ValidatedClass>();
  for (const { controllers } of app.get(ModulesContainer).values()) {
    for (const controller of [...controllers.values()].map(({ metatype }) => metatype as Type)) {
      for (const method of Object.getOwnPropertyNames(controller.prototype as object)) {
        const query = queryClass(controller, method);
        const body = bodyClass(controller, method);
        if (query) {
          queryClasses.set(operationId(controller.name, method), query);
        }
        if (body) {
          bodyClasses.set(body.name, body);
        }
      }
    }
  }
  return { queryClasses, bodyClasses };
}
