/** Encoded pieces that wait, and the next message made of them. */
export interface Outbox {
  readonly sizeBytes: number;
  readonly isEmpty: boolean;
  add(piece: Buffer): void;
  /** The next message; the outbox is not empty. */
  take(): Buffer;
}

/** Each piece is a message of its own. */
export class MessageOutbox implements Outbox {
  readonly #messages: Buffer[] = [];
  #sizeBytes = 0;

  get sizeBytes(): number {
    return this.#sizeBytes;
  }

  get isEmpty(): boolean {
    return this.#messages.length === 0;
  }

  add(message: Buffer): void {
    this.#messages.push(message);
    this.#sizeBytes += message.length;
  }

  take(): Buffer {
    const message = this.#messages.shift()!;
    this.#sizeBytes -= message.length;
    return message;
  }
}
