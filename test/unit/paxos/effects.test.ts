import { describe, expect, it } from 'vitest';
import { Outbox } from '../../../src/paxos/effects.js';
import { ballot, identityOf, slot, valueOf } from './ids.js';

const [one, two] = [identityOf(1), identityOf(2)];
const B = ballot(1, 1);

describe('an outbox', () => {
  it('keeps apart what may leave at once from what rests on the turn', () => {
    const outbox = new Outbox();
    const release = { type: 'release', ballot: B, successor: two.replicaId } as const;
    const nack = { type: 'nack', ballot: B, promised: B } as const;
    outbox.send(two, release);
    outbox.sendAfterTurn(two, nack);
    expect(outbox.takeEffects().messages).toEqual([{ to: two, message: release }]);
    expect(outbox.hasEffects).toBe(false);
    expect(outbox.takeTurn(slot(0)).messages).toEqual([{ to: two, message: nack }]);
    expect(outbox.hasTurn).toBe(false);
  });

  it('acknowledges all slots of a turn in one message per coordinator, with the newest transmission', () => {
    const outbox = new Outbox();
    for (const [n, transmission] of [
      [3, 8],
      [5, 7],
      [4, 9],
    ] as const) {
      // Each message off the wire has a ballot object of its own.
      outbox.acknowledge(one, ballot(1, 1), slot(n), 1, transmission);
    }
    expect(outbox.takeTurn(slot(2)).messages).toEqual([
      {
        to: one,
        message: {
          type: 'accepted',
          ballot: B,
          slots: [3, 5, 4],
          configurationNumber: 1,
          transmission: 9,
          chosenUpTo: 2,
        },
      },
    ]);
  });

  it('does not mix ballots, configurations or coordinators in one acknowledgement', () => {
    const outbox = new Outbox();
    outbox.acknowledge(one, ballot(1, 1), slot(1), 1, 1);
    outbox.acknowledge(one, ballot(2, 1), slot(2), 1, 2);
    outbox.acknowledge(one, ballot(2, 1), slot(3), 2, 3);
    outbox.acknowledge(two, ballot(3, 2), slot(4), 2, 1);
    const slots = outbox.takeTurn(slot(0)).messages.map(({ message }) => message.type === 'accepted' && message.slots);
    expect(slots).toEqual([[1], [2], [3], [4]]);
  });

  it('takes everything that was asked for into one turn, and nothing into the next', () => {
    const outbox = new Outbox();
    const record = { slot: slot(1), ballot: B, value: valueOf(B, 1, 'x') };
    outbox.persistPromise(B);
    outbox.persistRound(7);
    outbox.persistAccepted(record);
    outbox.persistChosenUpTo(slot(1));
    expect(outbox.takeTurn(slot(1))).toEqual({
      promised: B,
      lastRound: 7,
      accepted: [record],
      chosenUpTo: 1,
      messages: [],
    });
    expect(() => outbox.takeTurn(slot(1))).toThrow('a turn is taken only when there is one');
  });

  it('does not write for the watermark alone', () => {
    const outbox = new Outbox();
    outbox.persistChosenUpTo(slot(4));
    expect(outbox.hasTurn).toBe(false);
    outbox.persistRound(1);
    expect(outbox.takeTurn(slot(4))).toMatchObject({ chosenUpTo: 4, lastRound: 1 });
  });

  it('asks for the longest lease that was asked for', () => {
    const outbox = new Outbox();
    outbox.raiseLongestLease(600);
    outbox.raiseLongestLease(300);
    expect(outbox.takeEffects().raiseLongestLeaseMs).toBe(600);
    expect(outbox.takeEffects().raiseLongestLeaseMs).toBeUndefined();
  });
});
