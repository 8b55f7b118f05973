// Pages of the HTTP API, from the OpenAPI document.
import { curlOf } from './curl.mjs';
import { cell, constraintsOf, escaped, memberTable, nameOf, table, typeOf } from './schema.mjs';

const FOLDER = 'reference/api';

/** Names of the media types in tables. */
const FORMATS = {
  'application/json': 'JSON',
  'application/xml': 'XML',
  'application/yaml': 'YAML',
  'application/cbor': 'CBOR',
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
}

/** Returns the operations of a document by tag. */
function tagsOf({ paths }) {
  const tags = new Map();
  for (const [path, methods] of Object.entries(paths)) {
    for (const [method, operation] of Object.entries(methods)) {
      const [tag] = operation.tags;
      tags.set(tag, [
        ...(tags.get(tag) ?? []),
        { method, path, operation, route: `${method.toUpperCase()} ${path}` },
      ]);
    }
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

function indexPage({ info, components }, tags) {
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
    return `## ${titleOf(tag)}\n\n${table(['Route', 'Effect'], rows)}\n`;
  });
  return `---
outline: 2
---

# HTTP API

Version ${info.version}. The server serves the [OpenAPI document](/openapi.json) at \`/openapi.json\`.

${escaped(info.description)}

## Authentication

${table(['Scheme', 'Sent as', 'Value'], schemes)}

${lists.join('\n')}`;
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
    ...responses(operation.responses),
  ];
  return `${parts.filter(Boolean).join('\n\n')}\n`;
}

/** Returns a line with the credentials and the permissions that an operation requires. */
function requirements({ security, 'x-required-permissions': permissions = [] }) {
  const schemes = (security ?? []).flatMap((scheme) => Object.keys(scheme)).map((name) => `\`${name}\``);
  const authentication = schemes.length === 0 ? 'none' : schemes.join(' or ');
  const required =
    permissions.length === 0
      ? ''
      : ` **Permissions:** ${permissions.map((name) => `\`${name}\``).join(', ')}.`;
  return `**Authentication:** ${authentication}.${required}`;
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

function responses(all) {
  const entries = Object.entries(all);
  const successes = entries
    .filter(([status]) => status < '400')
    .map(([status, response]) => [`\`${status}\``, success(response)]);
  const failures = entries
    .filter(([status]) => status >= '400')
    .map(([status, { description }]) => [
      status === 'default' ? 'others' : `\`${status}\``,
      cell(description),
    ]);
  return [
    '### Response',
    table(['Status', 'Description'], successes),
    `<details><summary>Errors, as <a href="./schemas#problemdto">ProblemDto</a></summary>\n\n${table(['Status', 'Description'], failures)}\n\n</details>`,
  ];
}

function success({ description, content }) {
  if (content === undefined) {
    return cell(description);
  }
  const [{ schema }] = Object.values(content);
  const members = Object.entries(schema.properties ?? {}).map(
    ([name, member]) => `\`${name}\` (${typeOf(member)})`,
  );
  const type = members.length > 0 ? members.join(', ') : typeOf(schema);
  return `${cell(description)} ${type} as ${formatsOf(content)}.`;
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
