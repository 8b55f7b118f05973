const { createEsmPreset } = require('jest-preset-angular/presets');

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
  '^(\\.{1,2}/.*)\\.js$': '$1',
};

/** What every project that runs in Node shares. */
const node = {
  rootDir: __dirname,
  testEnvironment: 'node',
  extensionsToTreatAsEsm: ['.ts'],
  transform: { '^.+\\.ts$': swc },
  moduleNameMapper,
  setupFiles: ['reflect-metadata'],
};

module.exports = {
  reporters: ['default', '<rootDir>/test/support/closing-line-reporter.cjs'],
  projects: [
    {
      ...node,
      displayName: 'api',
      testMatch: ['<rootDir>/apps/api/**/*.spec.ts', '<rootDir>/libs/**/*.spec.ts'],
    },
    {
      ...createEsmPreset({ tsconfig: '<rootDir>/apps/admin/tsconfig.spec.json' }),
      displayName: 'admin',
      rootDir: __dirname,
      testMatch: ['<rootDir>/apps/admin/**/*.spec.ts'],
      setupFilesAfterEnv: ['<rootDir>/apps/admin/src/test-setup.ts'],
      moduleNameMapper,
    },
  ],
};
