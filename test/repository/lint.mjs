// Checks types, and runs ESLint on the same programs:
// node test/repository/lint.mjs
//
// In one process, because computing types is most of the work of the compiler and of ESLint. Rules that use
// types take a fifth of the time after the compiler has checked all files.
import { ESLint } from 'eslint';
import ts from 'typescript';

/** Together, they contain all TypeScript files. A file in both has the options of the first. */
const CONFIGURATIONS = ['tsconfig.json', 'apps/admin/tsconfig.spec.json'];

const programs = CONFIGURATIONS.map(createProgram);
checkTypes();
await lint();

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

async function lint() {
  const eslint = new ESLint({
    // Replaces the project service of eslint.config.js, which editors use.
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
}

function formatErrors(errors) {
  return ts.formatDiagnostics(errors, ts.createCompilerHost({}));
}

function fail(message) {
  console.error(message);
  process.exit(1);
}
