/**
 * Turns of the event loop, for code that otherwise lives on virtual time: within one turn, every promise that can go on
 * does. It tells no time and decides nothing.
 */
export class EventLoop {
  readonly #channel = new MessageChannel();
  readonly #waiting: (() => void)[] = [];

  constructor() {
    const { port1 } = this.#channel;
    port1.on('message', () => {
      this.#waiting.shift()?.();
      if (this.#waiting.length === 0) port1.unref();
    });
    port1.unref();
  }

  /** Resolves when all promises that were able to go on have done so. */
  turn(): Promise<void> {
    return new Promise((resolve) => {
      this.#waiting.push(resolve);
      this.#channel.port1.ref();
      this.#channel.port2.postMessage(undefined);
    });
  }

  close(): void {
    this.#channel.port1.close();
  }
}
