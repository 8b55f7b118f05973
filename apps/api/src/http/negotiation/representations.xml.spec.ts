import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { anyText, runs } from '../../../../../test/support/unit/property-testing.js';
import { readXmlRoot, type XmlElement } from '../../../../../test/support/xml-element.js';
import { encodeXml } from './representations.js';

const encode = (value: unknown) => encodeXml(JSON.stringify(value), 'response');

const named = (element: XmlElement, name: string) => element.children.filter((child) => child.name === name);

const TOKEN = {
  token: 'latchkey_x',
  user: 'anne',
  enabled: true,
  version: 0,
  permissions: ['users:read', 'tokens:read'],
};

describe('encodeXml', () => {
  it('writes a declaration, a root element and one element per member', () => {
    expect(encode(TOKEN)).toBe(
      '<?xml version="1.0" encoding="UTF-8"?><response><token>latchkey_x</token><user>anne</user>' +
        '<enabled>true</enabled><version>0</version><permissions><i>users:read</i>' +
        '<i>tokens:read</i></permissions></response>',
    );
  });

  it('names the root element after the kind of body', () => {
    expect(readXmlRoot(encode({ code: 'not_found', traceId: 'x' })).name).toBe('response');
  });

  it('distinguishes absent arrays, empty arrays, and arrays of one item or an empty string', () => {
    const written = [{}, { roles: [] }, { roles: [''] }, { roles: ['a'] }].map(encode);

    expect(written.map((xml) => xml.replace(/^.*<response/, '<response'))).toEqual([
      '<response/>',
      '<response><roles/></response>',
      '<response><roles><i/></roles></response>',
      '<response><roles><i>a</i></roles></response>',
    ]);
  });

  it('writes one element per item in root and nested lists', () => {
    expect(encode([{ a: 1 }, [2, 3]])).toContain(
      '<response><i><a>1</a></i><i><i>2</i><i>3</i></i></response>',
    );
  });

  it.each(['<script>', '&amp;', ']]>', '"\'', '<![CDATA[', '<!--', '&#x0;', '<?php ?>'])(
    'escapes %j',
    (note) => {
      expect(readXmlRoot(encode({ note })).text).toBe(note);
    },
  );

  it.each([
    ['NUL', 'a\0b'],
    ['a bell', 'a\u0007b'],
    ['an escape', 'a\u001Bb'],
    ['a non-character', 'a\uFFFEb'],
    ['half of a surrogate pair', 'a\uD83Db'],
  ])('replaces characters that XML cannot represent with U+FFFD: %s', (_, note) => {
    expect(readXmlRoot(encode({ note })).text).toBe('a\uFFFDb');
  });

  it('writes well-formed XML with all text that XML can represent', () => {
    const text = anyText.map((value) => value.replace(/\r/g, ''));

    fc.assert(
      fc.property(text, fc.array(text), (note, roles) => {
        const root = readXmlRoot(encode({ note, roles, nested: { note } }));

        expect(named(root, 'note')[0]?.text).toBe(
          note.replace(/[^\t\n\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu, '\uFFFD'),
        );
        expect(named(root, 'roles').map(({ children }) => children.length)).toEqual([roles.length]);
      }),
      runs(100),
    );
  });
});

describe('encodeXml of a problem', () => {
  it('uses the root element and namespace of RFC 9457, appendix B', () => {
    const problem = { status: 404, code: 'not_found', traceId: 't' };

    expect(encodeXml(JSON.stringify(problem), 'problem')).toContain(
      '<problem xmlns="urn:ietf:rfc:7807"><status>404</status><code>not_found</code><traceId>t</traceId></problem>',
    );
  });
});
