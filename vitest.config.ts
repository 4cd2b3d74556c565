import { defineConfig } from 'vitest/config';

// .ci/run names a file here, and counts the results in it.
const reportFile = process.env['TEST_REPORT'];
const PROCESS_TESTS = 'test/{e2e,conformance,containers}/**/*.test.ts';
const LOAD_TESTS = 'test/load/**/*.test.ts';
const LONG_TESTS = 'test/long/**/*.test.ts';

export default defineConfig({
  test: {
    projects: [
      {
        extends: true,
        test: { name: 'sources', include: ['test/**/*.test.ts'], exclude: [PROCESS_TESTS, LOAD_TESTS, LONG_TESTS] },
      },
      // Processes run what was built.
      { extends: true, test: { name: 'processes', include: [PROCESS_TESTS], globalSetup: ['test/e2e/build.ts'] } },
      // Longer than a change should wait for: `npm run test:long`, not part of `npm test`.
      { extends: true, test: { name: 'long', include: [LONG_TESTS], globalSetup: ['test/e2e/build.ts'] } },
      // Each takes the whole machine: one at a time, after all others.
      {
        extends: true,
        test: {
          name: 'load',
          include: [LOAD_TESTS],
          globalSetup: ['test/e2e/build.ts'],
          maxWorkers: 1,
          sequence: { groupOrder: 1 },
        },
      },
    ],
    pool: 'forks',
    // Tests start cells of five processes: more at a time would only measure the scheduler.
    maxWorkers: 2,
    testTimeout: 60_000,
    reporters: reportFile ? ['default', ['json', { outputFile: reportFile }]] : ['default'],
  },
});
