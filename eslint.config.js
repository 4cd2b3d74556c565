// @ts-check
import js from '@eslint/js';
import { defineConfig, globalIgnores } from 'eslint/config';
import tseslint from 'typescript-eslint';
import { DETERMINISTIC, nestedIn, PURE, SIM_MAIN } from './rooms.js';

const CLOCK = 'time is an input here: take Clock from common/clock';
const RNG = 'randomness is an input here: take Rng from common/rng';
const PORT = 'a deterministic room acts on the world through ports only: take one as an argument';

const AMBIENT = [
  { name: 'Date', message: CLOCK },
  { name: 'performance', message: CLOCK },
  { name: 'setTimeout', message: CLOCK },
  { name: 'setInterval', message: CLOCK },
  { name: 'setImmediate', message: CLOCK },
  { name: 'crypto', message: RNG },
  { name: 'process', message: PORT },
  { name: 'fetch', message: PORT },
];

/**
 * @param {...{ name: string, message: string }} globals
 * @returns {import('eslint').Linter.RuleEntry}
 */
const noGlobals = (...globals) => ['error', { globals, checkGlobalObject: true }];

/** @param {string[]} rooms */
const filesOf = (rooms) => rooms.map((room) => `src/${room}/**/*.ts`);

/** Folders inside deterministic rooms that are free. */
const FREE_INSIDE = DETERMINISTIC.flatMap((room) => nestedIn(room).map((inner) => `${room}/${inner}`)).filter(
  (room) => !DETERMINISTIC.includes(room),
);

export default defineConfig(
  globalIgnores(['dist/', 'data/', 'coverage/', 'src/wire/gen/', 'test/walls/tree/']),
  js.configs.recommended,
  tseslint.configs.recommended,
  {
    name: 'chubby/everywhere',
    files: ['**/*.ts'],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      eqeqeq: 'error',
      'no-console': 'error',
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-misused-promises': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      '@typescript-eslint/switch-exhaustiveness-check': 'error',
    },
  },
  {
    name: 'chubby/speaks-to-people',
    files: ['src/cli/**/*.ts', 'src/server/**/*.ts', SIM_MAIN, 'bench/**/*.ts', 'trials/**/*.ts', 'test/**/*.ts'],
    rules: { 'no-console': 'off' },
  },
  {
    name: 'chubby/deterministic',
    files: filesOf(DETERMINISTIC),
    ignores: [SIM_MAIN, ...filesOf(FREE_INSIDE)],
    rules: {
      'no-restricted-globals': noGlobals(...AMBIENT),
      'no-restricted-properties': [
        'error',
        { object: 'Math', property: 'random', message: RNG },
        { object: 'AbortSignal', property: 'timeout', message: CLOCK },
        { property: 'localeCompare', message: 'a locale differs between machines: compare with < or by bytes' },
      ],
    },
  },
  {
    name: 'chubby/pure',
    files: filesOf(PURE),
    rules: {
      'no-restricted-globals': noGlobals(...AMBIENT, { name: 'queueMicrotask', message: 'a pure room never waits' }),
      'no-restricted-syntax': [
        'error',
        {
          selector: ':matches(:function[async=true], AwaitExpression)',
          message: 'a pure room never waits: return the effect as a value, and let replica/ or service/ carry it out',
        },
      ],
    },
  },
  {
    name: 'chubby/pure-functions-of-node',
    files: ['src/common/crypto.ts', 'src/common/checksum.ts'],
    rules: {
      '@typescript-eslint/no-restricted-imports': [
        'error',
        {
          paths: [
            {
              name: 'node:crypto',
              allowTypeImports: true,
              allowImportNames: [
                'createHmac',
                'createPrivateKey',
                'createPublicKey',
                'hash',
                'sign',
                'timingSafeEqual',
                'verify',
              ],
              message: 'only functions of their input alone; random bytes come from Rng (common/rng)',
            },
            { name: 'node:zlib', allowImportNames: ['crc32'], message: 'only functions of their input alone' },
          ],
        },
      ],
    },
  },
  {
    name: 'chubby/examples',
    files: ['examples/**/*.js'],
    languageOptions: {
      globals: Object.fromEntries(
        ['Buffer', 'URL', 'console', 'fetch', 'process', 'setTimeout'].map((name) => [name, 'readonly']),
      ),
    },
  },
  {
    name: 'chubby/launchers',
    files: ['bin/chubby', 'bin/chubbyd'],
    languageOptions: { globals: { process: 'readonly', console: 'readonly' } },
    rules: {
      'no-restricted-imports': [
        'error',
        {
          patterns: [
            {
              regex: '^(?![.][.]/dist/src/(server|cli)/)',
              message: 'a launcher calls src/server or src/cli as built, nothing else',
            },
          ],
        },
      ],
    },
  },
);
