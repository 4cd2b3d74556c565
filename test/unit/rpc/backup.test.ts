import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import type { OutgoingBackup } from '../../../src/service/backups.js';
import type { BackupResponse } from '../../../src/wire/types.js';
import { clientPort, MIB } from './client-port.js';
import { eventually } from './eventually.js';

const at = clientPort();

const PIECE = Buffer.alloc(MIB / 4, 7);

/** A backup of so many messages, of which it is known how many were asked for. */
class CountedBackup implements OutgoingBackup {
  asked = 0;
  ends = 0;

  constructor(private readonly messages: number) {}

  next(): BackupResponse | 'working' | undefined {
    if (this.asked === this.messages) return undefined;
    this.asked++;
    return this.asked % 3 === 1 ? 'working' : { summary: null, piece: PIECE };
  }

  end(): void {
    this.ends++;
  }
}

describe('a backup over the client port', () => {
  it('is read whole', async () => {
    const backup = new CountedBackup(30);
    at.cell.backupReply = backup;
    let bytes = 0;
    for await (const outcome of at.channel().backup()) {
      if ('failure' in outcome) throw new Error(outcome.failure.reason);
      bytes += outcome.response.piece.length;
    }
    expect(bytes).toBe(20 * PIECE.length);
    await eventually(() => backup.ends > 0, 'its place is free');
  });

  it('is made no faster than it is read', async () => {
    const backup = new CountedBackup(1_000);
    at.cell.backupReply = backup;
    const messages = at.channel().backup()[Symbol.asyncIterator]();
    await messages.next();
    await delay(300);
    // What windows and the buffers of both ends take, and no more.
    const before = backup.asked;
    expect(before).toBeLessThan(60);
    await delay(100);
    expect(backup.asked).toBe(before);
    expect(at.server.counts.queuedBytes).toBeLessThan(2 * PIECE.length);
    expect(backup.ends).toBe(0);
    await messages.return?.();
    await eventually(() => backup.ends > 0, 'its place is free');
  });

  it('is given up when its reader takes nothing', async () => {
    await at.restart({ drainMs: 200 });
    const backup = new CountedBackup(1_000);
    at.cell.backupReply = backup;
    const messages = at.channel().backup()[Symbol.asyncIterator]();
    await messages.next();
    await eventually(() => backup.ends > 0, 'its place is free');
    expect(backup.asked).toBeLessThan(60);
  });

  it('is refused with its reason', async () => {
    const outcomes = [];
    for await (const outcome of at.channel().backup()) outcomes.push(outcome);
    expect(outcomes).toMatchObject([{ failure: { reason: 'NOT_MASTER' } }]);
  });
});
