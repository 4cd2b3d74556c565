/** Messages go their ways this often before the event loop has a turn: some hundred calls, one after the other. */
const ROUNDS_PER_TURN = 1_000;
/** More turns than calls of one moment ever need: 100,000 of them, one after the other. */
const TURNS_AT_ONCE = 200;
/** Looks at the clocks between two messages: more than a test ever reads from a cache in one moment. */
const LOOKS_AT_ONCE = 20_000_000;

/**
 * Turns of the event loop, for code that otherwise lives on virtual time: within one turn, every promise that can go on
 * does. It tells no time and decides nothing, but that nobody goes on for ever within one moment: the loop would have no
 * turn any more, and nothing could end it.
 */
export class EventLoop {
  readonly #channel = new MessageChannel();
  readonly #waiting: (() => void)[] = [];
  /** What is run with the next turn. */
  #held: (() => void)[] = [];
  #rounds = 0;
  #isCounting = false;
  #looks = 0;

  constructor() {
    const { port1 } = this.#channel;
    port1.on('message', () => {
      this.#startAnew();
      this.#waiting.shift()?.();
      if (this.#waiting.length === 0) port1.unref();
    });
    port1.unref();
  }

  /**
   * Resolves when all promises that were able to go on have done so.
   *
   * @throws Error when there are always some
   */
  async turn(): Promise<void> {
    for (let turns = 0; turns < TURNS_AT_ONCE; turns++) {
      await new Promise<void>((resolve) => this.#atNextTurn(resolve));
      if (this.#held.length === 0) return;
      await new Promise<void>((resolve) => this.#hold(resolve));
    }
    throw endless();
  }

  /** Runs it as promises are run; with the next turn when there was none for long. Keeps the order. */
  soon(act: () => void): void {
    if (this.#held.length > 0 || this.#rounds >= ROUNDS_PER_TURN) return this.#hold(act);
    queueMicrotask(act);
    if (this.#isCounting) return;
    this.#isCounting = true;
    queueMicrotask(() => {
      this.#isCounting = false;
      this.#rounds++;
      this.#looks = 0;
    });
  }

  /** A client looked at its clock. @throws Error when clients do nothing else, as one that reads from its cache */
  looked(): void {
    if (++this.#looks <= LOOKS_AT_ONCE) return;
    this.#looks = 0;
    throw endless();
  }

  close(): void {
    this.#channel.port1.close();
  }

  /** A port that is sent a message while it hands one out hands that out, too, before timers run: each has its own. */
  #hold(act: () => void): void {
    if (this.#held.push(act) > 1) return;
    const { port1, port2 } = new MessageChannel();
    port1.once('message', () => {
      port1.close();
      this.#startAnew();
      for (const each of this.#held.splice(0)) this.soon(each);
    });
    port2.postMessage(undefined);
  }

  #startAnew(): void {
    this.#rounds = 0;
    this.#looks = 0;
  }

  #atNextTurn(run: () => void): void {
    this.#waiting.push(run);
    this.#channel.port1.ref();
    this.#channel.port2.postMessage(undefined);
  }
}

const endless = (): Error =>
  new Error(
    'no time can pass: clients of the test cell made some 100,000 calls, one after the other, without a pause. ' +
      'Have them wait between calls for something that does not come at once, such as a timer, or end them first',
  );
