import { type OpenAPIObject } from '@nestjs/swagger';
import { ERROR_CODES, type ErrorCode, PROBLEM_EXPLANATIONS, ProblemDto } from '@latchkey/auth-models';
import { UNCOUNTED_EXTENSION } from '../../common/request/policy.js';
import { type Operation } from './operation.js';
import { completeHeaders } from './response-headers.js';
import {
  completeParameters,
  completeSchemas,
  describeArraysInXml,
  type Schema,
} from './schemas/complete-schemas.js';
import { PROBLEM_STATUS } from '../problems/problem-catalog.js';
import { JSON_REPRESENTATION, REPRESENTATIONS } from '../negotiation/representations.js';
import { REPRESENTATION_EXTENSION } from '../negotiation/route-representation.js';
import { type ValidatedClass } from './schemas/validator-schemas.js';

const DESCRIPTIONS: Record<string, string> = {
  400: 'The request is malformed, has credentials twice or in its URL, or has an unknown or invalid parameter.',
  401: 'No valid credentials. WWW-Authenticate names the expected ones.',
  403: 'The caller lacks a permission.',
  404: 'The resource does not exist, or the caller may not see it.',
  406: 'None of the media types in Accept is available.',
  409: 'The request conflicts with the current state. `code` names the conflict.',
  412: 'If-Match does not match the current version, or the resource has no version.',
  413: 'The body is too large.',
  415: 'The media type of the body is not supported.',
  422: 'A member of the body is unknown or invalid.',
  428: 'Neither If-Match nor `version` states the expected version.',
  429: 'The token has reached its rate limit, or the user has reached the limit of changes within 24 hours. Retry-After has the seconds to wait.',
  503: 'The server is busy or cannot reach its database. Retry-After has the seconds to wait.',
  default: 'A problem. `code` is from the closed list of auth-models.',
};

/** Problem details (RFC 9457) in each media type. */
const PROBLEM_CONTENT: Record<string, object> = Object.fromEntries<object>(
  REPRESENTATIONS.map(({ problemContentType }) => [
    problemContentType.split(';', 1)[0] ?? '',
    { schema: { $ref: '#/components/schemas/ProblemDto' } },
  ]),
);

/** Errors of OAuth endpoints. */
const OAUTH_CONTENT = {
  [JSON_REPRESENTATION.mediaType]: { schema: { $ref: '#/components/schemas/OAuthErrorDto' } },
};

/** Classes and settings of the application that complete the document. */
export interface Application {
  /** Classes of query parameters by operation id. */
  queryClasses: ReadonlyMap<string, ValidatedClass>;
  /** Classes of bodies by name. */
  bodyClasses: ReadonlyMap<string, ValidatedClass>;
  /** Configured minimum length of a new password. */
  passwordMinLength: number;
}

/**
 * Adds constraints, media types, problems and headers, which follow from validators, guards and
 * representations.
 */
export function completeApiDocument(
  document: OpenAPIObject,
  { queryClasses, bodyClasses, passwordMinLength }: Application,
): OpenAPIObject {
  completeSchemas(document, bodyClasses, passwordMinLength);
  describeErrorCodes(document);
  for (const [path, operations] of Object.entries(document.paths)) {
    for (const [method, operation] of Object.entries(operations) as [string, Operation][]) {
      // A route without a policy has no security either, but is closed, and not part of the API.
      operation.security ??= [];
      describePath(path, operation);
      const queryClass = queryClasses.get(operation.operationId ?? '');
      if (queryClass) {
        completeParameters(operation.parameters ?? [], queryClass, passwordMinLength);
      }
      completeBody(document, method, operation);
      completeContent(operation);
      // Routes that state 429 limit failed logins. Others limit the writes of the user.
      const isLimited = operation.responses['429'] !== undefined;
      completeProblems(method, operation);
      const {
        isBodyless = false,
        isFixedType = false,
        isOAuth = false,
      } = operation[REPRESENTATION_EXTENSION] ?? {};
      const traits = { isLimited, isFixedType: isBodyless || isFixedType, isOAuth };
      completeHeaders(document, path, operation, traits);
    }
    describeHead(operations as Record<string, Operation>);
    for (const operation of Object.values(operations as Record<string, Operation>)) {
      delete operation[REPRESENTATION_EXTENSION];
      delete operation[UNCOUNTED_EXTENSION];
    }
  }
  describeArraysInXml(document.components?.schemas);
  describeArraysInXml(document.paths);
  return document;
}

/**
 * Describes path parameters by the collection before them: `name` in `/users/{name}` is the name of the user.
 */
function describePath(path: string, { parameters = [] }: Operation): void {
  for (const parameter of parameters.filter(({ in: place }) => place === 'path')) {
    const [, collection = ''] = new RegExp(`([\\w-]+)/\\{${parameter.name}\\}`).exec(path) ?? [];
    const subject = collection.replaceAll('-', ' ').replace(/s$/, '');
    parameter.description ??= `${capitalized(parameter.name)} of the ${subject}.`;
  }
}

