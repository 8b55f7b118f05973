import { readXmlRoot, type XmlElement } from '../../support/xml-element.js';
import { resolved, valueOfText, type Schema, type Schemas } from './schema.js';

/** Reads an XML document of one root as the value that its schema describes; what it cannot mean throws. */
export function readXml(text: string, rootName: string, schema: Schema, schemas: Schemas): unknown {
  const root = readXmlRoot(text);
  if (root.name !== rootName) {
    throw new Error(`the root is ${root.name}, not ${rootName}`);
  }
  return valueOf(root, schema, schemas);
}

function valueOf(element: XmlElement, schema: Schema, schemas: Schemas): unknown {
  const { children, text } = element;
  const stated = chosen(element, resolved(schema, schemas), schemas);
  if (stated.type === 'array') {
    if (children.some(({ name }) => name !== 'i')) {
      throw new Error(`${element.name} is an array, and has other elements than <i>`);
    }
    return children.map((child) => valueOf(child, stated.items ?? {}, schemas));
  }
  if (children.length === 0 && stated.type !== 'object') {
    return valueOfText(text, stated);
  }
  if (new Set(children.map(({ name }) => name)).size < children.length) {
    throw new Error(`${element.name} has an element twice`);
  }
  return Object.fromEntries(
    children.map((child) => [child.name, valueOf(child, stated.properties?.[child.name] ?? {}, schemas)]),
  );
}

/** Of several schemas the one that knows every member; what the document leaves open is an array if it looks like one. */
function chosen({ children }: XmlElement, schema: Schema, schemas: Schemas): Schema {
  const names = children.map(({ name }) => name);
  if (!schema.properties && !schema.oneOf && names.length > 0 && names.every((name) => name === 'i')) {
    return { type: 'array', items: schema.items };
  }
  const alternatives = (schema.oneOf ?? []).map((one) => resolved(one, schemas));
  return (
    alternatives.find(({ properties = {} }) => names.every((name) => name in properties)) ??
    alternatives[0] ??
    schema
  );
}
