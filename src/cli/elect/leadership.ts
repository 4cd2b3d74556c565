import { ChubbyError } from '../../client/chubby-error.js';
import type { HeldLock } from '../../client/index.js';
import type { Context } from '../context.js';
import type { Duty } from '../lock/run-under-lock.js';

/** Tells in the node who leads: written under the lock's sequencer, so that none who was deposed overwrites the next. */
export class Leadership implements Duty {
  constructor(
    private readonly context: Pick<Context, 'client' | 'output'>,
    private readonly path: string,
    private readonly value: string,
  ) {}

  async begin(lock: HeldLock): Promise<void> {
    if (!(await this.#write(lock, this.value))) {
      throw new ChubbyError('LOCK_LOST', `the lock of ${this.path} was lost before the value was written`);
    }
    const { output } = this.context;
    await output.note(output.json ? JSON.stringify({ leading: this.value }) : `chubby: leading ${this.path}`);
  }

  /** Whoever leads by then is not disturbed, and that the value stays is no reason not to resign. */
  async end(lock: HeldLock): Promise<void> {
    try {
      await this.#write(lock, '');
    } catch (error) {
      if (!(error instanceof ChubbyError)) throw error;
      await this.context.output.note(`chubby: the value stays in ${this.path}: ${error.message}`);
    }
  }

  async #write({ sequencer }: HeldLock, contents: string): Promise<boolean> {
    const { held } = await this.context.client.multiOp({
      guards: [{ sequencer }],
      then: [{ setContents: this.path, contents }],
    });
    return held;
  }
}
