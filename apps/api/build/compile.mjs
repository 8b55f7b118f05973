// Compiles the API and copies its assets into dist, as nest-cli.json describes. Does the work of
// `nest build`, whose packages need Node 22.22. With --watch, also starts the server, and restarts it after
// each change.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, posix, resolve } from 'node:path';
import ts from 'typescript';

const { compilerOptions, projects } = JSON.parse(readFileSync('nest-cli.json', 'utf8'));
const { sourceRoot, entryFile, compilerOptions: ofApi } = projects.api;

const pluginRequire = createRequire(import.meta.url);
const plugins = compilerOptions.plugins.map(({ name, options }) => ({
  ...pluginRequire(`${name}/plugin`),
  options,
}));

const formatHost = {
  getCanonicalFileName: (path) => path,
  getCurrentDirectory: ts.sys.getCurrentDirectory,
  getNewLine: () => ts.sys.newLine,
};

if (process.argv.includes('--watch')) {
  watch();
} else {
  compile();
}

function compile() {
  const {
    options,
    fileNames,
    errors: configFileParsingDiagnostics,
  } = ts.getParsedCommandLineOfConfigFile(ofApi.tsConfigPath, undefined, {
    ...ts.sys,
    onUnRecoverableConfigFileDiagnostic: fail,
  });
  const program = ts.createProgram({ rootNames: fileNames, options, configFileParsingDiagnostics });
  // Before the output, so that a failed build leaves the last one.
  const errors = ts.getPreEmitDiagnostics(program);
  if (errors.length > 0) {
    fail(...errors);
  }
  program.emit(undefined, undefined, undefined, undefined, transformers(program));
  copyAssets(options.outDir);
}

function fail(...errors) {
  console.error(ts.formatDiagnosticsWithColorAndContext(errors, formatHost));
  process.exit(1);
}

function watch() {
  let server;
  let restarts = Promise.resolve();
  const restart = (outDir) => async () => {
    copyAssets(outDir);
    await stop(server);
    server = spawn(process.execPath, ['--enable-source-maps', join(outDir, `${entryFile}.js`)], {
      stdio: 'inherit',
    });
  };
  const host = ts.createWatchCompilerHost(
    ofApi.tsConfigPath,
    undefined,
    ts.sys,
    ts.createEmitAndSemanticDiagnosticsBuilderProgram,
  );
  const { afterProgramCreate } = host;
  host.afterProgramCreate = (program) => {
    const emit = program.emit.bind(program);
    program.emit = (file, write, token, declarationsOnly) =>
      emit(file, write, token, declarationsOnly, transformers(program.getProgram()));
    afterProgramCreate(program);
    if (ts.getPreEmitDiagnostics(program.getProgram()).length === 0) {
      restarts = restarts.then(restart(program.getCompilerOptions().outDir));
    }
  };
  ts.createWatchProgram(host);
  for (const signal of ['SIGINT', 'SIGTERM']) {
    process.on(signal, async () => {
      await restarts;
      await stop(server);
      process.exit();
    });
  }
}

async function stop(server) {
  if (server !== undefined && server.exitCode === null && server.signalCode === null) {
    server.kill();
    await once(server, 'exit');
  }
}

function transformers(program) {
  const options = program.getCompilerOptions();
  return {
    before: [
      resolveAliases(options),
      ...plugins.map(({ before, options: pluginOptions }) => before(pluginOptions, program)),
    ],
  };
}

/**
 * Replaces the names in `paths` of the configuration by the path of the compiled file, because Node does not
 * know them.
 */
function resolveAliases({ paths, pathsBasePath }) {
  return ({ factory }) =>
    (file) => {
      const resolved = (specifier) => {
        const [target] = paths[specifier?.text] ?? [];
        const path = target && posix.relative(dirname(file.fileName), resolve(pathsBasePath, target));
        return path && factory.createStringLiteral(path.replace(/\.ts$/, '.js'));
      };
      const statements = file.statements.map((node) => {
        const path = resolved(node.moduleSpecifier);
        if (path === undefined) {
          return node;
        }
        return ts.isImportDeclaration(node)
          ? factory.updateImportDeclaration(node, node.modifiers, node.importClause, path, node.attributes)
          : factory.updateExportDeclaration(
              node,
              node.modifiers,
              node.isTypeOnly,
              node.exportClause,
              path,
              node.attributes,
            );
      });
      return factory.updateSourceFile(file, statements);
    };
}

function copyAssets(outDir) {
  const patterns = ofApi.assets.map(asPattern);
  for (const path of readdirSync(sourceRoot, { recursive: true })) {
    if (patterns.some((pattern) => pattern.test(path))) {
      const target = join(outDir, sourceRoot, path);
      mkdirSync(dirname(target), { recursive: true });
      copyFileSync(join(sourceRoot, path), target);
    }
  }
}

/** Converts a glob pattern with `*` and `{a,b}`. Node 20 has no function for it. */
function asPattern(glob) {
  const source = glob
    .replaceAll('.', '\\.')
    .replaceAll('*', '[^/]*')
    .replace(/\{(.*?)\}/g, (_, names) => `(?:${names.replaceAll(',', '|')})`);
  return new RegExp(`^${source}$`);
}
