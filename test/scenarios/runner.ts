import type { MembershipChange } from '../../src/paxos/membership-change.js';
import type { CoreBugs } from '../../src/paxos/planted-bugs.js';
import { ScenarioCell } from './scenario-cell.js';
import type { Selection } from './network.js';
import { parseScript, printScript } from './script.js';

const TICK_MS = 20;
const MAX_ELECTION_TICKS = 200;

const CHANGES: Readonly<Record<string, MembershipChange['type']>> = {
  add: 'addLearner',
  promote: 'makeVoter',
  remove: 'remove',
};

type Command = (cell: ScenarioCell, words: readonly string[]) => void;

/** What a scenario can do; `README.md` says what each does. */
const COMMANDS: Readonly<Record<string, Command>> = {
  tick: (cell, [who, by]) => {
    cell.pass(numberAfter('by', by) ?? 0);
    for (const id of who === 'all' ? cell.ids : [idOf(who)]) cell.tick(id);
  },
  wait: (cell, [ms]) => cell.pass(Number(ms)),
  run: (cell, [ms]) => {
    for (let passedMs = 0; passedMs < Number(ms); passedMs += TICK_MS) {
      cell.pass(TICK_MS);
      for (const id of cell.ids) cell.tick(id);
      cell.stabilize();
    }
  },
  elect: (cell, [who]) => {
    const id = idOf(who);
    for (let ticks = 0; cell.replica(id).serving === undefined && ticks < MAX_ELECTION_TICKS; ticks++) {
      cell.pass(TICK_MS);
      cell.tick(id);
      cell.stabilize();
    }
  },
  stabilize: (cell) => cell.stabilize(),
  deliver: (cell, words) => {
    for (const flight of cell.network.take(selectionOf(words))) cell.arrive(flight);
  },
  late: (cell, words) => {
    for (const flight of cell.network.takeHeld(selectionOf(words))) cell.arrive(flight);
  },
  drop: (cell, words) => {
    for (const flight of cell.network.take(selectionOf(words))) cell.lose(flight);
  },
  hold: (cell, words) => cell.network.hold(selectionOf(words)),
  duplicate: (cell, words) => cell.network.duplicate(selectionOf(words)),
  cut: (cell, [from, to]) => {
    for (const other of to === undefined ? cell.ids : [idOf(to)]) {
      cell.network.cut(idOf(from), other);
      cell.network.cut(other, idOf(from));
    }
  },
  mute: (cell, [from, to]) => {
    for (const other of to === undefined ? cell.ids : [idOf(to)]) cell.network.cut(idOf(from), other);
  },
  heal: (cell) => cell.network.heal(),
  sync: (cell, [who, mode]) => {
    if (mode === undefined) cell.sync(idOf(who));
    else cell.replica(idOf(who)).syncsAtOnce = mode === 'auto';
  },
  crash: (cell, [who]) => cell.crash(idOf(who)),
  restart: (cell, [who]) => cell.restart(idOf(who)),
  wipe: (cell, [who]) => cell.wipe(idOf(who)),
  change: (cell, [who, what = '', whom]) => {
    const type = CHANGES[what];
    if (type === undefined) throw new Error(`no change "${what}"`);
    cell.change(idOf(who), type, idOf(whom));
  },
  propose: (cell, [who, text = '']) => cell.propose(idOf(who), text),
  handover: (cell, [who, patience]) => {
    cell.replica(idOf(who)).handOver(numberAfter('patience', patience) ?? 300);
    cell.look();
  },
  show: (cell, [who]) => {
    for (const id of who === undefined ? cell.ids : [idOf(who)]) cell.show(id);
  },
};

/**
 * Runs a scenario.
 *
 * @returns the same file with the traces that were really printed
 * @throws Error for a command that does not exist
 */
export function runScript(text: string): string {
  let cell: ScenarioCell | undefined;
  const blocks = parseScript(text).map((block) => {
    const trace: string[] = [];
    for (const line of block.commands) {
      const words = line.split(/\s+/);
      if (words[0] === 'cell') {
        cell = newCell(words.slice(1));
        continue;
      }
      if (cell === undefined) throw new Error('a scenario begins with "cell N"');
      run(cell, words);
      trace.push(...cell.trace.splice(0));
    }
    return { ...block, expected: trace };
  });
  return printScript(blocks);
}

function run(cell: ScenarioCell, words: readonly string[]): void {
  const quiet = words[0] === 'quietly';
  const [name = '', ...more] = quiet ? words.slice(1) : words;
  const command = COMMANDS[name];
  if (command === undefined) throw new Error(`no command "${name}"`);
  cell.quiet = quiet;
  command(cell, more);
}

function newCell([size, ...more]: readonly string[]): ScenarioCell {
  const planted =
    more
      .find((word) => word.startsWith('bugs='))
      ?.slice('bugs='.length)
      .split(',') ?? [];
  const bugs: CoreBugs = Object.fromEntries(planted.map((bug) => [bug, true]));
  const spares = more.map((word) => numberAfter('spares', word)).find((number) => number !== undefined) ?? 0;
  return new ScenarioCell(Number(size), more.includes('newborn'), spares, bugs);
}

/** `FROM TO [TYPE] [slot=N]`; `*` stands for any. */
function selectionOf([from, to, ...more]: readonly string[]): Selection {
  const slot = more.map((word) => numberAfter('slot', word)).find((number) => number !== undefined);
  const type = more.find((word) => !word.includes('='));
  return {
    ...(from !== '*' && { from: idOf(from) }),
    ...(to !== '*' && { to: idOf(to) }),
    ...(type !== undefined && { type }),
    ...(slot !== undefined && { slot }),
  };
}

function idOf(word: string | undefined): number {
  const id = Number(word);
  if (!Number.isInteger(id)) throw new Error(`"${word}" is no replica`);
  return id;
}

function numberAfter(key: string, word: string | undefined): number | undefined {
  return word?.startsWith(`${key}=`) ? Number(word.slice(key.length + 1)) : undefined;
}
