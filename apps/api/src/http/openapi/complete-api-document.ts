import { type OpenAPIObject } from '@nestjs/swagger';
import { UNCOUNTED_EXTENSION } from '../../common/request/policy.js';
import { completeHeaders } from './answer-headers.js';
import {
  completeParameters,
  completeSchemas,
  describeArraysInXml,
  type Schema,
} from './schemas/complete-schemas.js';
import { JSON_REPRESENTATION, REPRESENTATIONS } from '../negotiation/representations.js';
import { REPRESENTATION_EXTENSION } from '../negotiation/route-representation.js';
import { type ValidatedClass } from './schemas/validator-schemas.js';

interface Response {
  description?: string;
  headers?: Record<string, object>;
  content?: Record<string, object>;
}

/** The parts of an OpenAPI operation that are completed. */
interface Operation {
  responses: Record<string, Response | undefined>;
  security?: Record<string, string[]>[];
  operationId?: string;
  requestBody?: { required?: boolean; content: Record<string, { schema?: Schema }> };
  parameters?: { in: string; name: string; schema?: Schema }[];
  [UNCOUNTED_EXTENSION]?: boolean;
  [REPRESENTATION_EXTENSION]?: { isBodyless: boolean; isFixedType: boolean; alsoAs: string[] };
}

const DESCRIPTIONS: Record<string, string> = {
  400: 'The request is malformed, carries credentials twice or in its address, or has a parameter that is unknown or wrong.',
  401: 'No valid credentials; WWW-Authenticate says which are wanted.',
  403: 'The permissions held do not cover this.',
  404: 'There is no such thing, or none that the caller may see.',
  406: 'None of the types asked for in Accept can be served.',
  409: 'What is there already does not allow this; `code` says what.',
  412: 'If-Match does not match the current version, or the resource has no version.',
  413: 'The body is too large.',
  415: 'The body is in a type that is not read here.',
  422: 'A member of the body is unknown or has a value that is not allowed.',
  428: 'Neither If-Match nor `version` says which version is meant.',
  429: 'The user has reached the limit of changes within 24 hours; Retry-After has the seconds to wait.',
  503: 'The server is busy or cannot reach its database; Retry-After says when to try again.',
  default: 'A problem; `code` says which, from the closed list of auth-models.',
};

/** Problem details (RFC 9457) in each type they are written in. */
const PROBLEM_CONTENT: Record<string, object> = Object.fromEntries<object>(
  REPRESENTATIONS.map(({ problemContentType }) => [
    problemContentType.split(';', 1)[0] ?? '',
    { schema: { $ref: '#/components/schemas/ProblemDto' } },
  ]),
);

/** What the document cannot be completed without. */
export interface Application {
  /** The class of the query parameters of each operation that has them, by operation id. */
  queryClasses: ReadonlyMap<string, ValidatedClass>;
  /** The classes of bodies by name. */
  bodyClasses: ReadonlyMap<string, ValidatedClass>;
  /** The length of a new password that this server is configured to require. */
  passwordMinLength: number;
}

/** Adds what follows from how every operation is guarded, validated and represented: constraints, types of answers, problems, header fields. */
export function completeApiDocument(
  document: OpenAPIObject,
  { queryClasses, bodyClasses, passwordMinLength }: Application,
): OpenAPIObject {
  completeSchemas(document, bodyClasses, passwordMinLength);
  for (const [path, operations] of Object.entries(document.paths)) {
    for (const [method, operation] of Object.entries(operations) as [string, Operation][]) {
      // A route without a policy has none either, but answers 403 to everybody: it is no part of the API.
      operation.security ??= [];
      const queryClass = queryClasses.get(operation.operationId ?? '');
      if (queryClass) {
        completeParameters(operation.parameters ?? [], queryClass, passwordMinLength);
      }
      completeBody(document, method, operation);
      completeAnswers(operation);
      // A route that states it limits failed log-ins; others limit the writes of their users.
      const isLimited = operation.responses['429'] !== undefined;
      completeProblems(method, operation);
      completeHeaders(document, path, operation, isLimited);
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

/** Gateways ask what has no body by HEAD as well, so that it is an operation of its own there. */
function describeHead(operations: Record<string, Operation>): void {
  const { get } = operations;
  if (get?.[REPRESENTATION_EXTENSION]?.isBodyless) {
    operations.head = { ...get, operationId: `${get.operationId}ByHead` };
  }
}

/** A body without a required member can be left out. A change of a thing is a merge patch (RFC 7396), and may be called plain JSON. */
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

/** The server rejects members that a body in JSON does not have, at the top and within. */
function forbidOtherMembers(components: OpenAPIObject['components'], schema?: Schema): void {
  const name = (schema?.allOf?.[0] ?? schema)?.$ref?.split('/').at(-1) ?? '';
  const found = components?.schemas?.[name] as Schema | undefined;
  if (found) {
    found.additionalProperties = false;
    Object.values(found.properties ?? {}).forEach((member) => forbidOtherMembers(components, member));
  }
}

function completeAnswers({ responses, [REPRESENTATION_EXTENSION]: representation }: Operation): void {
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
  const isBodyless = operation[REPRESENTATION_EXTENSION]?.isBodyless === true;
  const usual = isBodyless ? ['401', '403', '503'] : [...problemStatuses(method, operation), 'default'];
  const stated = Object.keys(responses).filter((status) => /^[45]/.test(status));
  for (const status of new Set([...stated, ...usual])) {
    responses[status] = {
      ...(!isBodyless && { content: PROBLEM_CONTENT }),
      ...responses[status],
      description: responses[status]?.description || DESCRIPTIONS[status],
    };
  }
}

/** What an operation can be refused with, by how it is guarded and what it takes. */
function problemStatuses(method: string, operation: Operation): string[] {
  const { security, requestBody, parameters = [] } = operation;
  const isFixedType = operation[REPRESENTATION_EXTENSION]?.isFixedType === true;
  return [
    '400',
    ...(security?.length ? ['401', '403'] : []),
    ...(parameters.some((parameter) => parameter.in === 'path') ? ['404'] : []),
    ...(isFixedType ? [] : ['406']),
    // Every change: a route that does not evaluate If-Match rejects any version in it.
    ...(method === 'get' ? [] : ['412']),
    // Where a version is required, the body may have it.
    ...('428' in operation.responses ? ['409'] : []),
    ...(requestBody ? ['413', '415', '422'] : []),
    ...(isCounted(method, operation) ? ['429'] : []),
    '503',
  ];
}

/** Whether an operation counts towards the limit on its user's writes. */
function isCounted(method: string, { security, [UNCOUNTED_EXTENSION]: isUncounted }: Operation): boolean {
  return Boolean(security?.length) && method !== 'get' && method !== 'head' && isUncounted !== true;
}
