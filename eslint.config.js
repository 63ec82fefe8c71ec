import tseslint from 'typescript-eslint'
import vue from 'eslint-plugin-vue'
import vueParser from 'vue-eslint-parser'

/** Which of our own packages each package may import: the arrows in docs/architecture.md. */
const arrows = {
  'packages/protocol': [],
  'packages/hash': [],
  'packages/object-store': [],
  'packages/local-cos': [],
  'packages/client': ['@carryon/hash', '@carryon/object-store', '@carryon/protocol'],
  'packages/server': ['@carryon/object-store', '@carryon/protocol'],
  'packages/view': ['@carryon/client', '@carryon/protocol'],
  'packages/vue': ['@carryon/view', '@carryon/client'],
  'apps/web': ['@carryon/vue', '@carryon/client'],
  'packages/testing': ['@carryon/hash', '@carryon/object-store'],
}
const packageNames = [
  '@carryon/protocol',
  '@carryon/hash',
  '@carryon/object-store',
  '@carryon/local-cos',
  '@carryon/client',
  '@carryon/server',
  '@carryon/view',
  '@carryon/vue',
  '@carryon/testing',
  'carryon',
]

/** Packages that publish their `src/testing` folder, which contains fakes for applications. */
const publishingTesting = ['packages/view', 'packages/vue']

const importing = (folder, files, ignores, allowed) => ({
  files,
  ignores,
  rules: {
    'no-restricted-imports': [
      'error',
      {
        patterns: [
          ...packageNames
            .filter((name) => !allowed.includes(name))
            .map((name) => ({
              regex: `^${name}(/|$)`,
              message: `${folder} may not import ${name}; see docs/architecture.md.`,
            })),
          { group: ['../../../*', '**/packages/*'], message: 'Import another package by its name.' },
        ],
      },
    ],
  },
})

const boundaries = [
  ...Object.entries(arrows).flatMap(([folder, allowed]) => {
    const testing = publishingTesting.includes(folder) ? [] : [`${folder}/src/testing/**/*.ts`]
    const tests = [`${folder}/src/**/*.test.ts`, ...testing]
    return [
      importing(folder, [`${folder}/src/**/*.{ts,vue}`], tests, allowed),
      importing(folder, tests, [], [...allowed, '@carryon/testing']),
    ]
  }),
  importing(
    'apps/carryon',
    ['apps/carryon/src/**/*.ts'],
    ['apps/carryon/src/**/*.test.ts', 'apps/carryon/src/testing/**/*.ts'],
    packageNames.filter((name) => name !== '@carryon/testing'),
  ),
]

export default tseslint.config(
  { ignores: ['**/dist/**', '**/node_modules/**', '**/data/**', 'tests/output/**', 'reference/**'] },
  {
    files: ['**/*.{ts,tsx,vue}'],
    extends: [...tseslint.configs.strictTypeChecked],
    languageOptions: {
      parserOptions: {
        projectService: true,
        tsconfigRootDir: import.meta.dirname,
        extraFileExtensions: ['.vue'],
      },
    },
    rules: {
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true },
      ],
      '@typescript-eslint/restrict-template-expressions': [
        'error',
        { allowNumber: true, allowBoolean: true },
      ],
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      '@typescript-eslint/require-await': 'off',
      'no-restricted-exports': [
        'error',
        {
          restrictDefaultExports: {
            direct: true,
            named: true,
            defaultFrom: true,
            namedFrom: true,
            namespaceFrom: true,
          },
        },
      ],
      eqeqeq: 'error',
    },
  },
  // Vite, Vitest and Vue's compiler require a default export.
  { files: ['**/*.config.ts', '**/vue-files.d.ts'], rules: { 'no-restricted-exports': 'off' } },
  ...vue.configs['flat/recommended'].map((config) => ({ ...config, files: ['**/*.vue'] })),
  {
    files: ['**/*.vue'],
    languageOptions: {
      parser: vueParser,
      parserOptions: { parser: tseslint.parser, projectService: true, extraFileExtensions: ['.vue'] },
    },
    rules: {
      'vue/max-attributes-per-line': 'off',
      'vue/singleline-html-element-content-newline': 'off',
      'vue/html-self-closing': 'off',
      'vue/html-indent': 'off',
      'vue/html-closing-bracket-newline': 'off',
      'vue/multi-word-component-names': 'off',
      'vue/no-v-html': 'error',
    },
  },
  ...boundaries,
)
