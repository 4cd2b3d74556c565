import type { EventLoop } from './event-loop.js';
import { SimClock } from './sim-process.js';
import type { SimProcess } from './sim-process.js';

/** A client's clock: who asks it for ever, within one moment, is told so. */
export class WatchedClock extends SimClock {
  constructor(
    process: SimProcess,
    private readonly loop: EventLoop,
  ) {
    super(process);
  }

  override monotonicMs(): number {
    this.loop.looked();
    return super.monotonicMs();
  }
}
