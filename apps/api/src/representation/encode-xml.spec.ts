import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { SaxesParser } from 'saxes';
import { encodeXml } from './encode-xml.js';
import { REPRESENTATIONS } from './representations.js';

const encode = (value: unknown) =>
  REPRESENTATIONS.find(({ mediaType }) => mediaType === 'application/xml')?.encode(value) ?? '';

interface XmlElement {
  name: string;
  text: string;
  children: XmlElement[];
}

/** Reads XML strictly: what is not well-formed throws. */
function parse(xml: string | Buffer): XmlElement {
  const parser = new SaxesParser();
  const open: XmlElement[] = [{ name: '', text: '', children: [] }];
  parser.on('opentag', ({ name }) => {
    const element = { name, text: '', children: [] };
    open.at(-1)?.children.push(element);
    open.push(element);
  });
  const onText = (text: string) => open.forEach((element) => (element.text += text));
  parser.on('text', onText);
  parser.on('cdata', onText);
  parser.on('closetag', () => open.pop());
  parser.on('error', (error) => {
    throw error;
  });
  parser.write(String(xml)).close();
  const [root] = open[0]?.children ?? [];
  if (!root) {
    throw new Error('There is no root');
  }
  return root;
}

const named = (element: XmlElement, name: string) => element.children.filter((child) => child.name === name);

const TOKEN = {
  token: 'lk_x',
  user: 'anne',
  enabled: true,
  version: 0,
  permissions: ['users:read', 'tokens:read'],
};

describe('XML', () => {
  it('has a declaration, a root and an element a member', () => {
    expect(encode(TOKEN)).toBe(
      '<?xml version="1.0" encoding="UTF-8"?><response><token>lk_x</token><user>anne</user>' +
        '<enabled>true</enabled><version>0</version><permissions>users:read</permissions>' +
        '<permissions>tokens:read</permissions></response>',
    );
  });

  it('names the root of a problem', () => {
    expect(parse(encode({ code: 'not_found', traceId: 'x' })).name).toBe('problem');
  });

  it('makes an element an item of a bare list', () => {
    expect(encode([{ a: 1 }, { a: 2 }])).toContain(
      '<response><item><a>1</a></item><item><a>2</a></item></response>',
    );
  });

  it.each(['<script>', '&amp;', ']]>', '"\'', '<![CDATA[', '<!--', '&#x0;', '<?php ?>'])(
    'escapes %j',
    (note) => {
      expect(parse(encode({ note })).text).toBe(note);
    },
  );

  it.each([
    ['NUL', 'a\0b'],
    ['a bell', 'a\u0007b'],
    ['an escape', 'a\u001Bb'],
    ['a non-character', 'a\uFFFEb'],
    ['half of a surrogate pair', 'a\uD83Db'],
  ])('writes U+FFFD for what it cannot write: %s', (_, note) => {
    expect(parse(encode({ note })).text).toBe('a\uFFFDb');
  });

  it('is well-formed and keeps every text that XML can write', () => {
    const text = fc.string({ unit: 'binary' }).map((value) => value.replace(/\r/g, ''));

    fc.assert(
      fc.property(text, fc.array(text), (note, roles) => {
        const root = parse(encode({ note, roles, nested: { note } }));

        expect(named(root, 'note')[0]?.text).toBe(
          note.replace(/[^\t\n\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu, '\uFFFD'),
        );
        expect(named(root, 'roles')).toHaveLength(roles.length);
      }),
    );
  });
});

describe('a problem as XML', () => {
  it('has the root and namespace of RFC 9457, appendix B', () => {
    const problem = { status: 404, code: 'not_found', traceId: 't' };

    expect(encodeXml(problem)).toContain(
      '<problem xmlns="urn:ietf:rfc:7807"><status>404</status><code>not_found</code><traceId>t</traceId></problem>',
    );
  });
});
