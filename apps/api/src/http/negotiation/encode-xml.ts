import Builder from 'fast-xml-builder';
import { type AnswerKind } from './representations.js';

const builder = new Builder({ suppressEmptyNode: true, ignoreAttributes: false });

/** XML 1.0 has no way to write these, not even as a reference. */
const NOT_IN_XML = /[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu;

/** The namespace of problems in XML (RFC 9457, appendix B). */
const PROBLEM_NAMESPACE = { '@_xmlns': 'urn:ietf:rfc:7807' };

/**
 * Writes JSON as XML: an element a member, within one that is named for the kind of answer. An array is an element
 * with an `<i>` an item, as RFC 9457, appendix B, has it, so that an empty one is there, and one of one item is an array.
 */
export function encodeXml(json: string, kind: AnswerKind): string {
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
