import Builder from 'fast-xml-builder';

const builder = new Builder({ suppressEmptyNode: true, ignoreAttributes: false });

/** XML 1.0 has no way to write these, not even as a reference. */
const NOT_IN_XML = /[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu;

/** The namespace of problems in XML (RFC 9457, appendix B). */
const PROBLEM_NAMESPACE = { '@_xmlns': 'urn:ietf:rfc:7807' };

/** Writes a value as XML: `<response>` around its members, `<problem>` around those of a problem. */
export function encodeXml(value: unknown): string {
  const plain = JSON.parse(JSON.stringify(value), (_, member: unknown) =>
    typeof member === 'string' ? member.replace(NOT_IN_XML, '\uFFFD') : member,
  ) as unknown;
  return `<?xml version="1.0" encoding="UTF-8"?>${builder.build(withRoot(plain))}`;
}

function withRoot(value: unknown): object {
  if (Array.isArray(value)) {
    return { response: { item: value as unknown[] } };
  }
  return isProblem(value) ? { problem: { ...PROBLEM_NAMESPACE, ...value } } : { response: value };
}

function isProblem(value: unknown): value is object {
  return typeof value === 'object' && value !== null && 'traceId' in value && 'code' in value;
}
