import { onTestFinished } from 'vitest';
import { TestCell } from '../../../src/testing/index.js';

/** A cell that lasts as long as the test. */
export async function startCell(): Promise<TestCell> {
  const cell = await TestCell.start();
  onTestFinished(() => cell.stop());
  return cell;
}

/** Something that ends when the test says so. */
export class Gate {
  open!: () => void;
  readonly opened = new Promise<void>((resolve) => (this.open = resolve));
}

/** What became of a call: its result, or the reason of its failure. */
export const outcomeOf = (call: Promise<unknown>): Promise<unknown> =>
  call.catch((error: { reason?: string; message: string }) => error.reason ?? error.message);
