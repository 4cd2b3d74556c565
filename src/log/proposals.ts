import { assert } from '../common/assert.js';
import { LOG_LIMITS } from '../wire/limits.js';
import { encodeCommands } from './command-batch.js';
import { LogError } from './log-error.js';

/** What a batch takes beside its commands, and a command beside its bytes, at the most. */
const BATCH_OVERHEAD_BYTES = 16;
const COMMAND_OVERHEAD_BYTES = 4;

interface Proposal {
  readonly command: Uint8Array;
  readonly resolve: (result: unknown) => void;
  readonly reject: (error: LogError) => void;
}

/** The commands that one master has proposed and that are not carried out yet. */
export class Proposals {
  #waiting: Proposal[] = [];
  /** Handed to the log, a batch each, in the order in which they come back. */
  readonly #underWay: Proposal[][] = [];
  #count = 0;
  #sizeBytes = 0;

  /** @throws LogError when too much waits already */
  add(proposal: Proposal): void {
    const sizeBytes = this.#sizeBytes + proposal.command.length;
    if (this.#count >= LOG_LIMITS.pendingCommands || sizeBytes > LOG_LIMITS.pendingBytes) {
      throw new LogError(
        'overloaded',
        `${this.#count} commands of ${this.#sizeBytes} bytes are under way, the most that may be: wait for some of them`,
      );
    }
    this.#waiting.push(proposal);
    this.#count++;
    this.#sizeBytes = sizeBytes;
  }

  /** The next value of the log; nothing where nothing waits. */
  nextBatch(maxBytes: number): Uint8Array | undefined {
    if (this.#waiting.length === 0) return undefined;
    let sizeBytes = BATCH_OVERHEAD_BYTES;
    let count = 0;
    for (const { command } of this.#waiting) {
      const grownBytes = sizeBytes + COMMAND_OVERHEAD_BYTES + command.length;
      if (count > 0 && grownBytes > maxBytes) break;
      sizeBytes = grownBytes;
      count++;
    }
    const batch = this.#waiting.slice(0, count);
    this.#waiting = this.#waiting.slice(count);
    this.#underWay.push(batch);
    return encodeCommands(
      batch.map(({ command }) => command),
      sizeBytes,
    );
  }

  /** A batch of this reign came back, with the results of its commands. */
  carriedOut(results: readonly unknown[]): void {
    const batch = this.#underWay.shift();
    assert(batch?.length === results.length, 'values come back in the order in which they were handed over');
    for (const [at, { command, resolve }] of batch.entries()) {
      this.#count--;
      this.#sizeBytes -= command.length;
      resolve(results[at]);
    }
  }

  /** The reign is over: what the log has not seen never will be carried out, of the rest nobody knows. */
  end(cause: string): void {
    const unknown = this.#underWay.splice(0).flat();
    const refused = this.#waiting.splice(0);
    this.#count = 0;
    this.#sizeBytes = 0;
    const unknownText = `this replica ceased to be master (${cause}): the command may be carried out or not; see, and propose it again if that is harmless`;
    for (const { reject } of unknown) reject(new LogError('outcomeUnknown', unknownText));
    const refusedText = `this replica ceased to be master (${cause}): propose the command to the next one`;
    for (const { reject } of refused) reject(new LogError('notMaster', refusedText));
  }
}
