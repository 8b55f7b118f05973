import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import * as models from '@latchkey/auth-models';
import { getMetadataStorage } from 'class-validator';
import ts from 'typescript';

const FOLDER = 'apps/admin/src/app/core/texts/de';
const FILES = ['libs/auth-models/src/texts/de.ts', ...readdirSync(FOLDER).map((name) => join(FOLDER, name))];

/** Words of the third column. A word that ends with `…` stands for all its endings. */
const AVOIDED = [
  ...readFileSync('docs/contributing/german.md', 'utf8').matchAll(/^\|[^|]+\|[^|]+\|([^|]+)\|$/gm),
]
  .slice(2)
  .flatMap(([, words = '']) => words.split(','))
  .map((word) => word.trim());

/** Does not match parts of English terms, such as Secret-Scanner and /auth/login. */
const PATTERN = new RegExp(
  `(?<![\\p{L}/-])(?:${AVOIDED.map((word) => word.replace('…', '\\p{L}*')).join('|')})(?![\\p{L}-])`,
  'iu',
);

/** Returns the string values in a file, without the names of members, types and modules. */
function textsOf(path: string): string[] {
  const texts: string[] = [];
  const visit = (node: ts.Node): void => {
    const { parent } = node;
    const isName =
      ts.isImportDeclaration(parent) ||
      ts.isExportDeclaration(parent) ||
      ts.isLiteralTypeNode(parent) ||
      (ts.isPropertyAssignment(parent) && parent.name === node);
    if (!isName && (ts.isStringLiteralLike(node) || ts.isTemplateLiteralToken(node))) {
      texts.push(node.text);
    }
    ts.forEachChild(node, visit);
  };
  ts.forEachChild(ts.createSourceFile(path, readFileSync(path, 'utf8'), ts.ScriptTarget.Latest, true), visit);
  return texts;
}

/** Errors that no form can get: of types, of members that forms do not send, and of repeated names. */
const WITHOUT_FORM = [
  'conditionalValidation',
  'isOptional',
  'isString',
  'isArray',
  'is_expected',
  'canary',
  'name_repeated',
];

function filesIn(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.ts') && !path.endsWith('.spec.ts'))
    .map((path) => readFileSync(join(folder, path), 'utf8'));
}

/** Returns the rules of the members that forms validate, such as `reason.maxLength`. */
function rulesOfForms(): string[] {
  const fields = filesIn('apps/admin/src/app').flatMap((text) => [
    ...text.matchAll(/dtoField\((\w+), '(\w+)'/g),
  ]);
  return fields.flatMap(([, dto = '', member]) =>
    getMetadataStorage()
      .getTargetValidationMetadatas(models[dto as 'CreateUserDto'], '', false, false)
      .filter(({ propertyName }) => propertyName === member)
      .map(({ name, type }) => `${member}.${name ?? type}`),
  );
}

/** Returns the codes of the errors of members that the server itself detects. */
function codesOfServer(): string[] {
  const texts = ['tokens', 'users', 'permissions', 'offers'].flatMap((name) =>
    filesIn(`apps/api/src/${name}`),
  );
  const codes = texts.flatMap((text) => [
    ...text.matchAll(/pointer:.{0,80}?code: '(\w+)'|errorAt\([^,]+, '(\w+)'/gs),
  ]);
  return codes.map(([, member, other]) => member ?? other ?? '');
}

describe('German texts', () => {
  it('exist for the errors of form fields', () => {
    const keys = ['field-rules.ts', 'errors.ts'].flatMap((name) =>
      [...readFileSync(join(FOLDER, name), 'utf8').matchAll(/^ +'?([\w.]+)'?:/gm)].map(([, key]) => key),
    );
    const errors = [...rulesOfForms(), ...codesOfServer()];
    expect(errors.length).toBeGreaterThan(60);
    const untranslated = errors.filter((error) => {
      const rule = error.split('.').at(-1) ?? '';
      const inCamelCase = rule.replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
      return ![error, rule, inCamelCase].some((key) => keys.includes(key)) && !WITHOUT_FORM.includes(rule);
    });

    expect(untranslated).toEqual([]);
  });

  it('use one word for each idea', () => {
    expect(AVOIDED.length).toBeGreaterThan(40);
    const texts = FILES.flatMap(textsOf);
    expect(texts.length).toBeGreaterThan(1_000);

    expect(texts.filter((text) => PATTERN.test(text))).toEqual([]);
  });
});
