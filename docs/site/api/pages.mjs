// Pages of the HTTP API, from the OpenAPI document.
import { STATUS_CODES } from 'node:http';
import { curlOf } from './curl.mjs';
import { exampleOf } from './example.mjs';
import { cell, constraintsOf, escaped, memberTable, nameOf, table, typeOf } from './schema.mjs';

const FOLDER = 'reference/api';

/** Order of the operations on a path. */
const METHODS = ['get', 'head', 'post', 'put', 'patch', 'delete'];

/** Response header fields that the overview describes, because most operations have them. */
const COMMON_HEADERS = [
  'X-Request-Id',
  'X-Auth-Token-Expires',
  'X-Auth-Token-Superseded',
  'RateLimit',
  'RateLimit-Policy',
  'Retry-After',
  'WWW-Authenticate',
];

/** Names of the media types in tables. */
const FORMATS = {
  'application/json': 'JSON',
  'application/xml': 'XML',
  'application/yaml': 'YAML',
  'application/x-ndjson': 'JSON lines',
  'text/csv': 'CSV',
};

/** Yields the path and the Markdown of each page. */
export function* apiPages(document) {
  const tags = tagsOf(document);
  yield [`${FOLDER}/index.md`, indexPage(document, tags)];
  for (const [tag, operations] of tags) {
    yield [`${FOLDER}/${tag}.md`, tagPage(tag, operations, document.components.schemas)];
  }
  yield [`${FOLDER}/schemas.md`, schemaPage(document.components.schemas)];
  yield [`${FOLDER}/errors.md`, errorPage(document.components.schemas)];
}

/** Returns the operations of a document by tag, collections before their items. */
function tagsOf({ paths }) {
  const operations = Object.entries(paths)
    .sort(([one], [other]) => one.localeCompare(other))
    .flatMap(([path, methods]) =>
      METHODS.filter((method) => method in methods).map((method) => ({
        method,
        path,
        operation: methods[method],
        route: `${method.toUpperCase()} ${path}`,
      })),
    );
  const tags = new Map();
  for (const each of operations) {
    const [tag] = each.operation.tags;
    tags.set(tag, [...(tags.get(tag) ?? []), each]);
  }
  return new Map([...tags].sort(([one], [other]) => one.localeCompare(other)));
}

const titleOf = (tag) => tag.charAt(0).toUpperCase() + tag.slice(1);

/** Returns the anchor of an operation, for example `post-auth-login`. */
const anchorOf = (route) =>
  route
    .toLowerCase()
    .replaceAll(/[^a-z]+/g, '-')
    .replace(/-$/, '');

function indexPage({ info, components, paths }, tags) {
  const schemes = Object.entries(components.securitySchemes).map(
    ([name, { type, scheme, in: place, name: field, description }]) => [
      `\`${name}\``,
      type === 'http'
        ? `\`Authorization: ${scheme.charAt(0).toUpperCase()}${scheme.slice(1)}\``
        : `${place} \`${field}\``,
      cell(description ?? ''),
    ],
  );
  const lists = [...tags].map(([tag, operations]) => {
    const rows = operations.map(({ route, operation }) => [
      `[\`${route}\`](${tag}.md#${anchorOf(route)})`,
      cell(firstSentence(operation.summary)),
    ]);
    return `## ${titleOf(tag)}\n\n${table(['Operation', 'Effect'], rows)}\n`;
  });
  const responses = Object.values(paths)
    .flatMap((methods) => Object.values(methods))
    .flatMap((operation) => Object.values(operation.responses));
  const headers = COMMON_HEADERS.map((name) => [
    `\`${name}\``,
    cell(responses.find((response) => response.headers?.[name] !== undefined).headers[name].description),
  ]);
  return `---
outline: 2
---

# HTTP API

Version ${info.version}. The server serves this reference as an OpenAPI document at \`/openapi.json\`, and for trying out
at \`/docs\`. This site has [a copy of the document](/openapi.json).

${lists.join('\n')}

## Authentication

${table(['Scheme', 'Sent as', 'Value'], schemes)}

## Requests and responses

${escaped(info.description)}

## Response headers

Most operations send these header fields. The pages list the others.

${table(['Header', 'Description'], headers)}
`;
}

const firstSentence = (text) => /^.*?\.(?=\s|$)/s.exec(text)?.[0] ?? text;

function tagPage(tag, operations, schemas) {
  const sections = operations.map((each) => operationSection({ ...each, schemas }));
  return `---\noutline: 2\n---\n\n# ${titleOf(tag)}\n\n${sections.join('\n')}`;
}

function operationSection({ method, path, route, operation, schemas }) {
  const parts = [
    `## \`${method.toUpperCase()}\` ${path.replaceAll('{', '&#123;')} {#${anchorOf(route)}}`,
    escaped(operation.summary),
    operation.description && escaped(operation.description),
    requirements(operation),
    `\`\`\`sh\n${curlOf({ method, path, operation, schemas })}\n\`\`\``,
    ...parameters(operation.parameters ?? []),
    ...requestBody(operation.requestBody, schemas),
    ...responses(operation.responses, schemas),
  ];
  return `${parts.filter(Boolean).join('\n\n')}\n`;
}

/**
 * Returns a line with the name of an operation in generated clients, and the credentials, permissions and
 * freshness that it requires.
 */
