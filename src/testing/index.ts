// What `import ... from 'chubby/testing'` gives.

export { TestCell } from './test-cell.js';
export type { TestCellOptions, TestClientOptions } from './test-cell.js';
