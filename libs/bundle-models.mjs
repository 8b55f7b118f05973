// Types of auth-models for the packed client, which therefore needs no other package.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import ts from 'typescript';

const MODELS = '@latchkey/auth-models';
const FILE = 'models.d.ts';

/**
 * Writes the types of the models beside compiled declarations and replaces the imports of the package in
 * these.
 */
export function bundleModels(modelsFolder, folder) {
  for (const path of declarationsIn(folder)) {
    const text = readFileSync(path, 'utf8');
    const up = relative(join(path, '..'), folder).split(sep).join('/') || '.';
    writeFileSync(path, text.replaceAll(`'${MODELS}'`, `'${up}/models.js'`));
  }
  writeFileSync(
    join(folder, FILE),
    `// Types of ${MODELS}. This file has no values.\n${typesOf(modelsFolder)}`,
  );
}

/** Returns all classes, interfaces and types, with the constants that these name, but not the validators. */
function typesOf(folder) {
  const statements = declarationsIn(folder)
    .map((path) => ts.createSourceFile(path, readFileSync(path, 'utf8'), ts.ScriptTarget.Latest, true))
    .filter((file) => !importsPackage(file))
    .flatMap((file) => file.statements.map((statement) => ({ statement, names: namesOf(statement) })));
  const declared = new Map();
  for (const { names } of statements) {
    for (const name of names) {
      if (declared.has(name)) {
        throw new Error(`The models declare ${name} twice`);
      }
      declared.set(name, false);
    }
  }
  const isTaken = ({ names }) => names.some((name) => declared.get(name));
  let waiting = statements.filter(({ statement }) => isType(statement)).flatMap(({ names }) => names);
  while (waiting.length > 0) {
    waiting.forEach((name) => declared.set(name, true));
    waiting = statements
      .filter(isTaken)
      .flatMap(({ statement }) => identifiersIn(statement))
      .filter((name) => declared.get(name) === false);
  }
  return `${statements
    .filter(isTaken)
    .map(({ statement }) => statement.getFullText().trim())
    .join('\n')}\nexport {};\n`;
}

function declarationsIn(folder) {
  return readdirSync(folder, { recursive: true })
    .filter((file) => file.endsWith('.d.ts'))
    .sort()
    .map((file) => join(folder, file));
}

function isType(statement) {
  return (
    ts.isClassDeclaration(statement) ||
    ts.isInterfaceDeclaration(statement) ||
    ts.isTypeAliasDeclaration(statement)
  );
}

/** Whether a file needs class-validator, as the validators do. */
function importsPackage(file) {
  return file.statements.some(
    (statement) => ts.isImportDeclaration(statement) && !statement.moduleSpecifier.text.startsWith('.'),
  );
}

function namesOf(statement) {
  if (ts.isVariableStatement(statement)) {
    return statement.declarationList.declarations.map(({ name }) => name.text);
  }
  return isType(statement) || ts.isFunctionDeclaration(statement) ? [statement.name.text] : [];
}

function identifiersIn(node) {
  const found = [];
  const visit = (child) => {
    if (ts.isIdentifier(child)) {
      found.push(child.text);
    } else if (ts.isImportTypeNode(child)) {
      throw new Error(`The type ${child.getText()} cannot be bundled`);
    }
    ts.forEachChild(child, visit);
  };
  visit(node);
  return found;
}
