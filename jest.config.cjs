const { availableParallelism } = require('node:os');
const { join } = require('node:path');
const { createEsmPreset } = require('jest-preset-angular/presets');
const { FOLDER } = require('./test/support/packages/folder.cjs');

const swc = [
  '@swc/jest',
  {
    jsc: {
      target: 'es2022',
      parser: { syntax: 'typescript', decorators: true },
      transform: { legacyDecorator: true, decoratorMetadata: true, useDefineForClassFields: false },
    },
    module: { type: 'es6' },
    sourceMaps: 'inline',
  },
];

const moduleNameMapper = {
  '^@latchkey/auth-models$': '<rootDir>/libs/auth-models/src/index.ts',
  '^@latchkey/auth-models/lists$': '<rootDir>/libs/auth-models/src/lists/index.ts',
  '^@latchkey/auth-models/texts/de$': '<rootDir>/libs/auth-models/src/texts/de.ts',
  '^@latchkey/client$': '<rootDir>/libs/client/src/index.ts',
  '^@latchkey/client/(.*)$': '<rootDir>/libs/client/src/$1/index.ts',
  '^(\\.{1,2}/.*)\\.js$': '$1',
};

/** Stryker's copies of the code contain the same packages. */
const modulePathIgnorePatterns = ['<rootDir>/.stryker-tmp/'];

/** Settings of all projects that run in Node. */
const node = {
  rootDir: __dirname,
  modulePathIgnorePatterns,
  testEnvironment: '<rootDir>/test/support/packages/environment.cjs',
  resolver: '<rootDir>/test/support/packages/resolver.cjs',
  extensionsToTreatAsEsm: ['.ts'],
  transform: { '^.+\\.ts$': swc },
  moduleNameMapper,
  setupFiles: [join(FOLDER, 'reflect-metadata.mjs')],
};

/** Settings of end-to-end tests. */
const whole = { ...node, resolver: '<rootDir>/test/support/packages/api-resolver.cjs' };

/** Tests of the client library that need Angular and a browser's DOM. */
const IN_ANGULAR = '<rootDir>/libs/client/src/angular/';

/** One PostgreSQL for all test files of all projects. */
const withPostgres = {
  globalSetup: '<rootDir>/test/support/database/postgres.global-setup.mjs',
  globalTeardown: '<rootDir>/test/support/database/postgres.global-teardown.mjs',
};

/**
 * Folders of the API's end-to-end tests, by database. Tests whose result depends on the database are in
 * `databases`.
 */
const FOLDERS = {
  sqlite: 'api,databases,served,sqlite',
  postgres: 'databases,postgres,proxies',
};

/** Returns the project of API tests on one database. */
const api = (kind) => ({
  ...whole,
  displayName: `api on ${kind}`,
  globals: { DATABASE_KIND: kind },
  testMatch: [`<rootDir>/test/{${FOLDERS[kind]}}/**/*.e2e-spec.ts`],
  ...(kind === 'postgres' && withPostgres),
});

const config = {
  testTimeout: 120_000,
  // Twice the cores, because many files wait for processes, browsers and timeouts: with three workers on two
  // cores, 30 % of the processor time was idle. One worker would run everything in one process, which keeps
  // the modules of all files.
  maxWorkers: 2 * availableParallelism(),
  // Each file leaks its modules and an async_hooks store, which slow down later files in the same process.
  workerIdleMemoryLimit: '400MB',
  testSequencer: '<rootDir>/test/support/long-first-sequencer.cjs',
  reporters: ['default', '<rootDir>/test/support/closing-line-reporter.cjs'],
  projects: [
    {
      ...node,
      displayName: 'unit',
      testMatch: ['<rootDir>/apps/api/**/*.spec.ts', '<rootDir>/libs/**/*.spec.ts'],
      testPathIgnorePatterns: [IN_ANGULAR],
    },
    {
      ...createEsmPreset({
        tsconfig: '<rootDir>/apps/admin/tsconfig.spec.json',
        // With our jsdom. The default is a package with another one.
        testEnvironment: 'jest-preset-angular/environments/jest-jsdom-env',
      }),
      displayName: 'admin',
      rootDir: __dirname,
      modulePathIgnorePatterns,
      testMatch: ['<rootDir>/apps/admin/**/*.spec.ts', `${IN_ANGULAR}**/*.spec.ts`],
      setupFilesAfterEnv: ['<rootDir>/apps/admin/src/test-setup.ts'],
      moduleNameMapper,
    },
    api('sqlite'),
    api('postgres'),
    {
      ...whole,
      ...withPostgres,
      displayName: 'process',
      testMatch: ['<rootDir>/test/{process,docs}/**/*.e2e-spec.ts'],
    },
    {
      ...whole,
      displayName: 'console',
      testMatch: ['<rootDir>/test/{console,site}/**/*.e2e-spec.ts'],
      globalSetup: '<rootDir>/test/support/browser/chromium.mjs',
    },
    {
      ...whole,
      displayName: 'workspace',
      testMatch: ['<rootDir>/test/{workspace,packaging}/**/*.e2e-spec.ts'],
    },
    {
      ...whole,
      displayName: 'faults',
      testMatch: ['<rootDir>/test/lab/faults/**/*.e2e-spec.ts'],
    },
  ],
};

module.exports = async () => {
  const { preparePackages } = await import('./test/support/packages/prepare.mjs');
  await preparePackages();
  const { prepareApi } = await import('./test/support/packages/prepare-api.mjs');
  process.env.LATCHKEYTEST_API = await prepareApi(swc[1]);
  return config;
};
