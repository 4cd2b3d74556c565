import { describe, expect, test } from 'vitest';
import type { BackupSink } from '../../../src/client/index.js';
import { channelFailure } from '../../../src/client/channel-failure.js';
import { refusal } from '../../../src/wire/errors.js';
import type { BackupResponse } from '../../../src/wire/types.js';
import { FakeCell } from './fake-cell.js';
import { reasonOf } from './reason-of.js';

const summary = (slot: number): { readonly response: BackupResponse } => ({
  response: {
    summary: { cell: 'local', cellId: Buffer.alloc(16), slot, revision: 1, entryCount: 1, stateBytes: 1 },
    piece: Buffer.alloc(0),
  },
});
const piece = (text: string): { readonly response: BackupResponse } => ({
  response: { summary: null, piece: Buffer.from(text) },
});

/** Keeps what it is given. */
class Kept implements BackupSink {
  readonly begun: number[] = [];
  text = '';

  begin({ slot }: { readonly slot: number }): Promise<void> {
    this.begun.push(slot);
    this.text = '';
    return Promise.resolve();
  }

  piece(bytes: Uint8Array): Promise<void> {
    this.text += Buffer.from(bytes).toString();
    return Promise.resolve();
  }
}

describe('a backup', () => {
  test('begins anew when its master is lost in the middle, and nothing of the first attempt is kept', async () => {
    const cell = new FakeCell();
    const sink = new Kept();
    cell.backups = [
      [summary(7), piece('old'), { failure: channelFailure('UNREACHABLE', 'gone') }],
      [summary(9), piece('new '), piece('state')],
    ];
    const client = cell.client();
    const taken = client.admin.backup(sink, { timeoutMs: 60_000 });
    await cell.clock.advance(5_000);
    await taken;
    expect(sink).toMatchObject({ begun: [7, 9], text: 'new state' });
  });

  test('waits for a place, and says in the end why it got none', async () => {
    const cell = new FakeCell();
    const sink = new Kept();
    cell.backups = Array.from({ length: 100 }, () => [{ failure: refusal('LIMIT_BACKUPS', 'two are being taken') }]);
    const taken = reasonOf(cell.client().admin.backup(sink, { timeoutMs: 3_000 }));
    await cell.clock.advance(5_000);
    expect(await taken).toBe('LIMIT_BACKUPS');
    expect(sink.begun).toEqual([]);
  });

  test('ends with what its sink throws', async () => {
    const cell = new FakeCell();
    cell.backups = [[summary(7), piece('a')]];
    const sink = { begin: () => Promise.reject(new Error('no room')), piece: () => Promise.resolve() };
    const taken = cell.client().admin.backup(sink, { timeoutMs: 3_000 });
    const told = expect(taken).rejects.toThrow('no room');
    await cell.clock.advance(1_000);
    await told;
  });

  test('ends with its client', async () => {
    const cell = new FakeCell();
    cell.backups = [];
    const client = cell.client();
    cell.down.add(cell.master!);
    cell.master = undefined;
    const taken = reasonOf(client.admin.backup(new Kept(), { timeoutMs: 60_000 }));
    await cell.clock.advance(1_000);
    void client.close();
    await cell.clock.advance(1_000);
    expect(await taken).not.toBe('none');
  });
});
