// Examples with curl for the operations of the OpenAPI document.
import { exampleOf } from './example.mjs';
import { nameOf } from './schema.mjs';

const SERVER = 'http://127.0.0.1:3000';

/** Example of a path with a name, by tag. */
const NAMES = {
  apis: 'orders',
  roles: 'report-reader',
  'token-templates': 'backup',
  events: 'on-call',
};

/** Examples of required query parameters. */
const QUERY = { verifier: '5f0c7e0e-8f0b-4c52-8a3c-0c2b6f6f2f11', name: 'orders' };

/** Returns a command for an operation, one option per line. */
export function curlOf({ method, path, operation, schemas }) {
  const options = [
    !['get', 'head'].includes(method) && `-X ${method.toUpperCase()}`,
    method === 'head' && '--head',
    // Events arrive as long as the client reads them.
    operation.responses?.['200']?.content?.['text/event-stream'] && '--no-buffer',
    ...credentials(operation.security ?? []),
    ...headers(operation.parameters ?? []),
    ...body(operation.requestBody, schemas, method),
  ].filter(Boolean);
  const name = NAMES[operation.tags[0]] ?? 'anne';
  const query = (operation.parameters ?? [])
    .filter(({ in: place, required }) => place === 'query' && required)
    .map((parameter) => `${parameter.name}=${QUERY[parameter.name]}`);
  const search = query.length > 0 ? `?${query.join('&')}` : '';
  const address = `${SERVER}${path.replace('{id}', '$ID').replace('{traceId}', '$TRACE_ID').replace('{name}', name).replace('{code}', 'token_expired')}${search}`;
  const quoted = /[$&]/.test(address) ? `"${address}"` : address;
  return `curl ${[...options, quoted].join(' \\\n  ')}`;
}

function credentials(security) {
  const schemes = security.flatMap((scheme) => Object.keys(scheme));
  if (schemes.includes('basic')) {
    return ['-u admin'];
  }
  if (schemes.includes('session-cookie')) {
    return ['-b "__Host-latchkey=$COOKIE"'];
  }
  return schemes.includes('token') ? ['-H "X-Auth-Token: $TOKEN"'] : [];
}

/** Whether a member or header field that is not always required should be in the example. */
const isNearlyRequired = ({ description = '' }) => /Required unless/.test(description);

const headers = (parameters) =>
  parameters
    .filter(
      ({ in: place, required, description }) =>
        place === 'header' && (required || isNearlyRequired({ description })),
    )
    .map(({ name, schema }) => `-H '${name}: ${schema.example ?? schema.enum?.[0] ?? '…'}'`);

function body(requestBody, schemas, method) {
  const [type, content] = Object.entries(requestBody?.content ?? {})[0] ?? [];
  const schema = content && (schemas[nameOf(content.schema)] ?? content.schema);
  const isNeeded =
    requestBody?.required ||
    schema?.required !== undefined ||
    method === 'patch' ||
    Object.values(schema?.properties ?? {}).some(isNearlyRequired);
  if (schema === undefined || !isNeeded) {
    return [];
  }
  const example = exampleOf(content.schema, schemas, shownMembers);
  if (type === 'application/x-www-form-urlencoded') {
    return Object.entries(example).map(([name, value]) => `--data-urlencode ${name}=${value}`);
  }
  return [`-H 'Content-Type: ${type}'`, `-d '${JSON.stringify(example)}'`];
}

/** Returns the required and nearly required members of a body, or one with an example if there are none. */
function shownMembers({ properties = {}, required = [], oneOf = [] }) {
  const needed = [...required, ...(oneOf[0]?.required ?? [])];
  const names = Object.keys(properties);
  return needed.length > 0
    ? names.filter((name) => needed.includes(name) || isNearlyRequired(properties[name]))
    : names.filter((name) => properties[name].example !== undefined).slice(0, 1);
}
