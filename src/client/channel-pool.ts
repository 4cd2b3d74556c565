import type { Channel, ChannelFactory } from './channel.js';
import { CLIENT_LIMITS } from './client-limits.js';

/** One channel to each replica, made when it is first wanted. */
export class ChannelPool {
  /** The one wanted last is the last. */
  readonly #channels = new Map<string, Channel>();

  constructor(private readonly make: ChannelFactory) {}

  to(address: string): Channel {
    const channel = this.#channels.get(address) ?? this.make(address);
    this.#channels.delete(address);
    this.#channels.set(address, channel);
    // Addresses change over the years, and whoever names a master names any address.
    if (this.#channels.size > CLIENT_LIMITS.addresses) this.#closeOldest();
    return channel;
  }

  close(): void {
    for (const channel of this.#channels.values()) channel.close();
    this.#channels.clear();
  }

  #closeOldest(): void {
    for (const [address, channel] of this.#channels) {
      channel.close();
      this.#channels.delete(address);
      return;
    }
  }
}
