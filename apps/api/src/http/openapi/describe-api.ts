import { type INestApplication, type Type } from '@nestjs/common';
import { ModulesContainer } from '@nestjs/core';
import { DocumentBuilder, SwaggerModule, type OpenAPIObject } from '@nestjs/swagger';
import { OAuthErrorDto, HEADERS, PROBLEM_ERRORS_MAX, ProblemDto } from '@latchkey/auth-models';
import { VERSION } from '../../common/version.js';
import { Config } from '../../platform/config/config.js';
import { DEPTH_MAX, NAME_MAX_LENGTH, VALUES_MAX } from '../bodies/check-input.js';
import { completeApiDocument, type Application } from './complete-api-document.js';
import { CONSTANT_HEADERS } from '../server/constant-headers.js';
import { ENCODED_MAX } from '../negotiation/representations.js';
import { bodyClass, queryClass } from '../negotiation/route-representation.js';
import { type ValidatedClass } from './schemas/validator-schemas.js';

const capitalized = (field: string) => field.replace(/(^|-)[a-z]/g, (letter) => letter.toUpperCase());

export function describeApi(app: INestApplication): OpenAPIObject {
  const description = new DocumentBuilder()
    .setTitle('Latchkey')
    .setDescription(
      '`POST /auth/login` accepts a name and a password, and returns a token. Send it with all other requests as ' +
        '`X-Auth-Token: base64(user:token)`, or as `Authorization: Bearer token`.\n\n' +
        'HEAD returns the same headers as GET, without the body.\n\n' +
        `All responses have ${Object.keys(CONSTANT_HEADERS).map(capitalized).join(', ')}, and over TLS ` +
        'Strict-Transport-Security. All requests may have X-Request-Id: up to 64 letters, digits or . _ : + = / -. Without it, the ' +
        'trace id of `traceparent` (W3C Trace Context) is the id of the request. Invalid values are ignored.\n\n' +
        'The response to a request with several errors is the first of these: 404 or 405 for the path and method, 401, 403, ' +
        '406, 400 for the query and If-Match, 413, 415, 400 or 422 for the body, and then 404, 409, 412 or 428 for the resource. ' +
        `A query has at most ${VALUES_MAX} parameters. A body has at most ${VALUES_MAX} members and array items in addition to ` +
        `those of its schema, and at most ${DEPTH_MAX} levels. Duplicate members are rejected. Names have at most ` +
        `${NAME_MAX_LENGTH} characters. A problem lists the first ${PROBLEM_ERRORS_MAX} errors. A response of more than ` +
        `${ENCODED_MAX / 1024} KiB is JSON, regardless of Accept.\n\n` +
        'In XML the root element is `<response>` or `<problem>`. Each member is an element, and an array has one `<i>` per ' +
        'item. An empty array is an empty element, and absent members have none. In CSV the items of an array are separated ' +
        "by spaces, an empty array is `[]`, an array of objects is JSON, and absent members are empty cells. A `'` precedes text that a spreadsheet " +
        'would treat as a formula, at the start of a cell or after a semicolon.',
    )
    .setVersion(VERSION)
    .setLicense('MIT', 'https://opensource.org/license/mit')
    .addServer('/', 'This server.')
    .addBasicAuth({ type: 'http', scheme: 'basic' }, 'basic')
    .addApiKey(
      { type: 'apiKey', in: 'header', name: HEADERS.xAuthToken, description: 'base64(user:token)' },
      'token',
    )
    .addBearerAuth(
      { type: 'http', scheme: 'bearer', bearerFormat: 'opaque', description: 'The token' },
      'bearer',
    )
    .addBasicAuth(
      {
        type: 'http',
        scheme: 'basic',
        description: 'The name of a user, and a token of this user (RFC 6749, section 2.3.1)',
      },
      'client',
    )
    .addCookieAuth('__Host-latchkey', { type: 'apiKey', in: 'cookie' }, 'session-cookie')
    .build();
  return completeApiDocument(
    SwaggerModule.createDocument(app, description, {
      extraModels: [ProblemDto, OAuthErrorDto],
      operationIdFactory: operationId,
    }),
    { ...classesOf(app), passwordMinLength: app.get(Config).passwordMinLength },
  );
}

/** Returns the classes of queries and bodies, including those of feature modules. */
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

/**
 * Returns the name of an operation in generated clients. It is the name of the method (`resetPassword`). To a
 * single word the subject of the controller is added (`get` of users is `getUser`), and `find` and `list`
 * become `listUsers`.
 */
export function operationId(controller: string, method: string): string {
  const subjects = controller.replace(/Controller$/, '');
  if (method === 'find' || method === 'list') {
    return `list${subjects}`;
  }
  return /[A-Z]/.test(method) ? method : `${method}${singular(subjects)}`;
}

function singular(subjects: string): string {
  return subjects.replace(/ies$/, 'y').replace(/([^s])s$/, '$1');
}
