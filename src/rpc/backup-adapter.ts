import type { OutgoingBackup } from '../service/backups.js';
import type { BackupResponseFields } from '../wire/gen/chubby/v1/BackupResponse.js';
import type { BackupResponse } from '../wire/types.js';
import { principalIn } from './callers.js';
import { MessageOutbox } from './outbox.js';
import { codecOf } from './proto.js';
import type { ServerContext } from './served-cell.js';
import type { StreamBounds } from './stream-bounds.js';
import { StreamWriter } from './stream-writer.js';
import type { ByteSource } from './stream-writer.js';

const responses = codecOf<BackupResponseFields, BackupResponse>('chubby.v1.BackupResponse');

/** One backup on its way: the next message is made when the reader has taken the last, so that one at most waits. */
export class BackupStream {
  readonly #writer: StreamWriter;
  #backup: OutgoingBackup | undefined;

  constructor(
    stream: ByteSource,
    private readonly context: ServerContext,
    bounds: StreamBounds,
  ) {
    this.#writer = new StreamWriter(
      stream,
      context.calls.of(stream),
      new MessageOutbox(),
      bounds,
      () => this.#go(),
      () => this.#backup?.end(),
    );
    const principal = principalIn(stream.metadata);
    if (typeof principal === 'string') this.#begin();
    else this.#writer.fail(principal);
  }

  #begin(): void {
    const backup = this.context.cell.backup();
    if ('reason' in backup) return this.#writer.fail(backup);
    this.#backup = backup;
    this.#go();
  }

  #go(): void {
    if (this.#writer.isOver || this.#backup === undefined) return;
    try {
      const message = this.#backup.next();
      if (message === undefined) this.#writer.end();
      else if (message === 'working') setImmediate(() => this.#go());
      else this.#writer.add(responses.encode(message));
    } catch (error) {
      this.context.fatal(error);
    }
  }
}
