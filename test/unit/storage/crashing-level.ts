import { ClassicLevel } from 'classic-level';
import { vi } from 'vitest';

/** Has LevelDB, too, tell of each step by which something changes on the disk, before it is taken. */
export function tellOfLevel(step: (what: string) => void): void {
  const { open, put, batch, clear } = ClassicLevel.prototype;
  vi.spyOn(ClassicLevel.prototype, 'open').mockImplementation(async function (this: ClassicLevel, ...args) {
    step('LevelDB opens');
    await open.apply(this, args);
  });
  vi.spyOn(ClassicLevel.prototype, 'put').mockImplementation(async function (this: ClassicLevel, ...args) {
    step('LevelDB puts');
    await put.apply(this, args);
  });
  vi.spyOn(ClassicLevel.prototype, 'batch').mockImplementation(function (this: ClassicLevel, ...args: []) {
    step('LevelDB writes a batch');
    return batch.apply(this, args);
  } as never);
  vi.spyOn(ClassicLevel.prototype, 'clear').mockImplementation(async function (this: ClassicLevel, range: object) {
    step('LevelDB deletes a range');
    await clear.call(this, range);
  } as never);
}