function requirements({
  operationId,
  security,
  'x-required-permissions': permissions = [],
  'x-requires-step-up': isFresh = false,
}) {
  const schemes = (security ?? []).flatMap((scheme) => Object.keys(scheme)).map((name) => `\`${name}\``);
  const authentication = schemes.length === 0 ? 'none' : schemes.join(' or ');
  const required =
    permissions.length === 0
      ? ''
      : ` **Permissions:** ${permissions.map((name) => `\`${name}\``).join(', ')}.`;
  return `**Operation:** \`${operationId}\`. **Authentication:** ${authentication}.${required}${isFresh ? ' **Sessions:** at most five minutes after a login or step-up.' : ''}`;
}

function parameters(all) {
  if (all.length === 0) {
    return [];
  }
  const rows = all.map(({ name, in: place, required, description = '', schema }) => [
    `\`${name}\`${required ? '<br><em>required</em>' : ''}`,
    place,
    cell(
      [typeOf(schema) === 'string' ? '' : `${typeOf(schema)}.`, description, constraintsOf(schema)]
        .filter(Boolean)
        .join(' '),
    ),
  ]);
  return ['### Parameters', table(['Name', 'In', 'Description'], rows)];
}

function requestBody(body, schemas) {
  if (body === undefined) {
    return [];
  }
  const [{ schema }] = Object.values(body.content);
  const named = schemas[nameOf(schema)] ?? schema;
  return [
    '### Body',
    `${typeOf(schema)} as ${formatsOf(body.content)}.`,
    named.properties && memberTable(named),
  ];
}

const formatsOf = (content) =>
  [...new Set(Object.keys(content).map((type) => FORMATS[type] ?? `\`${type}\``))].join(', ');

function responses(all, schemas) {
  const entries = Object.entries(all).filter(([status]) => status !== 'default');
  const successes = entries.filter(([status]) => status < '400');
  const failures = entries.filter(([status]) => status >= '400');
  const rows = failures.map(([status, { description }]) => [`\`${status}\``, cell(description)]);
  const body = failures.some(([, { content }]) => content !== undefined)
    ? 'The body is a [ProblemDto](schemas.md#problemdto) with one of the [error codes](errors.md).'
    : 'Without a body.';
  return [
    '### Response',
    ...successes.flatMap(([status, response]) => success(status, response, schemas)),
    `<details><summary>Errors</summary>\n\n${body}\n\n${table(['Status', 'Description'], rows)}\n\n</details>`,
  ];
}

function success(status, { description, content = {}, headers = {} }, schemas) {
  const [{ schema } = {}] = Object.values(content);
  const text = [
    `\`${status} ${STATUS_CODES[status]}\`.`,
    description === 'Done.' ? '' : cell(description),
    schema && `${bodyOf(schema)} ${formatsOf(content)}.`,
  ];
  const own = Object.entries(headers).filter(([name]) => !COMMON_HEADERS.includes(name));
  const rows = own.map(([name, header]) => [`\`${name}\``, cell(header.description)]);
  const example = 'application/json' in content ? exampleOf(schema, schemas) : undefined;
  return [
    text.filter(Boolean).join(' '),
    example && hasOptionalMembers(schema, schemas) && 'With all members:',
    example && `\`\`\`json\n${JSON.stringify(example, null, 2)}\n\`\`\``,
    rows.length > 0 && table(['Header', 'Description'], rows),
  ];
}

function bodyOf(schema) {
  const members = Object.entries(schema.properties ?? {}).map(
    ([name, member]) => `\`${name}\` (${typeOf(member)})`,
  );
  if (schema.type === 'string') {
    return 'As';
  }
  return `${members.length > 0 ? members.join(', ') : typeOf(schema)} as`;
}

function hasOptionalMembers(schema, schemas) {
  const { properties = {}, required = [] } = schemas[nameOf(schema)] ?? schema;
  return Object.keys(properties).length > required.length;
}

/** Returns a page with a section for each error code. */
function errorPage({ ProblemDto: problem }) {
  const { 'x-enumDescriptions': descriptions, 'x-explanations': explanations } = problem.properties.code;
  const sections = Object.entries(descriptions).map(([code, text]) => {
    const [status, detail] = text.split(': ', 2);
    const { remedy, example } = explanations[code];
    return [
      `## \`${code}\` {#${code}}`,
      `\`${status} ${STATUS_CODES[status]}\`. ${escaped(detail)}`,
      `**What to do:** ${escaped(remedy)}`,
      `**Example:** ${escaped(example)}`,
    ].join('\n\n');
  });
  return `---
outline: 2
---

# Error codes

Error responses are problem details (RFC 9457), a [ProblemDto](schemas.md#problemdto). The member \`code\` is one of these.
The list is closed. \`detail\` can be more specific than the text here. \`type\` is the address of a page of your server that
explains the code: \`/problems/token_expired\`. \`GET /problems\` lists all.

${sections.join('\n\n')}
`;
}

function schemaPage(schemas) {
  const sections = Object.entries(schemas)
    .sort(([one], [other]) => one.localeCompare(other))
    .map(([name, schema]) => [
      `## ${name} {#${name.toLowerCase()}}`,
      schema.description && escaped(schema.description),
      memberTable(schema),
    ]);
  return `---\noutline: 2\n---\n\n# Schemas\n\n${sections.map((parts) => parts.filter(Boolean).join('\n\n')).join('\n\n')}\n`;
}
