// Examples with curl for the operations of the OpenAPI document.
import { nameOf } from './schema.mjs';

const SERVER = 'http://127.0.0.1:3000';

/** Returns a command for an operation, one option per line. */
export function curlOf({ method, path, operation, schemas }) {
  const options = [
    method !== 'get' && method !== 'head' && `-X ${method.toUpperCase()}`,
    method === 'head' && '--head',
    ...credentials(operation.security ?? []),
    ...headers(operation.parameters ?? []),
    ...body(operation.requestBody, schemas),
  ].filter(Boolean);
  const address = `${SERVER}${path.replace('{id}', '$ID').replace('{name}', operation.tags[0] === 'roles' ? 'auditor' : 'anne')}`;
  return ['curl', ...options.map((option) => option), address.includes('$') ? `"${address}"` : address]
    .join(' \\\n  ')
    .replace(/^curl \\\n {2}/, 'curl ');
}

function credentials(security) {
  const schemes = security.flatMap((scheme) => Object.keys(scheme));
  if (schemes.includes('basic')) {
    return ['-u admin'];
  }
  return schemes.includes('token') ? ['-H "X-Auth-Token: $TOKEN"'] : [];
}

const headers = (parameters) =>
  parameters
    .filter((parameter) => parameter.in === 'header' && (parameter.required || parameter.name === 'If-Match'))
    .map(
      ({ name, schema, example }) => `-H '${name}: ${example ?? schema.example ?? schema.enum?.[0] ?? '…'}'`,
    );

function body(requestBody, schemas) {
  const [type, content] = Object.entries(requestBody?.content ?? {})[0] ?? [];
  const schema = content && (schemas[nameOf(content.schema)] ?? content.schema);
  const example = schema && exampleOf(schema, schemas);
  if (example === undefined || (Object.keys(example).length === 0 && !requestBody.required)) {
    return [];
  }
  if (type === 'application/x-www-form-urlencoded') {
    return Object.entries(example).map(([name, value]) => `--data-urlencode ${name}=${value}`);
  }
  return [`-H 'Content-Type: ${type}'`, `-d '${JSON.stringify(example)}'`];
}

/** Returns the required members of a schema, and those with an example if there are none. */
function exampleOf(schema, schemas) {
  const members = Object.entries(schema.properties ?? {});
  const alternatives = schema.oneOf?.[0]?.required ?? [];
  const required = members.filter(([name]) => schema.required?.includes(name) || alternatives.includes(name));
  const shown =
    required.length > 0 ? required : members.filter(([, member]) => member.example !== undefined).slice(0, 1);
  return Object.fromEntries(shown.map(([name, member]) => [name, valueOf(member, schemas)]));
}

function valueOf(member, schemas) {
  const named = schemas[nameOf(member)];
  if (named !== undefined) {
    return exampleOf(named, schemas);
  }
  return member.example ?? member.enum?.[0] ?? (member.type === 'array' ? [] : '…');
}
