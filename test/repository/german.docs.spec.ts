import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
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

describe('German texts', () => {
  it('use one word for each idea', () => {
    expect(AVOIDED.length).toBeGreaterThan(40);
    const texts = FILES.flatMap(textsOf);
    expect(texts.length).toBeGreaterThan(1_000);

    expect(texts.filter((text) => PATTERN.test(text))).toEqual([]);
  });
});
