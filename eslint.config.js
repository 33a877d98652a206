import js from '@eslint/js'
import prettier from 'eslint-config-prettier'
import { createTypeScriptImportResolver } from 'eslint-import-resolver-typescript'
import importX from 'eslint-plugin-import-x'
import vue from 'eslint-plugin-vue'
import globals from 'globals'
import typescript from 'typescript-eslint'

/** Who may import whom (docs/architecture.md). `from` is what `target` must not reach. */
const layers = [
  { target: './models', from: ['./electron', './renderer'] },
  { target: './electron/contract', from: ['./models', './renderer', './electron/engine'] },
  { target: './electron/engine', from: ['./renderer', './electron/host', './electron/cli'] },
  { target: './renderer', from: ['./models', './test'] },
  { target: './renderer', from: ['./electron'], except: ['./contract'] },
  { target: './electron', from: ['./renderer', './test'] },
  { target: ['./electron/*.ts', './electron/cli', './electron/host'], from: ['./models'] },
]

export default typescript.config(
  {
    ignores: ['.cache/', 'out/', 'dist/', 'node_modules/', 'docs/.vitepress/cache/', 'docs/.vitepress/dist/'],
  },
  js.configs.recommended,
  ...typescript.configs.strict,
  ...vue.configs['flat/recommended'],
  {
    files: ['**/*.{ts,vue,js,mjs}'],
    plugins: { 'import-x': importX },
    settings: {
      'import-x/resolver-next': [createTypeScriptImportResolver({ project: 'tsconfig.node.json' })],
    },
    rules: {
      'import-x/no-restricted-paths': ['error', { zones: layers }],
      'import-x/no-cycle': 'error',
      'import-x/no-default-export': 'off',
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-non-null-assertion': 'off',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      'no-restricted-imports': [
        'error',
        {
          paths: [
            { name: 'electron', message: 'Only the Electron host may import electron.' },
            {
              name: 'onnxruntime-node',
              message: 'Import models/runtime/onnx-runtime.ts, which keeps it from sending.',
            },
          ],
        },
      ],
    },
  },
  {
    // Tests beside their file may use what all tests share.
    files: ['**/*.test.ts'],
    rules: {
      'import-x/no-restricted-paths': [
        'error',
        {
          zones: layers.map((zone) => ({ ...zone, from: zone.from.filter((folder) => folder !== './test') })),
        },
      ],
    },
  },
  {
    files: [
      'electron/main.ts',
      'electron/preload.ts',
      'electron/host/electron/**/*.ts',
      'models/runtime/onnx-runtime.ts',
    ],
    rules: { 'no-restricted-imports': 'off' },
  },
  {
    files: ['**/*.vue'],
    languageOptions: { parserOptions: { parser: typescript.parser } },
    // The type of an optional property says that it may be missing.
    rules: { 'vue/require-default-prop': 'off' },
  },
  {
    files: ['**/*.{js,mjs,ts}'],
    languageOptions: { globals: globals.node },
  },
  {
    files: ['renderer/**/*.{ts,vue}'],
    languageOptions: { globals: globals.browser },
    rules: {
      // A regular expression, because the pattern `electron` would also match electron/contract.
      'no-restricted-imports': ['error', { patterns: [{ regex: '^(node:.*|electron)$' }] }],
    },
  },
  prettier,
)
