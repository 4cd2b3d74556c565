import { relative } from 'node:path';
import { LOCAL_CELL } from '../client/cell-address.js';
import type { Clock, Timer } from '../common/clock.js';
import { counted } from '../common/counted.js';
import type { LocalReplica } from './local-cell.js';
import type { Ending, ReplicaEvent } from './replica-process.js';
import type { ReplicaState, ReplicaStateName } from './replica-state.js';

/** A replica passes through some states so quickly that only staying in one is news. */
const WORTH_TELLING_MS = 1_000;
/** Of what a process says before it ends; one that crashes can say a lot. */
const LINES_SAID = 3;

interface Teller {
  told: ReplicaStateName | undefined;
  pending: Timer | undefined;
  linesSaid: number;
}

/** Tells a person at a terminal what happens in a cell, in as few lines as will do. */
export class CellNarrator {
  readonly #clock: Clock;
  readonly #print: (line: string) => void;
  readonly #tellers = new Map<number, Teller>();
  /** Where a client finds it. */
  #cell = LOCAL_CELL;
  #explained = false;
  #stopping = false;

  constructor(clock: Clock, print: (line: string) => void) {
    this.#clock = clock;
    this.#print = print;
  }

  begin(cell: string, replicas: readonly Pick<LocalReplica, 'config'>[]): void {
    const [first, last] = [replicas[0]!.config, replicas.at(-1)!.config];
    const between = (a: string, b: string): string => (a === b ? a : `${a} ... ${b}`);
    this.#print(`cell "${cell}", ${counted(replicas.length, 'replica')}; Ctrl-C stops it`);
    const addresses = first.replicas.map(({ clientAddress }) => clientAddress);
    this.#cell = addresses.join(',');
    this.#print(`  clients  ${between(addresses[0]!, addresses.at(-1)!)}`);
    this.#print(`  data     ${between(shorter(first.dataDir), shorter(last.dataDir))}`);
    if (first.log.file !== undefined && last.log.file !== undefined) {
      this.#print(`  logs     ${between(shorter(first.log.file), shorter(last.log.file))}`);
    }
    this.#print('  open     anybody who reaches these ports may do anything: for trying out, on this machine only');
  }

  tell(event: ReplicaEvent): void {
    const teller = this.#tellerOf(event.id);
    switch (event.type) {
      case 'started':
        teller.linesSaid = 0;
        return this.#say(event.id, `started, pid ${event.pid}`);
      case 'said':
        if (++teller.linesSaid <= LINES_SAID) this.#say(event.id, event.line.replace(/^chubbyd: (replica \d+ )?/, ''));
        return;
      case 'ended':
        teller.pending?.cancel();
        teller.told = undefined;
        return this.#say(event.id, describeEnd(event));
      case 'state':
        return this.#tellState(event.id, teller, event.state);
    }
  }

  /** From now on only who has stopped is news. */
  stopping(): void {
    this.#stopping = true;
    for (const teller of this.#tellers.values()) teller.pending?.cancel();
    this.#print('stopping');
  }

  #tellState(id: number, teller: Teller, state: ReplicaState): void {
    teller.pending?.cancel();
    if (this.#stopping) return;
    const say = (): void => {
      // That all of them now follow somebody else is said by whom they follow.
      if (state.name === 'follower' && teller.told === 'follower') return;
      teller.told = state.name;
      this.#say(id, describe(state));
      if (state.name === 'master') this.#explain();
    };
    if (state.name === 'master' || state.name === 'follower') say();
    else teller.pending = this.#clock.after(WORTH_TELLING_MS, say);
  }

  #explain(): void {
    if (this.#explained) return;
    this.#explained = true;
    this.#print('the cell serves; in another terminal, try');
    if (this.#cell !== LOCAL_CELL) this.#print(`  export CHUBBY_CELL=${this.#cell}`);
    this.#print('  bin/chubby status');
    this.#print('  echo hello | bin/chubby put /ls/local/greeting');
    this.#print('  bin/chubby cat /ls/local/greeting');
    this.#print("  bin/chubby lock /ls/local/greeting -- sh -c 'echo mine for now; sleep 2'");
    this.#print('or end the master with kill -9 and see who takes over');
  }

  #say(id: number, what: string): void {
    this.#print(`replica ${id}  ${what}`);
  }

  #tellerOf(id: number): Teller {
    let teller = this.#tellers.get(id);
    if (teller === undefined) this.#tellers.set(id, (teller = { told: undefined, pending: undefined, linesSaid: 0 }));
    return teller;
  }
}

function describe(state: ReplicaState): string {
  switch (state.name) {
    case 'master':
      return 'is master';
    case 'follower':
      return `follows replica ${state.master}`;
    case 'seeking':
      return 'knows of no master';
    case 'starting':
      return 'reads its log';
    case 'forming': {
      const silent = state.waitingFor ?? [];
      return `waits for ${silent.length === 0 ? 'the word of its peers' : `replica ${silent.join(', ')}`}, to be born`;
    }
  }
}

function describeEnd(event: ReplicaEvent & { readonly type: 'ended' }): string {
  if (event.asked) return 'stopped';
  const how = `died (${showEnding(event.ending)})`;
  return event.restartInMs === undefined
    ? `${how} and is not started again`
    : `${how}, starts again in ${event.restartInMs / 1000} s`;
}

const showEnding = ({ exitCode, signal }: Ending): string => signal ?? `exit code ${exitCode}`;

/** From the working directory where that is shorter. */
function shorter(path: string): string {
  const fromHere = relative(process.cwd(), path);
  return fromHere.length < path.length ? fromHere : path;
}
