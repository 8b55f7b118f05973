import angular from '@angular-eslint/eslint-plugin';
import angularTemplate from '@angular-eslint/eslint-plugin-template';
import * as angularTemplateParser from '@angular-eslint/template-parser';
import { defineConfig, globalIgnores } from 'eslint/config';
import prettier from 'eslint-config-prettier/flat';
import { createNodeResolver, importX } from 'eslint-plugin-import-x';
import tseslint from 'typescript-eslint';
import { apiZones, consoleZones, projectZones } from './eslint.levels.js';

/** Specs may import everything, such as the real guards above a controller. */
const SPECS = ['**/*.spec.ts'];

/** Packages that the models may import, so that browsers and plain scripts can use them. */
const MODELS_IMPORT_ONLY = ['\\.{1,2}/', 'class-validator$', 'class-transformer$'];

/** Files that old versions of Node must be able to parse, to print which versions are supported. */
const ECMASCRIPT_5 = ['apps/api/bin/latchkey.cjs', 'apps/api/bin/check-node.cjs'];

export default defineConfig(
  globalIgnores(['dist/', 'data/', 'coverage/', '.angular/', '.stryker-tmp/', 'reports/', '**/dist/']),

  {
    files: ['**/*.{js,cjs,mjs,ts}'],
    plugins: { 'import-x': importX },
    settings: {
      'import-x/extensions': ['.ts', '.js', '.cjs', '.mjs'],
      'import-x/external-module-folders': ['node_modules'],
      'import-x/parsers': { '@typescript-eslint/parser': ['.ts'] },
      'import-x/resolver-next': [
        // Imports name the compiled file: './x.js' for './x.ts'.
        createNodeResolver({
          extensions: ['.ts', '.js', '.cjs', '.mjs'],
          extensionAlias: { '.js': ['.ts', '.js'] },
        }),
      ],
    },
  },
  {
    files: ['**/*.{js,cjs,mjs,ts}'],
    // Only deep specs import other specs, so none is part of a cycle.
    ignores: SPECS,
    rules: { 'import-x/no-cycle': ['error', { ignoreExternal: true }] },
  },
  {
    files: ['**/*.ts'],
    ignores: SPECS,
    rules: { 'import-x/no-restricted-paths': ['error', { zones: projectZones() }] },
  },

  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.recommendedTypeChecked],
    languageOptions: { parserOptions: { projectService: true } },
    rules: {
      // Nest modules are classes without members.
      '@typescript-eslint/no-extraneous-class': 'off',
      '@typescript-eslint/no-unused-vars': ['error', { ignoreRestSiblings: true }],
    },
  },
  {
    // Its own tsconfig.json is for projects that have installed the library.
    files: ['examples/angular/*.ts'],
    languageOptions: {
      parserOptions: { projectService: false, project: 'apps/admin/tsconfig.spec.json' },
    },
  },
  {
    files: ['**/*.{js,cjs,mjs}'],
    ignores: ECMASCRIPT_5,
    extends: [tseslint.configs.recommended, tseslint.configs.disableTypeChecked],
  },
  { files: ['**/*.cjs'], rules: { '@typescript-eslint/no-require-imports': 'off' } },
  {
    // The parser of TypeScript accepts all versions of ECMAScript.
    files: ECMASCRIPT_5,
    languageOptions: { ecmaVersion: 5 },
    rules: { 'no-unused-vars': 'error' },
  },

  {
    files: ['apps/api/src/**/*.ts'],
    ignores: SPECS,
    rules: {
      'import-x/no-restricted-paths': ['error', { zones: [...projectZones(), ...apiZones()] }],
      'no-restricted-imports': [
        'error',
        {
          paths: [
            {
              name: '@nestjs/common',
              importNames: ['NestMiddleware', 'MiddlewareConsumer'],
              message: 'Other spellings of a path bypass middleware. Use a guard.',
            },
          ],
        },
      ],
      'no-restricted-syntax': [
        'error',
        {
          selector: "CallExpression[callee.type='MemberExpression'][callee.property.name='save']",
          message: 'save() allows stale writes. Use insert(), or update() with the version in its condition.',
        },
        {
          selector: "CallExpression[callee.property.name='forRoutes']",
          message: 'Other spellings of a path bypass middleware. Use a guard.',
        },
        {
          selector: "Decorator Property[key.name='exports'] Identifier[name=/Repository$/]",
          message: 'Modules export services. A repository stays in its module.',
        },
      ],
    },
  },

  {
    files: ['libs/auth-models/src/**/*.ts'],
    ignores: SPECS,
    rules: {
      'no-restricted-imports': [
        'error',
        {
          paths: [
            {
              name: 'class-transformer',
              importNames: ['Type'],
              message: 'Type() needs reflect-metadata, which browsers lack. Use Nested().',
            },
          ],
          patterns: [
            {
              regex: `^(?!${MODELS_IMPORT_ONLY.join('|')})`,
              message: 'auth-models imports only class-validator and class-transformer.',
            },
          ],
        },
      ],
    },
  },

  {
    // Also runs in browsers. The folders for one runtime or framework are entry points of their own.
    files: ['libs/client/src/*.ts', 'libs/client/src/{http,session,operations}/**/*.ts'],
    ignores: SPECS,
    rules: {
      'no-restricted-imports': [
        'error',
        {
          patterns: [
            {
              regex: '^(?!\\.{1,2}/(?!verifier|nest|express|fastify|angular)|@latchkey/auth-models$)',
              message: 'This part of the client imports only types of auth-models, and no entry point.',
            },
          ],
        },
      ],
    },
  },
  {
    files: ['libs/client/src/**/*.ts'],
    ignores: SPECS,
    rules: {
      '@typescript-eslint/no-restricted-imports': [
        'error',
        { paths: [{ name: '@latchkey/auth-models', allowTypeImports: true, message: 'Import only types.' }] },
      ],
    },
  },

  {
    files: ['apps/admin/src/**/*.ts'],
    plugins: { '@angular-eslint': angular, '@angular-eslint/template': angularTemplate },
    processor: '@angular-eslint/template/extract-inline-html',
    rules: {
      ...angular.configs.recommended.rules,
      // Angular's validators are static and passed by name.
      '@typescript-eslint/unbound-method': ['error', { ignoreStatic: true }],
      '@angular-eslint/component-selector': [
        'error',
        { type: 'element', prefix: 'app', style: 'kebab-case' },
      ],
      '@angular-eslint/directive-selector': [
        'error',
        { type: 'attribute', prefix: 'app', style: 'camelCase' },
      ],
    },
  },
  {
    files: ['apps/admin/src/**/*.ts'],
    ignores: SPECS,
    rules: {
      'import-x/no-restricted-paths': ['error', { zones: [...projectZones(), ...consoleZones()] }],
      'no-restricted-syntax': [
        'error',
        {
          selector:
            'Property[key.name="styles"] TemplateElement[value.raw=/\\b(padding|margin|gap)[a-z-]*: ([^;]* )?\\d+px/]',
          message: 'Use the spacing of styles/_theme.scss, such as var(--space-2).',
        },
      ],
    },
  },
  {
    files: ['apps/admin/src/**/*.html'],
    plugins: { '@angular-eslint/template': angularTemplate },
    languageOptions: { parser: angularTemplateParser },
    rules: {
      ...angularTemplate.configs.recommended.rules,
      ...angularTemplate.configs.accessibility.rules,
    },
  },

  prettier,
  {
    // Prettier wraps code, but not comments.
    files: ['**/*.{js,cjs,mjs,ts}'],
    rules: { 'max-len': ['error', { code: 1000, comments: 110, ignoreUrls: true }] },
  },
);
