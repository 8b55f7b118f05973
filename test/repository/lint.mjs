// Checks types and circular imports, and runs ESLint on the same programs:
// node test/repository/lint.mjs
//
// In one process, because computing types is most of the work of the compiler and of ESLint. Rules that use
// types take a fifth of the time after the compiler has checked all files.
import { readFileSync } from 'node:fs';
import { relative } from 'node:path';
import { ESLint } from 'eslint';
import ts from 'typescript';

/** Together, they contain all TypeScript files. A file in both has the options of the first. */
const CONFIGURATIONS = ['tsconfig.json', 'apps/admin/tsconfig.spec.json'];

const formatHost = {
  getCanonicalFileName: (path) => path,
  getCurrentDirectory: ts.sys.getCurrentDirectory,
  getNewLine: () => ts.sys.newLine,
};

const programs = CONFIGURATIONS.map(createProgram);
checkTypes();
const files = await lint();
checkCircles(files.filter((file) => /\.[cm]?[jt]s$/.test(file)));

function createProgram(configuration) {
  const parsed = ts.getParsedCommandLineOfConfigFile(
    configuration,
    { noEmit: true },
    { ...ts.sys, onUnRecoverableConfigFileDiagnostic: (error) => fail(formatErrors([error])) },
  );
  // ESLint needs parent nodes.
  const host = ts.createCompilerHost(parsed.options, true);
  return ts.createProgram({
    rootNames: parsed.fileNames,
    options: parsed.options,
    configFileParsingDiagnostics: parsed.errors,
    host,
  });
}

function checkTypes() {
  const errors = programs.flatMap((program) => ts.getPreEmitDiagnostics(program));
  if (errors.length > 0) {
    fail(formatErrors(ts.sortAndDeduplicateDiagnostics(errors)));
  }
}

/** Runs ESLint on all files, and returns their paths. */
async function lint() {
  const eslint = new ESLint({
    // Instead of the project service, which editors need.
    overrideConfig: {
      files: ['**/*.ts'],
      languageOptions: { parserOptions: { projectService: false, project: null, programs } },
    },
  });
  const results = await eslint.lintFiles('.');
  if (results.some(({ errorCount, warningCount }) => errorCount + warningCount > 0)) {
    const formatter = await eslint.loadFormatter('stylish');
    fail(await formatter.format(results));
  }
  return results.map(({ filePath }) => filePath);
}

/**
 * Rejects circular imports, including dynamic ones. Imports of types do not count, because they do not exist
 * at run time. Replaces the rule `import-x/no-cycle`, which parses and resolves all files again.
 */
function checkCircles(paths) {
  const imports = new Map(paths.map((path) => [path, importsOf(path)]));
  const circles = [];
  const visited = new Set();

  const visit = (path, route) => {
    if (route.includes(path)) {
      circles.push([...route.slice(route.indexOf(path)), path]);
    } else if (!visited.has(path)) {
      for (const imported of imports.get(path) ?? []) {
        visit(imported, [...route, path]);
      }
      visited.add(path);
    }
  };
  paths.forEach((path) => visit(path, []));

  if (circles.length > 0) {
    const lines = circles.map((circle) => circle.map((path) => relative('', path)).join('\n  imports '));
    fail(`Circular imports:\n${lines.join('\n')}`);
  }
}

/** Returns the paths of all modules that the file imports at run time. */
function importsOf(path) {
  const program = programs.find((candidate) => candidate.getSourceFile(path) !== undefined);
  const file =
    program?.getSourceFile(path) ??
    ts.createSourceFile(path, readFileSync(path, 'utf8'), ts.ScriptTarget.Latest);
  const options = (program ?? programs[0]).getCompilerOptions();
  const specifiers = file.statements.filter(isRuntimeImport).map((node) => node.moduleSpecifier.text);
  if (/\bimport\(/.test(file.text)) {
    addDynamicImports(file, specifiers);
  }
  return specifiers.flatMap((specifier) => {
    const { resolvedModule } = ts.resolveModuleName(specifier, path, options, ts.sys);
    return resolvedModule === undefined ? [] : [resolvedModule.resolvedFileName];
  });
}

function isRuntimeImport(node) {
  if (ts.isExportDeclaration(node)) {
    return node.moduleSpecifier !== undefined && !node.isTypeOnly;
  }
  return ts.isImportDeclaration(node) && !importsOnlyTypes(node.importClause);
}

function importsOnlyTypes(clause) {
  const named = clause?.namedBindings?.elements ?? [];
  return (
    clause?.isTypeOnly ||
    (clause?.name === undefined && named.length > 0 && named.every((name) => name.isTypeOnly))
  );
}

function addDynamicImports(node, specifiers) {
  if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword) {
    const [argument] = node.arguments;
    if (ts.isStringLiteralLike(argument)) {
      specifiers.push(argument.text);
    }
  }
  node.forEachChild((child) => addDynamicImports(child, specifiers));
}

function formatErrors(errors) {
  return ts.formatDiagnosticsWithColorAndContext(errors, formatHost);
}

function fail(message) {
  console.error(message);
  process.exit(1);
}
