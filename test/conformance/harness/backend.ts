import type { Channel } from '../../../src/client/channel.js';
import type { Client } from '../../../src/client/client.js';
import type { TestCell, TestClientOptions } from '../../../src/testing/index.js';

/** A cell of five replicas that is judged. Its name is `test`. */
export interface Backend {
  /** Present where the cell lives in this process, on virtual time: what cannot be done to real processes. */
  readonly inProcess: TestCell | undefined;
  /** Of all replicas. */
  readonly addresses: readonly string[];
  /** A client of its own. Whoever asks for it closes it by {@link until}. */
  client(options?: TestClientOptions): Client;
  /** The way to one replica below the library, for what that hides. Whoever asks for it closes it. */
  channelTo(address: string): Channel;
  /** Lets so much time pass: of its own in-process, of everybody's otherwise. */
  pass(ms: number): Promise<void>;
  /** Lets time pass until the promise is settled, and rejects when that takes longer. */
  until<Result>(promise: Promise<Result>, withinMs?: number): Promise<Result>;
  /** Lets happen what is under way. Of what has not happened by then nothing is certain with real processes. */
  settle(): Promise<void>;
  /** Names the reign of the present master: it changes when a machine that is busy otherwise delays a real one. */
  reign(): Promise<string>;
  /** Ends the master, waits for another one, and starts the old one again. */
  failOver(how: MastersEnd): Promise<void>;
  stop(): Promise<void>;
}

/** How a master ends: killed, its successor waits for its lease to end; asked to go, it hands over first. */
export type MastersEnd = 'killed' | 'handing over';

/** The cell's own name. */
export const CELL = 'test';

/** A kind of cell, and how one of it is started. */
export interface BackendKind {
  readonly title: string;
  readonly isInProcess: boolean;
  start(): Promise<Backend>;
}