const capitalized = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);

/** Describes the error codes for documentation tools, with the status of each, its remedy and an example. */
function describeErrorCodes({ components }: OpenAPIObject): void {
  const problem = components?.schemas?.[ProblemDto.name] as Schema | undefined;
  const code = problem?.properties?.['code'];
  if (code) {
    code['x-enumDescriptions'] = Object.fromEntries(
      Object.entries(ERROR_CODES).map(([name, detail]) => [
        name,
        `${PROBLEM_STATUS[name as ErrorCode]}: ${detail}`,
      ]),
    );
    code['x-explanations'] = PROBLEM_EXPLANATIONS;
  }
}

/** Adds HEAD to operations without a body, which gateways call with either method. */
function describeHead(operations: Record<string, Operation>): void {
  const { get } = operations;
  if (get?.[REPRESENTATION_EXTENSION]?.isBodyless) {
    operations.head = { ...get, operationId: `${get.operationId}ByHead` };
  }
}

/** States whether the body is required, and that PATCH takes a merge patch (RFC 7396) or plain JSON. */
function completeBody({ components }: OpenAPIObject, method: string, { requestBody }: Operation): void {
  if (!requestBody) {
    return;
  }
  const schemas = Object.values(requestBody.content).map(
    ({ schema }) => components?.schemas?.[schema?.$ref?.split('/').at(-1) ?? ''],
  );
  requestBody.required = schemas.some((schema) => schema && 'required' in schema);
  const json = requestBody.content[JSON_REPRESENTATION.mediaType];
  forbidOtherMembers(components, json?.schema);
  if (json && method === 'patch') {
    requestBody.content = { ...requestBody.content, 'application/merge-patch+json': json };
  }
}

/** States that the server rejects unknown members of JSON bodies, on all levels. */
function forbidOtherMembers(components: OpenAPIObject['components'], schema?: Schema): void {
  const name = (schema?.allOf?.[0] ?? schema)?.$ref?.split('/').at(-1) ?? '';
  const found = components?.schemas?.[name] as Schema | undefined;
  if (found) {
    found.additionalProperties = false;
    Object.values(found.properties ?? {}).forEach((member) => forbidOtherMembers(components, member));
  }
}

function completeContent({ responses, [REPRESENTATION_EXTENSION]: representation }: Operation): void {
  const success = Object.entries(responses).find(([status]) => status.startsWith('2'))?.[1];
  if (success) {
    success.description ||= 'Done.';
  }
  for (const { content } of Object.values(responses).filter((response) => response !== undefined)) {
    const json = representation?.isFixedType ? undefined : content?.[JSON_REPRESENTATION.mediaType];
    if (content && json) {
      REPRESENTATIONS.forEach(({ mediaType }) => (content[mediaType] = json));
    }
  }
  if (success?.content) {
    for (const mediaType of representation?.alsoAs ?? []) {
      success.content[mediaType] = { schema: { type: 'string' } };
    }
  }
}

function completeProblems(method: string, operation: Operation): void {
  const { responses } = operation;
  const { isBodyless = false, isOAuth = false } = operation[REPRESENTATION_EXTENSION] ?? {};
  const usual = isBodyless ? ['401', '403', '503'] : [...problemStatuses(method, operation), 'default'];
  const stated = Object.keys(responses).filter((status) => /^[45]/.test(status));
  for (const status of new Set([...stated, ...usual])) {
    responses[status] = {
      ...(!isBodyless && { content: isOAuth ? OAUTH_CONTENT : PROBLEM_CONTENT }),
      ...responses[status],
      description: responses[status]?.description || DESCRIPTIONS[status],
    };
  }
}

/** Returns the error statuses that follow from the guards and the input of an operation. */
function problemStatuses(method: string, operation: Operation): string[] {
  const { security, parameters = [] } = operation;
  const { isFixedType = false, isOAuth = false } = operation[REPRESENTATION_EXTENSION] ?? {};
  return [
    '400',
    ...(security?.length ? ['401', '403'] : []),
    ...(parameters.some((parameter) => parameter.in === 'path') ? ['404'] : []),
    ...(isFixedType ? [] : ['406']),
    // For all writes: a route that does not evaluate If-Match rejects it.
    ...(method === 'get' ? [] : ['412']),
    // The body may state a required version.
    ...('428' in operation.responses ? ['409'] : []),
    // A route that takes no body rejects one.
    ...(method === 'get' ? [] : ['413', '415', ...(isOAuth ? [] : ['422'])]),
    ...(security?.some((scheme) => 'token' in scheme) || isCounted(method, operation) ? ['429'] : []),
    '503',
  ];
}

/** Whether an operation counts towards the write limit of the user. */
function isCounted(method: string, { security, [UNCOUNTED_EXTENSION]: isUncounted }: Operation): boolean {
  return Boolean(security?.length) && method !== 'get' && method !== 'head' && isUncounted !== true;
}
