import Builder from 'fast-xml-builder';
import { type BodyKind } from './representations.js';

const builder = new Builder({ suppressEmptyNode: true, ignoreAttributes: false });

/** Characters that XML 1.0 cannot represent, not even as references. */
const NOT_IN_XML = /[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu;

/** Namespace of problems in XML (RFC 9457, appendix B). */
const PROBLEM_NAMESPACE = { '@_xmlns': 'urn:ietf:rfc:7807' };

/**
 * Encodes JSON as XML: one element per member, in a root element named after the kind of body. An array is an element with
 * one `<i>` per item (RFC 9457, appendix B), so that empty arrays and arrays of one item remain arrays.
 */
export function encodeXml(json: string, kind: BodyKind): string {
  const plain = JSON.parse(json, (_, member: unknown) => toElement(member)) as object;
  const root = { [kind]: kind === 'problem' ? { ...PROBLEM_NAMESPACE, ...plain } : plain };
  return `<?xml version="1.0" encoding="UTF-8"?>${builder.build(root)}`;
}

function toElement(member: unknown): unknown {
  if (Array.isArray(member)) {
    return { i: member as unknown[] };
  }
  return typeof member === 'string' ? member.replace(NOT_IN_XML, '\uFFFD') : member;
}
