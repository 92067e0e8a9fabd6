import svelte from 'eslint-plugin-svelte';
import globals from 'globals';
import ts from 'typescript-eslint';
import svelteConfig from './svelte.config.js';

const houseRules = {
  'max-lines': ['error', { max: 300, skipBlankLines: true, skipComments: true }],
  '@typescript-eslint/no-explicit-any': 'error',
  '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
  'no-restricted-exports': ['error', { restrictDefaultExports: { direct: true } }],
  'no-restricted-syntax': [
    'error',
    {
      selector: "CallExpression[callee.object.name='vi'][callee.property.name=/^(mock|doMock)$/]",
      message: 'No module mocks: write a fake behind the port and hand it in (docs/architecture.md, Tests).',
    },
  ],
  eqeqeq: ['error', 'always'],
  'prefer-const': 'error',
  'no-console': ['error', { allow: ['warn', 'error'] }],
};

/** @type {import('eslint').Linter.Config[]} */
const config = [
  {
    ignores: [
      'build/',
      '.svelte-kit/',
      'src/messages/paraglide/',
      'src/client/mining/assembly/', // AssemblyScript: its own compiler reads it
      'coverage/',
      'data/',
      'static/',
      'test-results/',
    ],
  },
  ...ts.configs.recommended,
  ...svelte.configs['flat/recommended'],
  { languageOptions: { globals: { ...globals.browser, ...globals.node } }, rules: houseRules },
  {
    files: ['**/*.svelte', '**/*.svelte.ts'],
    languageOptions: { parserOptions: { parser: ts.parser, extraFileExtensions: ['.svelte'], svelteConfig } },
    // The Svelte rule knows that props are destructured with `let`.
    rules: {
      'svelte/no-navigation-without-resolve': 'off',
      'prefer-const': 'off',
      'svelte/prefer-const': 'error',
    },
  },
  { files: ['src/ui/**'], rules: { 'svelte/no-at-html-tags': 'error' } },
  {
    files: ['*.config.{js,ts}', 'tests/**/*.config.ts', '.dependency-cruiser.cjs'],
    rules: { 'no-restricted-exports': 'off' },
  },
  { files: ['src/launch/**', 'tests/bench/**', 'src/server/**'], rules: { 'no-console': 'off' } },
  { files: ['**/*.test.ts', 'tests/**'], rules: { 'max-lines': 'off' } },
];
export default config;
