import { appendFileSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { FlightRecorder } from '../../../src/server/flight-recorder.js';
import { LIMITS } from '../../../src/wire/limits.js';
import { ManualClock } from './manual-clock.js';

function fileOfATest(): string {
  const directory = mkdtempSync(join(tmpdir(), 'chubby-recorder-'));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  return join(directory, 'history.jsonl');
}

function recorderAt(file: string): FlightRecorder {
  const recorder = new FlightRecorder(file, new ManualClock());
  onTestFinished(() => recorder.close());
  return recorder;
}

test('what was recorded is there in the next life, and who asks for the newest gets those', () => {
  const file = fileOfATest();
  const first = recorderAt(file);
  first.record('started');
  first.record('reign-began', { epoch: '3.1', detail: 'it knew of no master' });
  const next = recorderAt(file);
  next.record('follows', { master: 2 });
  const kinds = next.since(0).map(({ kind, epoch, master, detail }) => ({ kind, epoch, master, detail }));
  expect(kinds).toEqual([
    { kind: 'started', epoch: '', master: 0, detail: '' },
    { kind: 'reign-began', epoch: '3.1', master: 0, detail: 'it knew of no master' },
    { kind: 'follows', epoch: '', master: 2, detail: '' },
  ]);
  expect(next.since(Number.MAX_SAFE_INTEGER)).toEqual([]);
});

test('a damaged file costs the damaged lines and nothing else', () => {
  const file = fileOfATest();
  recorderAt(file).record('started');
  appendFileSync(file, '{"wallMs":-1,"kind":"x","epoch":"","master":0,"detail":""}\nnull\n{"kind":7}\n\0\0{"wall\n');
  expect(
    recorderAt(file)
      .since(0)
      .map(({ kind }) => kind),
  ).toEqual(['started']);
});

test('without its file it remembers as long as it lives', () => {
  const file = fileOfATest();
  mkdirSync(file);
  const recorder = recorderAt(file);
  recorder.record('started');
  expect(recorder.since(0)).toHaveLength(1);
});

test('it remembers a bounded number, the newest', () => {
  const recorder = recorderAt(fileOfATest());
  for (let n = 0; n <= LIMITS.historyEntries; n++) recorder.record('snapshot', { detail: `${n}` });
  const entries = recorder.since(0);
  expect(entries).toHaveLength(LIMITS.historyEntries);
  expect(entries[0]?.detail).toBe('1');
});
