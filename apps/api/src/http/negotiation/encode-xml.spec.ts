import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { anyText, runs } from '../../../../../test/support/unit/property-testing.js';
import { readXmlRoot, type XmlElement } from '../../../../../test/support/xml-element.js';
import { encodeXml } from './encode-xml.js';

const encode = (value: unknown) => encodeXml(JSON.stringify(value), 'response');

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
        '<enabled>true</enabled><version>0</version><permissions><i>users:read</i>' +
        '<i>tokens:read</i></permissions></response>',
    );
  });

  it('names the root by what the answer is, whatever its members are called', () => {
    expect(readXmlRoot(encode({ code: 'not_found', traceId: 'x' })).name).toBe('response');
  });

  it('tells an array of no item, of one and of an empty text from each other, and from none', () => {
    const written = [{}, { roles: [] }, { roles: [''] }, { roles: ['a'] }].map(encode);

    expect(written.map((xml) => xml.replace(/^.*<response/, '<response'))).toEqual([
      '<response/>',
      '<response><roles/></response>',
      '<response><roles><i/></roles></response>',
      '<response><roles><i>a</i></roles></response>',
    ]);
  });

  it('makes an element an item of a bare list, and of a list in a list', () => {
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
  ])('writes U+FFFD for what it cannot write: %s', (_, note) => {
    expect(readXmlRoot(encode({ note })).text).toBe('a\uFFFDb');
  });

  it('is well-formed and keeps every text that XML can write', () => {
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

describe('a problem as XML', () => {
  it('has the root and namespace of RFC 9457, appendix B', () => {
    const problem = { status: 404, code: 'not_found', traceId: 't' };

    expect(encodeXml(JSON.stringify(problem), 'problem')).toContain(
      '<problem xmlns="urn:ietf:rfc:7807"><status>404</status><code>not_found</code><traceId>t</traceId></problem>',
    );
  });
});
