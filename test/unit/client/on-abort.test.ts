import { expect, it, onTestFinished } from 'vitest';
import { onAbort } from '../../../src/client/on-abort.js';

it('does what was asked for, once, in order, and not what was stopped', () => {
  const controller = new AbortController();
  const done: string[] = [];
  const act = (): void => void done.push('twice');
  onAbort(controller.signal, () => done.push('first'));
  onAbort(controller.signal, act);
  const stop = onAbort(controller.signal, act);
  const stopLate = onAbort(controller.signal, () => done.push('too late'));
  onAbort(controller.signal, () => done.push('last'));
  stop();
  stopLate();
  controller.abort();
  expect(done).toEqual(['first', 'twice', 'last']);
});

it('what another stops meanwhile is not done', () => {
  const controller = new AbortController();
  const done: string[] = [];
  onAbort(controller.signal, () => stop());
  const stop = onAbort(controller.signal, () => done.push('stopped'));
  controller.abort();
  expect(done).toEqual([]);
});

it('any number of calls under one signal are no leak', async () => {
  const warnings: Error[] = [];
  const warned = (warning: Error): void => void warnings.push(warning);
  process.on('warning', warned);
  onTestFinished(() => void process.off('warning', warned));
  const { signal } = new AbortController();
  for (let i = 0; i < 100; i++) onAbort(signal, () => undefined);
  await new Promise((resolve) => setImmediate(resolve));
  expect(warnings).toEqual([]);
});
