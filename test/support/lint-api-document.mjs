import { Validator } from '@seriousme/openapi-schema-validator';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';

/** Keywords of OpenAPI in schemas, which JSON Schema does not have. */
const KEYWORDS = ['example', 'discriminator', 'xml', 'x-enumDescriptions', 'x-explanations'];

/**
 * Returns the violations of OpenAPI's own schema, of JSON Schema, and of the rules for paths in the
 * specification. They include unresolved references, required members without a schema, and constraints that
 * do not fit the type.
 */
export async function lintApiDocument(document) {
  const { valid, errors } = await new Validator().validate(structuredClone(document));
  return [
    ...(valid ? [] : [errors].flat().map((error) => `document: ${JSON.stringify(error)}`)),
    ...schemaProblems(document),
    ...pathProblems(document),
  ];
}

function schemaProblems(document) {
  const ajv = new Ajv2020({
    strict: true,
    strictRequired: false,
    allowUnionTypes: true,
    // Nothing is validated with the compiled code.
    code: { optimize: false },
  });
  addFormats(ajv);
  ajv.addVocabulary([...KEYWORDS, ...Object.keys(document)]);
  ajv.addSchema({ $id: 'openapi.json', ...document });
  // The media types of a response have the same schema.
  const distinct = new Map([...schemasIn(document, '')].map((entry) => [JSON.stringify(entry[1]), entry]));
  return [...distinct.values()].flatMap(([pointer, schema]) => {
    try {
      // Unlike compile() with a reference, this compiles what schemas share only once.
      if (!ajv.getSchema(`openapi.json#${pointer}`)) {
        return [`${pointer}: cannot be resolved`];
      }
      const missing = (schema.required ?? []).filter((name) => !(name in (schema.properties ?? {})));
      return missing.map((name) => `${pointer}: requires ${name}, which it does not describe`);
    } catch ({ message }) {
      return [`${decodeURIComponent(pointer)}: ${message}`];
    }
  });
}

/**
 * Yields the schemas with their JSON pointers: those in components, and those of parameters, bodies and
 * headers.
 */
function* schemasIn(value, parent) {
  for (const [name, child] of Object.entries(value ?? {})) {
    const pointer = `${parent}/${encodeURIComponent(name.replaceAll('~', '~0').replaceAll('/', '~1'))}`;
    if (name === 'schema' || parent === '/components/schemas') {
      yield [pointer, child];
    } else if (typeof child === 'object') {
      yield* schemasIn(child, pointer);
    }
  }
}

function pathProblems({ paths }) {
  const isSeen = new Set();
  return Object.entries(paths).flatMap(([path, { parameters: shared = [], ...operations }]) => {
    const shape = path.replace(/\{.*?\}/g, '{}');
    const problems = isSeen.has(shape) ? [`${path}: another path has the same form`] : [];
    isSeen.add(shape);
    const expected = [...path.matchAll(/\{(.*?)\}/g)].map(([, name]) => name);
    for (const [method, { parameters = [] }] of Object.entries(operations)) {
      const all = [...shared, ...parameters];
      const inPath = all.filter((parameter) => parameter.in === 'path').map(({ name }) => name);
      if (inPath.sort().join() !== expected.toSorted().join()) {
        problems.push(`${method} ${path}: documents the path parameters ${inPath.join() || '(none)'}`);
      }
      if (new Set(all.map((parameter) => `${parameter.in} ${parameter.name}`)).size < all.length) {
        problems.push(`${method} ${path}: documents a parameter twice`);
      }
    }
    return problems;
  });
}
